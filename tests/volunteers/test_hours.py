"""The clock on sign-ups: hours per quarter, and nothing of who was not there."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tests.volunteers.rota_world import a_shift, at, post_of, somebody
from volunteers.models import Hours, Signup
from volunteers.models.hours import quarter_of
from volunteers.shared.registries.retention import Every, delete_overdue

pytestmark = pytest.mark.django_db


@pytest.fixture
def ash():
    return somebody("Ash2")


def was_on(person, day, hours=3, state="came", clock="18:00"):
    signup = post_of(a_shift(at(day, clock), hours)).put_on(person)
    Signup.objects.filter(pk=signup.pk).update(state=state)
    return signup


def after(day, days):
    return time_machine.travel(at(day, "21:00") + dt.timedelta(days=days, seconds=1), tick=False)


def hours():
    return list(Hours.objects.order_by("quarter").values_list("person__chosen_name", "quarter", "minutes", "shifts"))


@pytest.mark.parametrize("state", ["came", "confirmed", "looking"])
def test_after_sixty_days_only_hours_remain(ash, state):
    was_on(ash, "2026-06-05", state=state)
    with after("2026-06-05", 59):
        delete_overdue(Every.HOUR)
    assert Signup.objects.count() == 1

    with after("2026-06-05", 60):
        delete_overdue(Every.HOUR)
        delete_overdue(Every.HOUR)
    assert Signup.objects.count() == 0
    assert hours() == [("Ash2", dt.date(2026, 4, 1), 180, 1)]


@pytest.mark.parametrize("state", ["not_there", "withdrawn"])
def test_absence_is_forgotten_after_two_weeks(ash, state):
    was_on(ash, "2026-06-05", state=state)
    with after("2026-06-05", 13):
        delete_overdue(Every.HOUR)
    assert Signup.objects.count() == 1

    with after("2026-06-05", 14):
        delete_overdue(Every.HOUR)
    assert Signup.objects.count() == 0
    assert hours() == []


def test_hours_add_up_by_quarter(ash):
    was_on(ash, "2026-03-28", 6, clock="22:00")
    was_on(ash, "2026-03-31", 3, clock="23:00")
    was_on(ash, "2026-04-01", 2)
    was_on(somebody("Bo"), "2026-04-01", 2)
    with after("2026-04-01", 61):
        delete_overdue(Every.HOUR)

    # The first was over the night that lost an hour.
    assert sorted(hours()) == [
        ("Ash2", dt.date(2026, 1, 1), 480, 2),
        ("Ash2", dt.date(2026, 4, 1), 120, 1),
        ("Bo", dt.date(2026, 4, 1), 120, 1),
    ]


def test_a_later_shift_of_a_quarter_is_added(ash):
    was_on(ash, "2026-04-01")
    with after("2026-04-01", 60):
        delete_overdue(Every.HOUR)
    was_on(ash, "2026-06-30")
    with after("2026-06-30", 60):
        delete_overdue(Every.HOUR)

    assert hours() == [("Ash2", dt.date(2026, 4, 1), 360, 2)]
    assert Hours.objects.get().last_month == dt.date(2026, 6, 1)


def test_hours_stay_without_whoever_goes(ash):
    Hours.objects.create(person=None, quarter="2026-04-01", minutes=60, shifts=1, last_month="2026-04-01")
    was_on(ash, "2026-06-05")
    with after("2026-06-05", 1):
        Hours.objects.keep_without(ash)

    assert hours() == [(None, dt.date(2026, 4, 1), 240, 2)]


def test_two_at_once_take_nothing_in_twice(ash):
    was_on(ash, "2026-06-05")
    with after("2026-06-05", 60):
        assert Hours.objects.fold_old(at("2026-09-01")) == 1
        assert Hours.objects.fold_old(at("2026-09-01")) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"quarter": "2026-02-01"},
        {"quarter": "2026-04-02"},
        {"last_month": "2026-04-02"},
        {"last_month": "2026-03-01"},
    ],
)
def test_the_database_knows_quarters_and_months_only(ash, wrong):
    right = {"person": ash, "quarter": "2026-04-01", "last_month": "2026-04-01"}
    Hours.objects.create(**right)
    for row in (right, right | wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hours.objects.create(**row)


@pytest.mark.parametrize(
    ("day", "quarter"), [("2026-01-01", 1), ("2026-03-31", 1), ("2026-04-01", 4), ("2026-12-31", 10)]
)
def test_quarter_of_a_day(day, quarter):
    assert quarter_of(dt.date.fromisoformat(day)) == dt.date(2026, quarter, 1)
