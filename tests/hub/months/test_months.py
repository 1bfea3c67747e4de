"""A month is completed once, when it is over; two at once, killed half-way, and late corrections.

Tries hub/months/models.py.
"""

import datetime as dt

import pytest
import time_machine
from django.db import transaction

from hub.jobs import complete_months
from hub.models import Measure, Month, NaloxoneGiven, Opening, Reversal, Tally
from supplies.models import CompletedMonth, Item, Movement, Outgoing
from tests.supplies.makers import APRIL, MAY, TODAY, a_lot, an_item, on_hand
from tests.volunteers.threads import Meanwhile, at_once
from volunteers.shared.refusals import NotAllowed

State = Opening.State
JUNE = dt.date(2026, 6, 1)


def move(clock, moment):
    clock.move_to(dt.datetime.fromisoformat(f"{moment}+01:00"))


def an_evening(day, state=State.CLOSED, visits=3, people=4):
    known = state not in (State.NOT_RECORDED, State.OPEN)
    return Opening.objects.create(
        date=day, kind="planned", state=state, visits=visits if known else None, people=people if known else None
    )


def test_completing_writes_ledger_and_rewrites_logs(clock):
    nyxoid = an_item("Nyxoid", naloxone=True)
    (given,) = NaloxoneGiven.objects.give(nyxoid, 2, month=APRIL)

    assert Month(APRIL).complete_month()

    assert [*Movement.objects.values_list("kind", "quantity", "month")] == [("given_out", -2, APRIL)]
    assert not Outgoing.objects.exists()
    after = NaloxoneGiven.objects.get()
    assert after.kits == 2
    assert after.pk != given.pk
    assert Month(APRIL).is_complete


def test_sealing_again_changes_nothing(clock):
    Reversal.objects.report(month=APRIL)
    assert Month(APRIL).complete_month()
    row = Reversal.objects.get()

    assert not Month(APRIL).complete_month()

    assert Reversal.objects.get().pk == row.pk


@pytest.mark.django_db(transaction=True)
def test_two_sealing_at_once_seal_once():
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False):
        spoon = an_item("Spoon")
        Item.objects.issue({spoon.pk: 3}, month=APRIL)

        assert sorted(at_once(*[Month(APRIL).complete_month] * 3)) == [False, False, True]

    assert Movement.objects.filter(kind="given_out").count() == 1


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_nothing_has_happened(monkeypatch):
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False):
        spoon = an_item("Spoon")
        Item.objects.issue({spoon.pk: 3}, month=APRIL)
        Reversal.objects.report(month=APRIL)

        def killed(_log, _month):
            raise KeyboardInterrupt

        with monkeypatch.context() as half_way:
            half_way.setattr(type(Reversal.objects.all()), "rewrite_month", killed)
            with pytest.raises(KeyboardInterrupt):
                Month(APRIL).complete_month()
        assert not CompletedMonth.objects.exists()
        assert Outgoing.objects.get().quantity == 3

        assert Month(APRIL).complete_month()
    assert on_hand(spoon) == -3


@pytest.mark.django_db(transaction=True)
def test_reversal_during_completion_waits_and_is_kept():
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False):
        Reversal.objects.report(month=APRIL, doses=1)
        with transaction.atomic():
            Month(APRIL).complete_month()
            late = Meanwhile(lambda: Reversal.objects.report(month=APRIL, doses=2))
        assert late.answer is True

    assert sorted(Reversal.objects.values_list("doses", flat=True)) == [1, 2]


def test_running_month_is_refused_until_over(clock):
    move(clock, "2026-06-01 05:59")
    with pytest.raises(NotAllowed, match="not over yet"):
        Month(MAY).complete_month()

    move(clock, "2026-06-01 06:00")
    assert Month(MAY).complete_month()


def test_an_evening_left_open_is_folded_first(clock):
    move(clock, "2026-05-31 20:00")
    evening = Opening.objects.start(kind="planned")
    move(clock, "2026-06-01 06:00")

    Month(MAY).complete_month()

    evening.refresh_from_db()
    assert evening.state == State.NOT_RECORDED


def test_month_is_completed_with_seen_gaps(clock):
    an_evening(dt.date(2026, 4, 7), State.NOT_RECORDED)
    an_evening(dt.date(2026, 4, 9), State.NOBODY_CAME, 0, 0)
    an_evening(dt.date(2026, 5, 5), State.NOT_RECORDED)
    assert Month(APRIL).unrecorded.count() == 1

    with pytest.raises(NotAllowed, match=r"The evenings have changed."):
        Month(APRIL).complete_month(seen_unrecorded=0)
    assert not Month(APRIL).is_complete

    assert Month(APRIL).complete_month(seen_unrecorded=1)


