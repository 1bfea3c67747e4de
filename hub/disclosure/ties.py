"""Ties: the facts of the world that tie counts about people together, each with why it cannot tell a hidden one.

A reader knows the bucket of every leaf, every exact number, and these. Every measure has its line, also one that is
tied to nothing. `tests/disclosure` plays the reader who uses all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.disclosure.measures import HELD, ROOM, SHIFTS, VISITS

MAX_PEOPLE_A_VISIT = 20
"""The most people that a desk takes on one visit; `hub.desk.visit_payload` has it too, and a test compares them."""

MUCH = 10_000
"""More than anything we count in a month."""


@dataclass(frozen=True)
class Relation:
    """A fact of every month: these counts, each so many times, add up to `least` or more.

    A name that ends with a star stands for every series that begins so.
    """

    factors: Mapping[str, int]
    least: int = 0


@dataclass(frozen=True)
class Tie:
    """What ties some measures together in the world, and why no hidden count can be told by it."""

    measures: tuple[str, ...]
    argument: str
    relations: tuple[Relation, ...] = ()


TIES = (
    Tie(
        ("visits", "people"),
        "A visit is one person at least and twenty at most. People are published where no visit is hidden, so they are"
        " eight or more themselves, or nought with them; and by the same grain, so no sum of one bounds the other.",
        (
            Relation({"people:": 1, VISITS: -1}),
            Relation({VISITS: MAX_PEOPLE_A_VISIT, "people:": -1}),
        ),
    ),
    Tie(
        ("visits", "openings_empty"),
        "An evening that people came to has a visit, and a visit has such an evening; evenings held are exact. Evenings"
        " nobody came to are a leaf of the year, published only where no visit of an evening held is hidden, and where"
        " evenings held and visits leave it three values. Evenings people came to are arithmetic.",
        (
            Relation({HELD: 1, "openings_empty:": -1}),
            Relation({VISITS: 1, HELD: -1, "openings_empty:": 1}),
            Relation({VISITS: -1, HELD: MUCH, "openings_empty:": -MUCH}),
        ),
    ),
    Tie(
        ("visits", "said"),
        "A question has one answer a visit at most. That fifty answered is told by a share only where fifty visits are"
        " known without it, each hidden month counted as one. A share in tenths of fifty or more leaves three counts or"
        " more. Who was not asked is in no sum.",
        (
            Relation({VISITS: 1, "said:first:*": -1}),
            Relation({VISITS: 1, "said:collecting:*": -1}),
        ),
    ),
    Tie(
        ("short", "shifts_short"),
        "A short shift lacks one person at least, and no more shifts are short than there were; shifts are exact. Both"
        " have one grain, and short shifts are published where there were three shifts or more, or none.",
        (
            Relation({"short:": 1, "shifts_short:": -1}),
            Relation({"shifts_short:": MUCH, "short:": -1}),
            Relation({SHIFTS: 1, "shifts_short:": -1}),
        ),
    ),
    Tie(
        ("hours",),
        "Hours are of shifts, whose number is exact and whose length is public. They are published where there were"
        " eight shifts or more, or none, and to the whole hour.",
        (Relation({SHIFTS: MUCH, "hours:": -1}),),
    ),
    Tie(
        ("came",),
        "No more come to a session than it has room for, which is public. Published where there was room for three or"
        " more, or no session. Sessions are exact, and say nothing of who came.",
        (Relation({ROOM: 1, "came:": -1}),),
    ),
    Tie(
        ("finished",),
        "Courses share no completion. Who completes one came once at least, perhaps in an earlier period.",
    ),
    Tie(
        ("given",),
        "Items share nothing. A pack and a loose item are leaves of their own, and “packs included” is arithmetic: what"
        " is in a pack is counted nowhere else. A month’s total may be set from paper, so no visits bound it.",
    ),
    Tie(("wasted",), "What came in and what is on hand are not published, so waste beside what went out is no rest."),
    Tie(
        ("bins",), "Sizes share no bin, and one visit may bring many. “Some” is not published: evenings would bound it."
    ),
    Tie(
        ("naloxone",),
        "First kits and kits given again are leaves, for each product; all kits are arithmetic. The stock’s own item is"
        " not published beside it.",
    ),
    Tie(
        ("reversals",),
        "With and without an emergency call are leaves that share no reversal; all of them are arithmetic.",
    ),
    Tie(("strips",), "Each reading of each strip is a leaf; results all together are arithmetic."),
    Tie(("out", "not_stocked", "law"), "Reasons share nothing, and asking for a thing needs no visit that is counted."),
)
