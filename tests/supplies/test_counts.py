"""Counting a store: over several sittings, by several people, looked over, and written into the ledger once."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies.models import Count, CountLine, Item, Movement, Store
from supplies.models.counts import ItemLot
from tests.supplies.makers import MAY, NEXT_YEAR, TODAY, a_lot, an_item, here, on_hand
from tests.volunteers.threads import at_once

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def lot(spoon):
    return a_lot(spoon, 20, number="A", expires_on=NEXT_YEAR)


@pytest.fixture
def count(store, somebody):
    return Count.objects.start(store, by=somebody)


def test_starting_twice_goes_on_with_the_same(store, bag, count, another):
    assert Count.objects.start(store, by=another) == count
    assert Count.objects.start(bag, by=another) != count
    assert Count.objects.going_on().count() == 2


def test_a_line_remembers_what_the_books_said(spoon, lot, count, somebody):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)

    line = count.lines.get()
    assert (line.found, line.difference, line.books, line.by) == (17, -3, 20, somebody)
    assert here(spoon) == {"A": 20}


def test_applying_count_writes_differences_only(spoon, lot, count, somebody, another):
    foil = an_item("Foil")
    right = a_lot(foil, 5)
    count.record({ItemLot(spoon.pk, lot.pk): 17, ItemLot(foil.pk, right.pk): 5}, by=somebody)

    assert count.apply(by=another) == 1

    row = Movement.objects.get(kind="counted")
    assert (row.quantity, row.lot, row.by, row.act) == (-3, lot, another, count.act)
    assert here(spoon) == {"A": 17}
    assert not CountLine.objects.exists()
    count.refresh_from_db()
    assert (count.state, count.counted, count.differed, count.ended_on, count.ended_by) == (
        "applied",
        2,
        1,
        TODAY,
        another,
    )


def test_applied_twice_is_once(spoon, lot, count, somebody, another):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)

    assert [count.apply(by=another), Count.objects.get(pk=count.pk).apply(by=somebody)] == [1, 0]

    assert here(spoon) == {"A": 17}


def test_movement_after_counting_is_kept(spoon, lot, count, store, bag, somebody, another):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)
    Item.objects.issue({spoon.pk: 5}, month=MAY)
    Item.objects.move_stock({spoon.pk: 2}, source=store, destination=bag)
    spoon.receive(100, lot_number="A", expires_on=NEXT_YEAR)

    count.apply(by=another)

    assert here(spoon, store) == {"A": 17 - 5 - 2 + 100}


def test_correction_meanwhile_is_not_applied_twice(spoon, lot, count, somebody, another):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)
    spoon.count(17, lot=lot)

    assert count.apply(by=another) == 0

    assert here(spoon) == {"A": 17}


def test_recounted_line_replaces_the_first(spoon, lot, count, somebody, another):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)
    Item.objects.issue({spoon.pk: 5}, month=MAY)
    count.record({ItemLot(spoon.pk, lot.pk): 13}, by=another)

    line = count.lines.get()
    assert (line.found, line.difference, line.by) == (13, -2, another)


def test_a_line_can_be_taken_back(spoon, lot, count):
    count.record({ItemLot(spoon.pk, lot.pk): 17})
    count.record({ItemLot(spoon.pk, lot.pk): None})

    assert not count.lines.exists()


def test_counting_lot_settles_unknown_lot_issues(spoon, lot, count, store, somebody, another):
    Item.objects.issue({spoon.pk: 30}, month=MAY)
    assert here(spoon) == {None: -10}

    count.record({ItemLot(spoon.pk, lot.pk): 6}, by=somebody)
    assert count.lines.count() == 2
    count.apply(by=another)

    assert here(spoon) == {"A": 6}


def test_whoever_counted_says_why_nobody_else_looks(spoon, lot, count, somebody):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)

    for reason in ("", "  "):
        with pytest.raises(ValidationError, match="counted some of this yourself"):
            count.apply(by=somebody, reason=reason)
    assert count.apply(by=somebody, reason=" Only me here tonight ") == 1

    assert count.reason == "Only me here tonight"


def test_two_people_on_two_shelves_both_keep_theirs(spoon, lot, count, somebody, another):
    foil = an_item("Foil")
    sheets = a_lot(foil, 5)

    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)
    Count.objects.get(pk=count.pk).record({ItemLot(foil.pk, sheets.pk): 4}, by=another)

    assert sorted(count.lines.values_list("item__name", "found", "by__username")) == [
        ("Foil", 4, "another"),
        ("Spoon", 17, "somebody"),
    ]


def test_a_count_of_nothing_is_not_applied(count, another):
    with pytest.raises(ValidationError, match="You have not counted anything yet"):
        count.apply(by=another)


def test_abandoned_count_changes_nothing(spoon, lot, count, store, somebody, another):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)

    count.give_up(by=another)
    count.give_up(by=another)

    assert here(spoon) == {"A": 20}
    assert not CountLine.objects.exists()
    for late in (lambda: count.record({ItemLot(spoon.pk, lot.pk): 1}), lambda: count.apply(by=another)):
        with pytest.raises(ValidationError, match="This count is over"):
            late()
    assert Count.objects.start(store) != count


def test_an_applied_count_is_not_given_up(spoon, lot, count, another):
    count.record({ItemLot(spoon.pk, lot.pk): 17})
    count.apply(by=another)

    with pytest.raises(ValidationError, match="This count is over"):
        count.give_up()


@pytest.mark.parametrize("found", [-1, 1.5, "3", True, 1_000_001, 10**30])
def test_an_absurd_number_is_refused_and_saves_nothing(spoon, lot, count, found):
    with pytest.raises(ValidationError):
        count.record({ItemLot(spoon.pk, lot.pk): found})

    assert not count.lines.exists()


def test_old_count_keeps_only_differences(spoon, lot, count, somebody, another):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)
    with time_machine.travel(TODAY + dt.timedelta(14), tick=False):
        assert Count.objects.forget_figures() == 0
    with time_machine.travel(TODAY + dt.timedelta(15), tick=False):
        assert Count.objects.forget_figures() == 1
        line = count.lines.get()
        assert (line.found, line.books, line.difference) == (None, None, -3)

        count.apply(by=another)

    assert here(spoon) == {"A": 17}


def test_database_keeps_one_open_count(count, store, spoon, lot):
    def refused(rule, write):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            write()

    refused("count_one_at_a_time_in_a_store", lambda: Count.objects.create(store=store))
    refused("count_ends_once", lambda: Count.objects.update(state="applied"))
    refused("count_ends_once", lambda: Count.objects.update(ended_on=TODAY))
    refused("count_ends_once", lambda: Count.objects.update(state="lost"))
    about = {"count": count, "item": spoon, "lot": None, "difference": 1}
    CountLine.objects.create(**about)
    refused("countline_once_a_lot", lambda: CountLine.objects.create(**about))


@pytest.mark.django_db(transaction=True)
def test_count_applied_twice_during_issues_counts_once():
    store = Store.objects.create(name="Cupboard", order=1)
    from django.contrib.auth import get_user_model  # noqa: PLC0415 -- the cast is made within the test's own database

    people = [get_user_model().objects.create_user(name, chosen_name=name) for name in ("one", "two")]
    spoon = an_item("Spoon")
    lot = a_lot(spoon, 50, number="A")
    count = Count.objects.start(store)
    count.record({ItemLot(spoon.pk, lot.pk): 44})

    answers = at_once(
        *[lambda who=who: Count.objects.get(pk=count.pk).apply(by=who) for who in people],
        lambda: [Item.objects.issue({spoon.pk: 1}, month=MAY) for _ in range(10)],
    )

    assert sorted(answers[:2]) == [0, 1]
    assert on_hand(spoon) == 34
