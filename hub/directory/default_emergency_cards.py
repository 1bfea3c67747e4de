"""Starting texts of the emergency cards, until the hub writes its own. No Django models in here.

They say what first-aid courses in the UK teach. A hub checks them with its trainers, its union and its legal helpline,
and then changes them in the admin.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class StartingCard:
    """A starting card: a title, an icon of our sprite, and steps."""

    slug: str
    title: Promise
    icon: str
    steps: tuple[Promise, ...]
    first: bool = False


WORDS_FOR_999 = _(
    "“Ambulance, please. Someone isn’t breathing properly and won’t wake up. We are at …” "
    "You don’t have to say drugs. Stay on the line: they tell you what to do."
)

STARTING_CARDS = (
    StartingCard(
        "naloxone",
        _("Someone won’t wake up"),
        "heart-handshake",
        (
            _("Shout their name. Shake their shoulders, hard."),
            _("No answer? Call {number} now, phone on speaker. Send somebody for the naloxone."),
            _("Give naloxone. Spray: one up one nostril. Injection: one dose, outer thigh, through clothes is fine."),
            _("Not sure what they took? Give it anyway."),
            _("Look at their breathing: the next card."),
            _("Not better after 2 to 3 minutes? Give another dose. A spray goes up the other nostril."),
            _("Stay. Naloxone wears off, and their breathing can stop again. Tell the crew what you gave."),
        ),
        first=True,
    ),
    StartingCard(
        "breathing",
        _("Breathing"),
        "wind",
        (
            _("On their back. Head back, chin up. Look at the chest for 10 seconds."),
            _("Slow, snoring, gurgling, lips blue or grey? That is not all right. Naloxone and {number}."),
            _("Breathing: roll them on their side, head back, top knee bent. Watch every breath until help is here."),
            _("Not breathing: 30 hard, fast pushes in the middle of the chest, then 2 breaths. Again and again."),
            _("Can’t give breaths? Keep pushing. {number} counts with you, and knows where a defibrillator is."),
        ),
        first=True,
    ),
    StartingCard(
        "police",
        _("Police at the door"),
        "door-open",
        (
            _("One person talks: tonight’s lead. At the door, not inside."),
            _("Ask who they are, which station, and what for. Write down names and shoulder numbers."),
            _("Ask: “Do you have a warrant? May I read it?” You may say: “I’d like legal advice first.”"),
            _("If they come in anyway, say that you do not agree, and do not stand in their way."),
            _("You don’t have to say who is here or who was. What we keep cannot say it either."),
            _("Somebody else tells people inside, calmly, and rings the legal helpline your union uses."),
        ),
    ),
    StartingCard(
        "violent",
        _("Someone is violent"),
        "shield-alert",
        (
            _("You first. Keep a way out behind you. Nobody here has to hold anybody back."),
            _("Get others out of the room. Two of you stay in sight of each other."),
            _("Slow, low voice, few words, lots of room. Hands where they can be seen. Don’t argue."),
            _("Ask what they need. Offer air, water, a quiet corner. Leave the door free for them."),
            _("A weapon, or somebody being hurt? Everybody out, and call {number}."),
            _("Afterwards sit down together. Close early if you need to. Tell a coordinator."),
        ),
    ),
    StartingCard(
        "looking",
        _("Someone is looking for a visitor"),
        "eye-off",
        (
            _("Family, partner, press, police, another service: everybody gets the same answer."),
            _("Say: “We never say who comes here, or who doesn’t.”"),
            _("Don’t look round, don’t go and check, don’t take a message or a photo."),
            _("Worried about somebody’s life? They can ring {number}. Otherwise 101."),
            _("If they wait outside, tell people in here quietly, and show them another way out."),
        ),
    ),
    StartingCard(
        "needlestick",
        _("Needlestick"),
        "bandage",
        (
            _("Let it bleed a little under running water. Don’t suck it, don’t scrub it."),
            _("Wash with soap and plenty of water. Dry it, and put on a waterproof plaster."),
            _("In the eye or mouth? Rinse with a lot of water."),
            _("Go to A&E now, or ring 111. Ask about PEP against HIV and about hepatitis B: hours count."),
            _("Needle into a sharps bin, with tongs. No cap back on."),
            _("Tell tonight’s lead. It is nobody’s fault. Somebody goes with you."),
        ),
    ),
    StartingCard(
        "under-18",
        _("Someone under 18"),
        "sprout",
        (
            _("Be kind. Nobody is left standing at the door."),
            _("In danger now? Stay with them, and call {number}. Naloxone is for any age when a life is at stake."),
            _("Find tonight’s lead. Talk somewhere quiet, two of you."),
            _("Listen. Don’t promise to keep it to yourself; say who you would tell, and why, before you do."),
            _("Warm drink, food, water, words about safety. For the rest, do what your hub has agreed for under 18s."),
        ),
    ),
)
