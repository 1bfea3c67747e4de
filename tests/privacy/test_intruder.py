"""Somebody with two dumps, who knows that one visitor came on one evening, and subtracts."""

import datetime as dt
from collections import Counter

import pytest
import time_machine

from hub.core.embedded_postgres import PROJECT
from hub.models import Month, Opening
from supplies.models import Item
from tests.privacy import dumps
from tests.privacy.evenings import (
    Came,
    a_world,
    an_evening,
    at_the_desk,
    close,
    log,
    naloxone,
    opened,
    reversal,
    strip_result,
)

pytestmark = pytest.mark.django_db(transaction=True)

TUESDAY, THURSDAY = "2026-05-19 19:00 +0100", "2026-05-21 19:00 +0100"
MONTH_ENDS = ("2026-04-30 23:50 +0100", "2026-05-31 23:50 +0100")


def numbers(dump):
    """Every number of a dump that grows with what happens, by what it counts."""
    grows = {}
    for table, (known_by, counted) in GROWING.items():
        for key, value in zip(dump[table].only(*known_by), dump[table].column(counted), strict=True):
            grows[(table, *key)] = grows.get((table, *key), 0) + int(value)
    return Counter(grows)


GROWING = {
    "hub_tally": (("month", "measure", "key"), "value"),
    "supplies_outgoing": (("month", "item_id"), "quantity"),
}


def subtract(before, after):
    """What an intruder has who subtracts last night's dump from tonight's."""
    grown = numbers(after)
    grown.subtract(numbers(before))
    new = {name: set(after[name].rows) - set(before[name].rows) for name in after.tables}
    return {
        "grown": {what: n for what, n in grown.items() if n},
        "evenings": sorted(row[1:7] for row in new["hub_opening"]),
        "ids": len(new["hub_seenvisit"]),
        "logs": {name: sorted(row[1:] for row in new[name]) for name in LOGS},
        "elsewhere": {name for name in new if new[name]} - EXPECTED,
    }


LOGS = ("hub_naloxonegiven", "hub_reversal", "hub_stripresult")
EXPECTED = {
    # What was on the shelf before the evening's first desk opened: the copy of the night before tells as much.
    "hub_picture",
    "hub_tally",
    "supplies_outgoing",
    "hub_opening",
    "hub_seenvisit",
    "hub_naloxonegiven",
    "hub_reversal",
    "hub_stripresult",
    # What this shift left for the next in its own words.
    "hub_handover",
    # Somebody signed in: sealed, and dated to the day.
    "django_session",
}


def two_nights(sign_in, known, others, logs=()):
    """Last night's dump and tonight's; tonight came the visitor the intruder knows, and others."""
    with time_machine.travel(TUESDAY, tick=False) as clock:
        client = at_the_desk(sign_in, a_world())
        an_evening(client, [Came(1, {"foil": 2, "swab": 3}), Came(2, {"spoon": 1})])
        before = dumps.take()
        clock.move_to(dt.datetime.fromisoformat(THURSDAY))
        sign_in(client, _ash())
        an_evening(client, [*others[:1], *known, *others[1:]], logs)
        return before, dumps.take()


def _ash():
    from volunteers.models import User  # noqa: PLC0415 -- only once Django is ready

    return User.objects.get(username="ash")


def test_two_nights_tell_only_evening_sums(sign_in):
    before, after = two_nights(sign_in, [Came(1, {"foil": 3})], [Came(2, {"foil": 1, "spoon": 5}), Came(1, {})])

    differences = subtract(before, after)

    assert differences["evenings"] == [("2026-05-21", "unplanned", "", "closed", "3", "4")]
    by_item = {item.slug: str(item.pk) for item in Item.objects.filter(slug__in=["foil", "spoon"])}
    assert differences["grown"] == {
        ("hub_tally", "2026-05-01", "visits", ""): 3,
        ("hub_tally", "2026-05-01", "people", ""): 4,
        ("hub_tally", "2026-05-01", "given", by_item["foil"]): 4,
        ("hub_tally", "2026-05-01", "given", by_item["spoon"]): 5,
        ("hub_tally", "2026-05-01", "bins", "small-full"): 2,
        ("supplies_outgoing", "2026-05-01", by_item["foil"]): 4,
        ("supplies_outgoing", "2026-05-01", by_item["spoon"]): 5,
    }
    assert differences["ids"] == 3
    assert differences["elsewhere"] == set()


