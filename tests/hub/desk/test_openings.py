"""Openings: an evening is aggregated into its month once, however often somebody closes it.

Tries hub/desk/models/opening_queryset.py and hub/desk/models/tallies.py, too.
"""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from hub.desk.models.openings import Totals
from hub.desk.models.tallies import Measure, Tally
from hub.desk.models.visits import SeenVisit, VisitItem
from hub.desk.visit_payload import VisitPayload
from hub.models import Opening, Visit
from tests.supplies.makers import MAY, NEXT_YEAR, a_lot, an_item, on_hand

State = Opening.State


@pytest.fixture
def spoon(db):
    return an_item("Spoon")


def move(clock, moment):
    clock.move_to(dt.datetime.fromisoformat(f"{moment}+01:00"))


def a_visit(opening, people=1, items=None):
    return VisitPayload(uuid.uuid4(), opening.pk, people, {item.pk: n for item, n in (items or {}).items()})


def tallies():
    return {(t.month, t.measure, t.key): t.value for t in Tally.objects.all()}


def counted(visits, people, given=None, month=MAY):
    return {
        (month, Measure.VISITS, ""): visits,
        (month, Measure.PEOPLE, ""): people,
        **{(month, Measure.GIVEN, str(item.pk)): n for item, n in (given or {}).items()},
    }


def refused(saying):
    return pytest.raises(IntegrityError, match=saying)


def test_who_starts_second_finds_the_desk_open(opening):
    again = Opening.objects.start(kind=Opening.Kind.UNPLANNED)

    assert again == opening == Opening.objects.current()
    assert again.kind == Opening.Kind.PLANNED
    assert again.is_open


def test_opening_lasts_past_midnight_until_six(opening, clock):
    move(clock, "2026-05-21 05:59")
    assert opening.is_open
    assert Opening.objects.current() == opening

    move(clock, "2026-05-21 06:00")
    assert not opening.is_open
    assert Opening.objects.current() is None


def test_aggregating_keeps_counts_and_ids_without_visits(opening, spoon):
    foil = an_item("Foil")
    a_lot(spoon, 2, number="A", expires_on=NEXT_YEAR)
    entries = [a_visit(opening, 1, {spoon: 3}), a_visit(opening, 4, {spoon: 1, foil: 2}), a_visit(opening, 2)]
    for entry in entries:
        Visit.objects.log(entry)
    assert opening.totals() == Totals(3, 7)
    assert tallies() == {}

    opening.close()

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (State.CLOSED, 3, 7)
    assert tallies() == counted(3, 7, {spoon: 4, foil: 2})
    assert not Visit.objects.exists()
    assert not VisitItem.objects.exists()
    assert {*SeenVisit.objects.values_list("pk", "void")} == {(entry.id, False) for entry in entries}
    assert on_hand(spoon) == -2


def test_folding_again_changes_nothing(opening, spoon):
    Visit.objects.log(a_visit(opening, 2, {spoon: 3}))
    stale = Opening.objects.get(pk=opening.pk)
    opening.close()

    stale.close(nobody_came=True)
    opening.aggregate_visits()

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (State.CLOSED, 1, 2)
    assert tallies() == counted(1, 2, {spoon: 3})
    assert SeenVisit.objects.count() == 1


def test_an_undone_visit_is_not_folded(opening, spoon):
    stays, goes = a_visit(opening, 2, {spoon: 1}), a_visit(opening, 5, {spoon: 7})
    for entry in (stays, goes, goes.as_void()):
        Visit.objects.log(entry)

    opening.close()

    assert tallies() == counted(1, 2, {spoon: 1})
    assert {*SeenVisit.objects.values_list("pk", "void")} == {(stays.id, False), (goes.id, True)}


@pytest.mark.parametrize(
    ("nobody_came", "state", "number"), [(True, State.NOBODY_CAME, 0), (False, State.NOT_RECORDED, None)]
)
def test_nobody_came_differs_from_not_recorded(opening, nobody_came, state, number):
    opening.close(nobody_came=nobody_came)

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (state, number, number)
    assert tallies() == {}


def test_nobody_came_does_not_hide_a_visit(opening):
    Visit.objects.log(a_visit(opening, 2))

    opening.close(nobody_came=True)

    assert (opening.state, opening.visits, opening.people) == (State.CLOSED, 1, 2)


def test_reopened_the_same_night_adds_up(opening, spoon, clock):
    first = a_visit(opening, 2, {spoon: 3})
    Visit.objects.log(first)
    opening.close()
    move(clock, "2026-05-21 01:00")

    again = Opening.objects.start(kind=Opening.Kind.PLANNED)
    Visit.objects.log(a_visit(opening, 1, {spoon: 1}))
    Visit.objects.log(first)
    assert again == opening
    assert again.totals() == Totals(2, 3)
    again.close()

    assert (again.state, again.visits, again.people) == (State.CLOSED, 2, 3)
    assert tallies() == counted(2, 3, {spoon: 4})
    assert SeenVisit.objects.count() == 2


