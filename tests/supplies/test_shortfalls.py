import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies.models import SeenShortfall, Shortfall, ShortfallDiffers, Wish
from tests.supplies.makers import APRIL, MAY, an_item
from tests.volunteers.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def pipes(db):
    return Wish.objects.create(name="Pipes")


def note(reason="out", month=MAY, **thing):
    return Shortfall.objects.note(reason, month=month, **{"key": uuid.uuid4()} | thing)


def counted():
    return {
        (f"{row.month:%b}", (row.item or row.wish).name, row.reason): row.number
        for row in Shortfall.objects.select_related("item", "wish")
    }


def test_shortfall_is_one_row_that_grows(spoon, pipes):
    for _ in range(3):
        assert note(item=spoon) is True
    note(item=spoon, month=APRIL)
    note("law", item=spoon)
    note("not_stocked", wish=pipes, number=4)

    assert counted() == {
        ("May", "Spoon", "out"): 3,
        ("Apr", "Spoon", "out"): 1,
        ("May", "Spoon", "law"): 1,
        ("May", "Pipes", "not_stocked"): 4,
    }


def test_shortfall_sent_again_is_counted_once(spoon):
    key = uuid.uuid4()

    assert [note(item=spoon, key=key), note(item=spoon, key=key)] == [True, False]
    assert counted() == {("May", "Spoon", "out"): 1}


def test_shortfall_is_taken_back_once(spoon):
    keys = [uuid.uuid4() for _ in range(2)]
    for key in keys:
        note(item=spoon, key=key)

    undone = [Shortfall.objects.take_back("out", month=MAY, item=spoon, key=keys[0]) for _ in range(2)]

    assert undone == [True, False]
    assert counted() == {("May", "Spoon", "out"): 1}
    Shortfall.objects.take_back("out", month=MAY, item=spoon, key=keys[1])
    assert counted() == {}


def test_shortfall_undone_before_arrival_never_counts(spoon):
    key = uuid.uuid4()

    assert Shortfall.objects.take_back("out", month=MAY, item=spoon, key=key) is False
    assert note(item=spoon, key=key) is False
    assert counted() == {}


def test_undoing_another_shortfall_changes_nothing(spoon):
    key = uuid.uuid4()
    note(item=spoon, key=key)

    with pytest.raises(ShortfallDiffers, match="as something else"):
        Shortfall.objects.take_back("law", month=MAY, item=spoon, key=key)
    assert counted() == {("May", "Spoon", "out"): 1}
    assert Shortfall.objects.take_back("out", month=MAY, item=spoon, key=key) is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "out"},
        {"reason": "out", "item": True, "wish": True},
        {"reason": "out", "wish": True},
        {"reason": "too dear", "item": True},
        {"reason": "out", "item": True, "number": 0},
        {"reason": "out", "item": True, "number": 1000},
    ],
)
def test_refused_shortfall_leaves_key_unused(spoon, pipes, wrong):
    things = {"item": spoon, "wish": pipes}
    values = {name: things[name] if value is True else value for name, value in wrong.items()}

    with pytest.raises(ValidationError):
        note(**values)
    assert SeenShortfall.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"item": True, "wish": True},
        {"wish": True, "reason": "out"},
        {"item": True, "reason": "too dear"},
        {"item": True, "number": 0},
        {"item": True, "month": dt.date(2026, 5, 2)},
    ],
)
def test_database_refuses_it_too(spoon, pipes, wrong):
    things = {"item": spoon, "wish": pipes}
    values = {name: things[name] if value is True else value for name, value in wrong.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Shortfall.objects.create(**{"month": MAY, "reason": "law", "number": 1} | values)


def test_database_keeps_one_row_a_thing_and_month(spoon):
    note(item=spoon)

    with pytest.raises(IntegrityError), transaction.atomic():
        Shortfall.objects.create(month=MAY, item=spoon, reason="out", number=1)


def test_keys_say_nothing_and_are_forgotten(spoon):
    note(item=spoon, month=dt.date(2026, 3, 1))
    note(item=spoon, month=APRIL)

    SeenShortfall.objects.forget_old(dt.date(2026, 5, 20))

    assert [row.month for row in SeenShortfall.objects.all()] == [APRIL]
    assert set(SeenShortfall.objects.values().get()) == {"id", "month", "undone", "reason", "item_id", "wish_id"}


def test_unstocked_wishes_are_sorted_by_demand(spoon, pipes):
    cups = Wish.objects.create(name="Cups")
    note("not_stocked", wish=cups)
    note("not_stocked", wish=pipes, month=APRIL)
    note("law", wish=pipes)
    note("not_stocked", wish=pipes, month=dt.date(2026, 1, 1))
    note(item=spoon)

    assert Shortfall.objects.count_asked_for(APRIL) == [("Pipes", 2), ("Cups", 1)]
    assert Shortfall.objects.count_missed(APRIL) == {(spoon.pk, MAY): 1}


@pytest.mark.django_db(transaction=True)
def test_simultaneous_shortfalls_count_exactly_once():
    spoon = an_item("Spoon")
    key = uuid.uuid4()

    def tap():
        return [note(item=spoon), note(item=spoon, key=key), note(item=spoon)]

    answers = at_once(*[tap] * 4)

    assert sum(first for _, first, _ in answers) == 1
    assert counted() == {("May", "Spoon", "out"): 9}


@pytest.mark.django_db(transaction=True)
def test_shortfall_and_undo_at_once_balance():
    spoon = an_item("Spoon")
    keys = [uuid.uuid4() for _ in range(5)]
    for key in keys:
        note(item=spoon, key=key)

    at_once(
        lambda: [note(item=spoon) for _ in range(5)],
        lambda: [Shortfall.objects.take_back("out", month=MAY, item=spoon, key=key) for key in keys],
    )

    assert counted() == {("May", "Spoon", "out"): 5}