def test_two_nights_hide_a_known_visitors_items(sign_in):
    """Whatever the known visitor took, the dumps of both nights are the same as long as the evening's sums are."""
    worlds = [
        ([Came(1, {"foil": 3})], [Came(1, {"spoon": 5}), Came(1, {"citric": 9})]),
        ([Came(1, {"spoon": 5})], [Came(1, {"citric": 9}), Came(1, {"foil": 3})]),
        ([Came(1, {})], [Came(1, {"foil": 3, "spoon": 5, "citric": 9}), Came(1, {})]),
        ([Came(1, {"foil": 1, "spoon": 5, "citric": 9})], [Came(1, {"foil": 2}), Came(1, {})]),
    ]
    seen = [[dumps.alike(dump) for dump in two_nights(sign_in, *world)] for world in worlds]

    assert [world == seen[0] for world in seen] == [True] * 4


def test_two_nights_hide_who_got_naloxone(sign_in):
    """The log grew by a row tonight, and it is the same row whoever came and whatever they took."""
    logs = [naloxone(2), reversal(1), strip_result("absent")]
    one = two_nights(sign_in, [Came(1, {"foil": 3})], [Came(2, {"spoon": 5})], logs)
    other = two_nights(sign_in, [Came(1, {"spoon": 5})], [Came(2, {"foil": 3})], logs)

    assert [dumps.alike(dump) for dump in one] == [dumps.alike(dump) for dump in other]
    assert subtract(*one)["logs"]["hub_reversal"] == [("2026-05-01", "1", "\\N", "\\N", "\\N")]


def months(sign_in, evenings, logs=()):
    """The dumps of two month ends, the first before these evenings of May and the second after them."""
    with time_machine.travel(MONTH_ENDS[0], tick=False) as clock:
        client = at_the_desk(sign_in, a_world())
        before = dumps.take()
        for number, came in enumerate(evenings):
            clock.move_to(dt.datetime.fromisoformat(f"2026-05-{5 + number:02} 19:00 +0100"))
            sign_in(client, _ash())
            an_evening(client, came, logs if number == len(evenings) - 1 else ())
        clock.move_to(dt.datetime.fromisoformat(MONTH_ENDS[1]))
        return before, dumps.take()


def test_two_month_ends_hide_each_evening(sign_in):
    """The same visits and people on each evening, the same things over the month: on which evening is in no dump."""
    logs = [naloxone(1), reversal(2)]
    foil, spoon, nothing = {"foil": 3}, {"spoon": 7, "swab": 2}, {}
    worlds = [
        months(sign_in, [[Came(1, foil)], [Came(1, spoon), Came(1, nothing)], [Came(1, nothing)]], logs),
        months(sign_in, [[Came(1, nothing)], [Came(1, foil), Came(1, nothing)], [Came(1, spoon)]], logs),
        months(sign_in, [[Came(1, {**foil, **spoon})], [Came(1, nothing), Came(1, nothing)], [Came(1, nothing)]], logs),
    ]

    seen = [[dumps.alike(dump) for dump in world] for world in worlds]

    assert [world == seen[0] for world in seen] == [True] * 3


def test_month_ends_around_completion_tell_totals_only(sign_in):
    with time_machine.travel(MONTH_ENDS[0], tick=False) as clock:
        client = at_the_desk(sign_in, a_world())
        an_evening(client, [Came(1, {"foil": 3}), Came(1, {"foil": 2, "spoon": 1})], [naloxone(2)])
        clock.move_to(dt.datetime.fromisoformat("2026-05-01 07:00 +0100"))
        before = dumps.take()
        Month(dt.date(2026, 4, 1)).complete_month()
        after = dumps.take()

    gone = after["supplies_movement"].only("kind", "quantity", "made_on", "month", "by_id", "reason")
    assert sorted(row for row in gone if row[0] == "given_out") == [
        ("given_out", "-1", "\\N", "2026-04-01", "\\N", ""),
        ("given_out", "-2", "\\N", "2026-04-01", "\\N", ""),
        ("given_out", "-5", "\\N", "2026-04-01", "\\N", ""),
    ]
    assert after["supplies_outgoing"].rows == []
    ids = [dump["hub_naloxonegiven"].column("id") for dump in (before, after)]
    assert set(ids[0]) & set(ids[1]) == set()