def test_timetable_completes_after_thirty_days(clock):
    an_evening(dt.date(2026, 3, 3))
    Reversal.objects.report(month=APRIL)
    an_evening(TODAY)

    move(clock, "2026-05-30 07:00")
    complete_months(0)
    assert [*CompletedMonth.objects.values_list("month", flat=True)] == [dt.date(2026, 3, 1)]

    move(clock, "2026-05-31 07:00")
    complete_months(0)
    complete_months(0)
    assert [*CompletedMonth.objects.order_by("month").values_list("month", flat=True)] == [dt.date(2026, 3, 1), APRIL]


def correct(month=MAY, **changes):
    return Tally.objects.correct(month, {(measure, ""): was_to for measure, was_to in changes.items()})


def tallied():
    return {(t.measure, t.key): t.value for t in Tally.objects.month(MAY)}


def test_totals_are_corrected_together_once(clock):
    Tally.objects.add(MAY, {(Measure.VISITS, ""): 5, (Measure.PEOPLE, ""): 6})

    assert correct(visits=(5, 8), people=(6, 9)) == 2
    assert correct(visits=(5, 8), people=(6, 9)) == 0

    assert tallied() == {("visits", ""): 8, ("people", ""): 9}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"visits": (5, -1)}, "A total is a number from 0 to 1,000,000."),
        ({"visits": (5, 2_000_000)}, "A total is a number from 0 to 1,000,000."),
        ({"visits": (5, 7)}, "Check these two numbers."),
        ({"people": (6, 0)}, "Check these two numbers."),
        ({"visits": (4, 3)}, "Somebody has changed a number."),
    ],
)
def test_impossible_totals_change_nothing(clock, changes, why):
    Tally.objects.add(MAY, {(Measure.VISITS, ""): 5, (Measure.PEOPLE, ""): 6})

    with pytest.raises(NotAllowed, match=why):
        correct(**changes)

    assert tallied() == {("visits", ""): 5, ("people", ""): 6}


@pytest.mark.parametrize(("to", "left"), [(7, 3), (1500, -1490), (0, 10)])
def test_corrected_totals_correct_the_stock(clock, to, left):
    spoon = an_item("Spoon")
    a_lot(spoon, 10, number="A")
    Item.objects.issue({spoon.pk: 4}, month=MAY)
    Tally.objects.add(MAY, {(Measure.GIVEN, str(spoon.pk)): 4})

    assert Tally.objects.correct(MAY, {(Measure.GIVEN, str(spoon.pk)): (4, to)}) == 1

    assert on_hand(spoon) == left
    assert tallied().get((Measure.GIVEN, str(spoon.pk)), 0) == to


def test_completed_month_is_corrected_in_the_ledger(clock):
    spoon = an_item("Spoon")
    Item.objects.issue({spoon.pk: 4}, month=APRIL)
    Tally.objects.add(APRIL, {(Measure.GIVEN, str(spoon.pk)): 4})
    Month(APRIL).complete_month()

    Tally.objects.correct(APRIL, {(Measure.GIVEN, str(spoon.pk)): (4, 6)})
    Tally.objects.correct(APRIL, {(Measure.GIVEN, str(spoon.pk)): (6, 5)})

    assert sorted(Movement.objects.values_list("quantity", flat=True)) == [-4, -2, 1]
    assert Tally.objects.get(month=APRIL, measure=Measure.GIVEN).value == 5


@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_once_do_not_both_win():
    Tally.objects.add(MAY, {(Measure.VISITS, ""): 5, (Measure.PEOPLE, ""): 9})

    answers = at_once(lambda: correct(visits=(5, 6)), lambda: correct(visits=(5, 7)))

    assert sorted(type(answer).__name__ for answer in answers) == ["NotAllowed", "int"]
    assert tallied()[("visits", "")] in (6, 7)


def test_empty_month_can_be_completed(clock):
    an_evening(dt.date(2026, 2, 3))

    known = Month.list_known()

    assert [str(month) for month in known] == ["2026-05", "2026-04", "2026-03", "2026-02"]
    assert Month(dt.date(2026, 3, 1)).complete_month()
    assert Month.complete_overdue() == 1
    assert [month.is_complete for month in known] == [False, False, True, True]
