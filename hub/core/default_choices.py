"""The answers our forms start with, and the strips we know of, until the hub writes its own. No models in here.

They fill empty lists only: a hub that has answers of a list never gets a new one from here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STARTING_CHOICES: dict[str, tuple[Promise, ...]] = {
    "recipient": (
        _("Someone who may overdose"),
        _("Friend, partner or family"),
        _("Someone likely to be there"),
        _("Someone from another service"),
    ),
    "why_again": (
        _("Used"),
        _("Lost"),
        _("Past its date"),
        _("Passed on"),
        _("Taken away"),
        _("Broken"),
        _("Another reason"),
    ),
    "topic": (
        _("Safer injecting"),
        _("Safer smoking and snorting"),
        _("Overdose and naloxone"),
        _("A drug alert"),
        _("Wounds and veins"),
        _("Blood-borne viruses"),
        _("Sexual health and chems"),
        _("Mental health"),
        _("Treatment and scripts"),
        _("Housing"),
        _("Immigration"),
        _("Benefits"),
        _("The law and rights"),
        _("Just company"),
    ),
    "place": (_("Home"), _("Hostel"), _("Street or park"), _("Venue or party"), _("Here at the hub"), _("Elsewhere")),
    "outcome": (
        _("They came round, and stayed with people"),
        _("They came round, and went to hospital"),
        _("They came round, and went off alone"),
        _("They died"),
    ),
    "sold_as": (
        _("Heroin"),
        _("Crack"),
        _("Cocaine"),
        _("Methamphetamine"),
        _("Mephedrone or another stimulant"),
        _("Ketamine"),
        _("GHB or GBL"),
        _("MDMA"),
        _("Benzos"),
        _("Pregabalin or gabapentin"),
        _("Cannabis or spice"),
        _("Pills of another kind"),
        _("Something else"),
    ),
    "incident": (
        _("Overdose"),
        _("Someone unwell"),
        _("Violence or threats"),
        _("Needlestick"),
        _("Police came"),
        _("Somebody from outside bothered us"),
        _("Something broke or leaked"),
        _("Something else"),
    ),
    "need": (
        _("Somebody to talk to"),
        _("A rest from the next shift"),
        _("Supplies filled up again"),
        _("A repair"),
        _("Advice from a lawyer"),
        _("More people on shift"),
        _("Nothing right now"),
    ),
}


@dataclass(frozen=True)
class StartingStrip:
    """A kind of test strip: the item of the catalogue it is, and what it cannot tell."""

    name: Promise
    item: str
    limits: Promise


STARTING_STRIPS = (
    StartingStrip(
        _("Nitazene strip"),
        "strip-nitazene",
        _(
            "It misses some nitazenes: in one study it found 24 of 33, in another 28 of 36, and no desnitazenes. "
            "How little it can find depends on the lot. Much caffeine can make it say yes where there is none. "
            "A faint line is a line."
        ),
    ),
    StartingStrip(
        _("Fentanyl strip"),
        "strip-fentanyl",
        _(
            "It misses a little carfentanil and some other fentanyls. About one in ten times it says yes where there "
            "is none. A faint line is a line."
        ),
    ),
    StartingStrip(
        _("Benzo strip"),
        "strip-benzo",
        _("We have no figures for this strip. Read its leaflet, and write down here what it cannot find."),
    ),
    StartingStrip(
        _("Xylazine strip"),
        "strip-xylazine",
        _("We have no figures for this strip. Read its leaflet, and write down here what it cannot find."),
    ),
)