def test_reopened_and_nobody_more_keeps_its_count(opening):
    Visit.objects.log(a_visit(opening, 2))
    opening.close()

    again = Opening.objects.start(kind=Opening.Kind.PLANNED)
    again.close()

    assert (again.state, again.visits, again.people) == (State.CLOSED, 1, 2)
    assert tallies() == counted(1, 2)


def test_undo_after_reopening_can_leave_nobody_came(opening, spoon):
    entry = a_visit(opening, 2, {spoon: 3})
    Visit.objects.log(entry)
    opening.close()
    again = Opening.objects.start(kind=Opening.Kind.PLANNED)

    Visit.objects.log(entry.as_void())
    again.close()

    assert (again.state, again.visits, again.people) == (State.NOBODY_CAME, 0, 0)
    assert tallies() == counted(0, 0)
    assert on_hand(spoon) == 0


def test_overdue_opening_is_aggregated_at_next_start(opening, clock):
    Visit.objects.log(a_visit(opening, 3))
    move(clock, "2026-05-21 18:30")

    today = Opening.objects.start(kind=Opening.Kind.PLANNED)

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (State.CLOSED, 1, 3)
    assert today != opening
    assert [*Opening.objects.open()] == [today]
    assert tallies() == counted(1, 3)
    assert Opening.objects.aggregate_overdue() == 0


def test_an_evening_counts_in_the_month_it_began(clock):
    move(clock, "2026-05-31 22:00")
    opening = Opening.objects.start(kind=Opening.Kind.PLANNED)
    move(clock, "2026-06-01 02:00")

    Visit.objects.log(a_visit(opening, 2))
    opening.close()

    assert tallies() == counted(1, 2)


def test_ids_are_forgotten_after_thirty_days(opening, clock):
    Visit.objects.log(a_visit(opening))
    opening.close()

    move(clock, "2026-06-19 18:30")
    SeenVisit.objects.forget_old()
    assert SeenVisit.objects.count() == 1

    move(clock, "2026-06-20 18:30")
    SeenVisit.objects.forget_old()
    assert not SeenVisit.objects.exists()


def test_database_refuses_visit_on_closed_opening(opening):
    opening.close(nobody_came=True)

    with refused("a visit needs an open desk"), transaction.atomic():
        Visit.objects.create(pk=uuid.uuid4(), opening=opening, people=1)


def test_the_database_refuses_to_close_over_visits(opening):
    Visit.objects.log(a_visit(opening))

    with refused("folded before their opening closes"), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(state=State.CLOSED, visits=1, people=1)


def test_the_database_refuses_naloxone_on_a_visit(opening):
    naloxone = an_item("Naloxone", naloxone=True)
    visit = Visit.objects.create(pk=uuid.uuid4(), opening=opening, people=1)

    with refused("naloxone is never written on a visit"), transaction.atomic():
        VisitItem.objects.create(visit=visit, item=naloxone, quantity=1)


@pytest.mark.parametrize("before", [0, 2])
def test_the_database_refuses_a_tally_below_zero(db, before):
    Tally.objects.add(MAY, {(Measure.VISITS, ""): before})
    was = tallies()

    with refused("tally_not_below_zero"), transaction.atomic():
        Tally.objects.add(MAY, {(Measure.VISITS, ""): -before - 1})

    assert tallies() == was


def test_what_was_never_counted_cannot_be_taken_away(db):
    Tally.objects.add(MAY, {(Measure.VISITS, ""): 2})
    was = tallies()

    for never in ({(Measure.PEOPLE, ""): 1}, {(Measure.VISITS, ""): 1, (Measure.VISITS, "x"): 1}):
        with refused("nothing was counted to take away from"), transaction.atomic():
            Tally.objects.take_away(MAY, never)
    with refused("tally_not_below_zero"), transaction.atomic():
        Tally.objects.take_away(MAY, {(Measure.VISITS, ""): 3})

    assert tallies() == was


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.CLOSED, "visits": 0, "people": 0},
        {"state": State.CLOSED, "visits": 3, "people": 2},
        {"state": State.NOBODY_CAME, "visits": None, "people": None},
        {"state": State.NOT_RECORDED, "visits": 0, "people": 0},
    ],
)
def test_the_database_refuses_counts_that_do_not_fit(opening, wrong):
    with refused("opening_counts_fit_state"), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(**wrong)
