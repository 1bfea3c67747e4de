"""Making one of two records of a person."""

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from hub.people.merge import merge_people
from school.models import Outcome
from supplies.models import Category, Item, Movement, Store
from tests.conftest import PASSWORD
from tests.school.makers import DAY, NOW, a_course, a_session, enrol
from volunteers.models import Invitation, Qualification, User
from volunteers.shared.refusals import NotAllowed

LAST_YEAR = dt.date(2025, 1, 1)


@pytest.fixture
def other(db):
    """The same person, invited a second time under another name."""
    return User.objects.create_user(
        "ash2", chosen_name="Ashley", contact="07700 900123", pronouns="she", password=PASSWORD, roles=["trainer"]
    )


@pytest.fixture
def keys(db):
    return Qualification.objects.create(name="Keyholder", slug="keyholder")


@pytest.fixture
def first_aid(db):
    return Qualification.objects.create(name="First aid", slug="first-aid")


def test_merge_moves_what_the_other_lacks(coordinator, volunteer, trainee, other, keys, first_aid):
    volunteer.grant(keys, by=coordinator, reason="Trained", since=LAST_YEAR)
    other.grant(keys, by=coordinator, reason="Trained again")
    other.grant(first_aid, by=coordinator, reason="Has the card")
    trainee.holdings.create(qualification=keys, granted_by=other, reason="Seen doing it")
    volunteer.pronouns = "they"
    volunteer.save()

    merge_people(volunteer, other, by=coordinator)

    stays = User.objects.get(pk=volunteer.pk)
    assert not User.objects.filter(pk=other.pk).exists()
    assert {(held.qualification, held.reason) for held in stays.holdings.all()} == {
        (keys, "Trained"),
        (first_aid, "Has the card"),
    }
    assert trainee.holdings.get().granted_by == stays
    assert (stays.pronouns, stays.contact, stays.chosen_name) == ("they", "07700 900123", "Ash")


def test_merging_gives_no_roles_and_no_way_in(coordinator, volunteer, other):
    EmailAddress.objects.create(user=other, email="ash@example.org", verified=True, primary=True)
    User.objects.filter(pk=other.pk).update(email="ash@example.org")
    Invitation.renew(other)

    merge_people(volunteer, other, by=coordinator)

    stays = User.objects.get(pk=volunteer.pk)
    assert (stays.role_names, stays.email, stays.username) == ({"volunteer"}, None, "ash")
    assert EmailAddress.objects.count() == Invitation.objects.count() == 0


def test_merge_blanks_author_of_removed_record(coordinator, volunteer, other):
    item = Item.objects.create(
        name="Foil", slug="foil", unit="sheet", units="sheets", category=Category.objects.create(name="A", slug="a")
    )
    Movement.objects.create(
        kind="received", item=item, store=Store.objects.main(), quantity=5, made_on=LAST_YEAR, by=other
    )

    merge_people(volunteer, other, by=coordinator)

    assert Movement.objects.get().by is None


@time_machine.travel(NOW, tick=False)
def test_merge_keeps_school_work_of_both(coordinator, volunteer, other):
    course = a_course()
    first, second = course.modules.order_by("order")
    session = a_session(course, starts_at=NOW - DAY)
    for person, module in ((volunteer, first), (other, second)):
        enrol(session, person, "there")
        Outcome.objects.record(session, person, module, "done", by=coordinator, now=NOW)
    Outcome.objects.record(session, volunteer, second, "together", by=coordinator, now=NOW)
    assert not volunteer.holds("school-done", NOW.date())

    merge_people(volunteer, other, by=coordinator)

    assert set(volunteer.outcomes.values_list("module", "state")) == {(first.pk, "done"), (second.pk, "done")}
    assert volunteer.holds("school-done", timezone.localdate())
    assert volunteer.enrolments.count() == 1


def test_merging_is_refused_with_a_reason(admin, coordinator, volunteer, other, trainer):
    for stays, goes, by, reason in (
        (volunteer, volunteer, coordinator, "These two are the same record."),
        (admin, volunteer, coordinator, "Ask an admin"),
        (volunteer, admin, coordinator, "Ask an admin"),
        (volunteer, other, trainer, "Ask an admin"),
        (volunteer, admin, admin, "the other way round"),
    ):
        with pytest.raises(NotAllowed, match=reason):
            merge_people(stays, goes, by=by)
    assert User.objects.count() == 5


def test_last_admin_is_not_merged_away(admin, volunteer):
    helper = User.objects.create_user("sasha", chosen_name="Sasha", password=PASSWORD, roles=["admin"])
    User.objects.filter(pk=helper.pk).update(is_active=False)
    admin_again = User.objects.get(pk=helper.pk)

    with pytest.raises(NotAllowed):
        merge_people(volunteer, admin, by=admin_again)
    assert User.objects.filter(pk=admin.pk).exists()


def test_merging_twice_says_that_one_is_gone(coordinator, volunteer, other):
    merge_people(volunteer, other, by=coordinator)

    with pytest.raises(NotAllowed, match=r"One of the two no longer exists."):
        merge_people(volunteer, other, by=coordinator)


def test_merging_from_the_page(client, sign_in, demo, coordinator, volunteer, other):
    sign_in(client, coordinator)
    address = reverse("hub:merge", args=[volunteer.pk])
    page = client.get(address).content.decode()
    unsure = client.post(address, {"goes": other.pk})
    nobody = client.post(address, {"goes": "999999", "sure": "on"})
    itself = client.post(address, {"goes": volunteer.pk, "sure": "on"})
    answer = client.post(address, {"goes": other.pk, "sure": "on"})

    assert "Ashley (ash2), she, " in page
    assert "Ash (ash)" not in page
    assert [each.status_code for each in (unsure, nobody, itself)] == [422, 422, 422]
    assert answer.headers["Location"] == reverse("volunteers:person", args=[volunteer.pk])
    assert not User.objects.filter(pk=other.pk).exists()
    assert volunteer.holdings.on(timezone.localdate()).count() == 0
