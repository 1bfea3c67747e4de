"""The demo's ideas: some in every state, as people in places like this one have asked for them. All made up."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random

from hub.directory.models.services import PathwayKind
from hub.ideas.models import Idea
from hub.languages.models.languages import Language
from hub.languages.models.translations import Translation

AWAITING_MODERATION = (
    "A phone charger by the sofa. Mine is always dead when I need to ring the night shelter.",
    "Can somebody talk to the chemist on the corner? They look at you like you came to rob them.",
    "Please open on a Sunday. Everything is shut on Sundays.",
)
HEARD = (
    ("An hour for women only, with a woman on the door.", 14),
    ("Somewhere to keep your things for the night. Losing my bag means losing my papers.", 9),
    ("Citric in bigger boxes, I walk an hour to get here.", 3),
    ("Vegan food sometimes!", 0),
)
# Words, state, what we say to it, how many said so too, days since we answered.
ANSWERED = (
    (
        "A sign at the bell that says which evenings you are open.",
        "done",
        "It is up, in four languages. Thank you, we had not noticed that it was gone.",
        11,
        9,
    ),
    (
        "Nasal naloxone, not only the one with the needle. My mum would never use a needle.",
        "done",
        "Both kinds are at the desk now. Ask, and take one for her.",
        31,
        40,
    ),
    (
        "Stop asking for a postcode.",
        "done",
        "We asked for it for a report that nobody read. We do not ask any more, and what we had is deleted.",
        18,
        120,
    ),
    (
        "A hot shower.",
        "doing",
        "The church next door has one. We are asking for Thursdays, and will write here what they say.",
        22,
        16,
    ),
    (
        "Pipes. Half of us smoke it, and there is nothing for us.",
        "cant",
        "The law stops us, and we think the law is wrong. Foil is legal, and here. We count every time you ask.",
        47,
        75,
    ),
    (
        "Beds.",
        "cant",
        "We have one room and no money for nights. Under “Where else to go” is who does; we ring with you if you like.",
        6,
        200,
    ),
)
BEGUN = {"housing": "Mieszkanie", "wounds": "Rany"}
FOR_THE_MEETING = (HEARD[0][0], HEARD[1][0])


def add_ideas(random: Random, today: dt.date) -> None:
    """Add ideas in every state: awaiting moderation, heard, and answered."""
    rows = [Idea(words=words) for words in AWAITING_MODERATION]
    rows += [
        Idea(words=words, state=Idea.State.HEARD, me_too=me_too, for_meeting=words in FOR_THE_MEETING)
        for words, me_too in HEARD
    ]
    rows += [
        Idea(words=words, state=state, answer=answer, me_too=me_too, answered_on=today - dt.timedelta(days=days))
        for words, state, answer, me_too, days in ANSWERED
    ]
    for row in rows:
        row.pk = uuid.UUID(int=random.getrandbits(128), version=4)
    Idea.objects.bulk_create(sorted(rows, key=lambda row: row.pk))
    _a_language()


def _a_language() -> None:
    """Polish, only begun: two headings that nobody who speaks it has checked, so nobody is shown them."""
    polish = Language.objects.create(code="pl")
    for kind in PathwayKind.objects.filter(slug__in=BEGUN):
        unit = Translation.objects.get_unit(polish, "hub.pathwaykind", str(kind.pk))
        if unit:
            Translation.objects.write(polish, unit, {"name": BEGUN[kind.slug]}, checked=False)
