"""What people hold: granted by hand with a reason, agreed for a while, ended."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tests.volunteers.threads import Meanwhile
from volunteers.models import Holding, Qualification
from volunteers.shared.refusals import NotAllowed

TODAY = dt.date(2026, 5, 13)
TOMORROW = TODAY + dt.timedelta(days=1)
LATER = TODAY + dt.timedelta(days=30)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-05-13 19:00 +0100", tick=False):
        yield


@pytest.fixture
def keys(db):
    return Qualification.objects.create(name="Keyholder", slug="keyholder")


@pytest.fixture
def naloxone(db):
    return Qualification.objects.create(name="Naloxone-trained", slug="naloxone-trained", refresh_months=24)


def test_default_qualifications_load_once(db):
    Qualification.objects.lay_out()
    Qualification.objects.filter(slug="shift-lead").update(name="In charge")
    Qualification.objects.lay_out()

    assert list(Qualification.objects.values_list("slug", "name").order_by("slug")) == [
        ("first-aid", "First aid"),
        ("keyholder", "Keyholder"),
        ("naloxone-trained", "Naloxone-trained"),
        ("school-done", "School done"),
        ("shift-lead", "In charge"),
    ]


def test_granting_starts_today_with_reason_and_author(coordinator, volunteer, keys):
    holding = volunteer.grant(keys, by=coordinator, reason="Showed her the alarm")

    assert (holding.since, holding.until, holding.granted_by, holding.reason) == (
        TODAY,
        None,
        coordinator,
        "Showed her the alarm",
    )
    assert volunteer.holds("keyholder", TODAY)
    assert not volunteer.holds("keyholder", TODAY - dt.timedelta(days=1))
    assert not volunteer.holds("first-aid", TODAY)


def test_qualification_to_refresh_expires_by_itself(coordinator, volunteer, naloxone):
    holding = volunteer.grant(naloxone, by=coordinator, reason="Course in May")

    assert holding.until == dt.date(2028, 5, 13)
    assert volunteer.holds("naloxone-trained", dt.date(2028, 5, 12))
    assert not volunteer.holds("naloxone-trained", dt.date(2028, 5, 13))


def test_school_grants_without_a_person(volunteer, keys):
    assert volunteer.grant(keys, by=None, reason="Completed").granted_by is None


def test_exception_is_agreed_until_a_day(coordinator, volunteer, keys):
    volunteer.grant(keys, by=coordinator, reason="Robin is away", exception=True, until=LATER)

    assert volunteer.holds("keyholder", LATER - dt.timedelta(days=1))
    assert not volunteer.holds("keyholder", LATER)


def test_real_thing_ends_an_exception(coordinator, volunteer, keys):
    exception = volunteer.grant(keys, by=coordinator, reason="Robin is away", exception=True, until=LATER)
    volunteer.grant(keys, by=coordinator, reason="Trained now")

    exception.refresh_from_db()
    assert exception.until == TODAY
    assert volunteer.holds("keyholder", LATER)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"reason": ""}, "This field cannot be blank."),
        ({"reason": "For now", "exception": True}, "An agreed exception needs the day it ends."),
        ({"reason": "For now", "until": TODAY - dt.timedelta(days=1)}, "It must end after it starts."),
    ],
)
def test_granting_is_refused_in_a_sentence(coordinator, volunteer, keys, asked, sentence):
    with pytest.raises(NotAllowed) as refusal:
        volunteer.grant(keys, by=coordinator, **asked)

    assert sentence in refusal.value.reasons
    assert not Holding.objects.exists()


def test_nobody_holds_a_thing_twice(coordinator, volunteer, keys):
    volunteer.grant(keys, by=coordinator, reason="Trained")

    with pytest.raises(NotAllowed, match=r"They already have that\."):
        volunteer.grant(keys, by=coordinator, reason="Trained")
    with pytest.raises(NotAllowed, match=r"They already have that\."):
        volunteer.grant(keys, by=coordinator, reason="To be sure", exception=True, until=LATER)
    assert Holding.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_granting_at_once_grant_once(coordinator, volunteer, keys):
    asked = {"by": coordinator, "reason": "For now", "exception": True, "until": LATER}
    with transaction.atomic():
        volunteer.grant(keys, **asked)
        other = Meanwhile(lambda: volunteer.grant(keys, **asked))

    assert isinstance(other.answer, NotAllowed)
    assert Holding.objects.count() == 1


@pytest.mark.parametrize("who", ["volunteer", "trainer", "trainee"])
def test_granting_and_ending_are_for_coordinators(request, who, coordinator, trainee, keys):
    by = request.getfixturevalue(who)
    holding = trainee.grant(keys, by=coordinator, reason="Trained")

    with pytest.raises(NotAllowed):
        trainee.grant(keys, by=by, reason="Because")
    with pytest.raises(NotAllowed):
        holding.end(TODAY, by=by)
    holding.refresh_from_db()
    assert holding.until is None


def test_ending_keeps_the_earlier_day(coordinator, volunteer, keys):
    holding = volunteer.grant(keys, by=coordinator, reason="Trained")
    holding.end(TOMORROW, by=coordinator)
    holding.end(LATER, by=coordinator)

    assert holding.until == TOMORROW
    assert volunteer.holds("keyholder", TODAY)
    assert not volunteer.holds("keyholder", TOMORROW)


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"exception": True, "until": None}, {"until": TODAY - dt.timedelta(days=1)}],
    ids=["no reason", "endless exception", "ends before it starts"],
)
def test_database_keeps_the_rules_too(coordinator, volunteer, keys, wrong):
    volunteer.grant(keys, by=coordinator, reason="Trained", until=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.update(**wrong)


def test_coordinator_who_leaves_takes_no_holdings_with_them(coordinator, volunteer, keys):
    holding = volunteer.grant(keys, by=coordinator, reason="Trained")
    coordinator.delete()

    holding.refresh_from_db()
    assert holding.granted_by is None