def test_daily_dump_ids_match_no_completed_month(sign_in):
    """Of a row in a stolen dump nobody can say later which row of the sealed month it became."""
    with time_machine.travel(MONTH_ENDS[0], tick=False) as clock:
        client = at_the_desk(sign_in, a_world())
        an_evening(client, [], [naloxone(1), naloxone(2), reversal(1), strip_result("absent")])
        daily = dumps.take()
        clock.move_to(dt.datetime.fromisoformat("2026-05-01 07:00 +0100"))
        Month(dt.date(2026, 4, 1)).complete_month()
        kept = dumps.take()

    for name in LOGS:
        assert len(daily[name].rows) == len(kept[name].rows) > 0
        assert set(daily[name].column("id")) & set(kept[name].column("id")) == set()


# What remains open. Each of these attacks works, and SECURITY.md says so in plain words.


def says(words):
    page = " ".join((PROJECT / "SECURITY.md").read_text().split())
    return words in page


def test_open_single_visit_is_visible_between_nights(sign_in):
    before, after = two_nights(sign_in, [Came(2, {"foil": 3, "citric": 20})], [])

    differences = subtract(before, after)

    assert differences["evenings"] == [("2026-05-21", "unplanned", "", "closed", "1", "2")]
    slugs = {str(item.pk): item.slug for item in Item.objects.all()}
    taken = {slugs[what[2]]: n for what, n in differences["grown"].items() if what[0] == "supplies_outgoing"}
    assert taken == {"foil": 3, "citric": 20}
    assert says("An evening of one visit")


def test_closed_single_visit_is_hidden_between_months(sign_in):
    """Among the other evenings of its month, nobody can say what was taken on it."""
    worlds = [
        months(sign_in, [[Came(1, {"foil": 3})], [Came(1, {}), Came(1, {"spoon": 1})]]),
        months(sign_in, [[Came(1, {})], [Came(1, {"foil": 3}), Came(1, {"spoon": 1})]]),
    ]
    seen = [[dumps.alike(dump) for dump in world] for world in worlds]
    assert seen[0] == seen[1]


def test_open_single_visit_in_month_is_visible(sign_in):
    before, after = months(sign_in, [[Came(1, {"foil": 3})]])

    assert ("hub_tally", "2026-05-01", "visits", "") in subtract(before, after)["grown"]
    assert says("the only visit of its month")


def test_open_naloxone_of_evening_is_visible(sign_in):
    before, after = two_nights(sign_in, [Came(1, {})], [Came(1, {})], [naloxone(2)])

    assert len(subtract(before, after)["logs"]["hub_naloxonegiven"]) == 1
    assert says("written in the logs that evening")


def test_open_late_copy_becomes_ledger_row(sign_in):
    with time_machine.travel("2026-04-30 19:00 +0100", tick=False) as clock:
        client = at_the_desk(sign_in, a_world())
        opening = opened(client)
        log(client, opening, Came(1, {"foil": 1}))
        close(client, opening)
        clock.move_to(dt.datetime.fromisoformat("2026-05-02 19:00 +0100"))
        Month(dt.date(2026, 4, 1)).complete_month()
        sign_in(client, _ash())
        assert log(client, Opening.objects.get(), Came(1, {"foil": 2, "spoon": 4})) == "created"
        dump = dumps.take()

    rows = dump["supplies_movement"].only("kind", "quantity", "month")
    assert sorted(row for row in rows if row[0] == "given_out") == [
        ("given_out", "-1", "2026-04-01"),
        ("given_out", "-2", "2026-04-01"),
        ("given_out", "-4", "2026-04-01"),
    ]
    assert says("after its month was completed")


def test_open_desk_dump_holds_visits(sign_in):
    client = at_the_desk(sign_in, a_world())
    opening = opened(client)
    log(client, opening, Came(4, {"foil": 3}))

    assert dumps.take()["hub_visit"].column("people") == ["4"]
    assert says("A dump made while a desk is open")
