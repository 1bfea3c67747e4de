"""What the timetable does for the rota: reminders, gaps, offers spread; each once, and only to who wants it."""

import datetime as dt

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.volunteers.rota_world import a_shift, at, post_of, somebody, told
from volunteers import jobs
from volunteers.models import Offer, Shift, Signup
from volunteers.models.offers import spread_offer
from volunteers.models.people import LetterKind
from volunteers.shared.registries.retention import Every, delete_overdue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
THURSDAY = at("2026-11-26")


@pytest.fixture
def ash():
    return somebody("Ash")


def test_reminder_repeats_only_for_another_day(ash, mo, now):
    shift = a_shift(THURSDAY)
    post_of(shift).book(ash, by=ash)
    sent = []
    for clock in ("2026-11-25 17:00", "2026-11-25 18:00", "2026-11-25 19:00"):
        now.move_to(at(*clock.split()))
        before = told(ash)
        jobs.remind(0)
        sent.append(told(ash) - before)
    assert sent == [0, 1, 0]

    shift.move(THURSDAY + dt.timedelta(minutes=30), THURSDAY + dt.timedelta(hours=4), by=mo)
    before = told(ash)
    jobs.remind(0)
    assert told(ash) - before == 0  # the letter of the move has told

    shift.move(THURSDAY + dt.timedelta(days=7), THURSDAY + dt.timedelta(days=7, hours=3), by=mo)
    now.move_to(at("2026-12-03", "17:00"))
    before = told(ash)
    jobs.remind(0)
    assert told(ash) - before == 1


def test_late_signup_gets_no_reminder(ash, now):
    now.move_to(at("2026-11-26", "17:00"))
    post_of(a_shift(THURSDAY)).book(ash, by=ash)

    assert Signup.objects.remind(at("2026-11-26", "17:00")) == 0


@pytest.mark.parametrize("change", [{"state": "draft"}, {"state": "cancelled", "reason": "Flood"}])
def test_nobody_is_reminded_of_what_does_not_happen(ash, change):
    shift = a_shift(THURSDAY)
    post_of(shift).book(ash, by=ash)
    Shift.objects.filter(pk=shift.pk).update(**change)

    assert Signup.objects.remind(THURSDAY - dt.timedelta(hours=1)) == 0


def test_whoever_wants_no_reminders_gets_none(ash):
    ash.silenced = [LetterKind.REMINDERS]
    ash.save()
    post_of(a_shift(THURSDAY)).book(ash, by=ash)
    before = told(ash)

    Signup.objects.remind(THURSDAY - dt.timedelta(hours=1))

    assert told(ash) == before


def test_next_weeks_gaps_are_told_daily(mo, now):
    a_shift(THURSDAY)
    a_shift(at("2026-12-10"))
    letters = []
    for clock in ("2026-11-20 09:00", "2026-11-20 10:00", "2026-11-21 09:00"):
        now.move_to(at(*clock.split()))
        before = told(mo)
        jobs.tell_of_gaps(0)
        letters.append(told(mo) - before)

    assert letters == [1, 0, 1]


def test_no_gaps_no_letter(mo):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 3, None)])
    for person in (somebody("Bo", "shift-lead", "naloxone-trained"), somebody("Cam")):
        post_of(shift).book(person, by=person)

    jobs.tell_of_gaps(0)

    assert told(mo) == 0


def test_returned_place_is_offered_to_eligible_only(ash, mo):
    bo, busy, away = somebody("Bo"), somebody("Cam"), somebody("Dee")
    silent, school = somebody("Eli"), somebody("Fox", school=False)
    away.on_break_until = dt.date(2027, 1, 1)
    silent.silenced = [LetterKind.OFFERS]
    for person in (away, silent):
        person.save()
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 1, None)])
    post_of(a_shift(THURSDAY)).book(busy, by=busy)
    signup = post_of(shift).book(ash, by=ash)
    before = told(busy)

    signup.withdraw(by=ash)
    spread_offer(Offer.objects.get().pk)

    assert ProcrastinateJob.objects.filter(task_name="volunteers.jobs.spread_offer").count() == 1
    assert [told(person) for person in (bo, away, silent, school)] == [1, 0, 0, 0]
    assert told(busy) == before


def test_withdrawn_offer_reaches_nobody(ash):
    spread_offer(999)


def test_what_ran_out_is_forgotten(ash, now):
    signup = post_of(a_shift(THURSDAY)).book(ash, by=ash)
    signup.look_for_cover(by=ash)
    ash.on_break_until = dt.date(2026, 11, 27)
    ash.save()

    delete_overdue(Every.HOUR)
    assert Offer.objects.count() == 1
    now.move_to(at("2026-11-27"))
    delete_overdue(Every.HOUR)
    ash.refresh_from_db()

    assert (Offer.objects.count(), ash.on_break_until) == (0, None)
