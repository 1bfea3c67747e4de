"""The people pages: who sees what, and what each button does."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.conftest import PASSWORD
from tests.volunteers.rota_world import a_shift, at, post_of, somebody
from volunteers.models import Invitation, Qualification, User

PEOPLE = "/people/"
STRANGERS = ("trainer", "volunteer", "trainee")


@pytest.fixture
def keys(db):
    return Qualification.objects.create(name="Keyholder", slug="keyholder")


@pytest.fixture
def second_admin(db):
    return User.objects.create_user("sasha", chosen_name="Sasha", password=PASSWORD, roles=["admin"])


@pytest.fixture
def as_(client, sign_in, demo, request):
    """The client, signed in as the one with this role."""

    def go(who):
        sign_in(client, request.getfixturevalue(who))
        return client

    return go


def url(name, person, *more):
    return reverse(f"volunteers:{name}", args=[person.pk, *more])


def test_people_ask_a_stranger_to_sign_in(client, db):
    assert client.get(PEOPLE).headers["Location"] == "/accounts/login/?next=/people/"


@pytest.mark.parametrize("who", STRANGERS)
def test_people_are_for_coordinators(as_, who, coordinator):
    client = as_(who)

    assert client.get(PEOPLE).status_code == 403
    assert client.get(url("person", coordinator)).status_code == 403


def test_people_are_listed_with_roles_and_qualifications(as_, coordinator, volunteer, trainee, keys):
    volunteer.grant(keys, by=coordinator, reason="Trained")
    invited = Invitation.objects.invite("Wren", by=coordinator).person
    lapsed = Invitation.objects.invite("Lapsed", by=coordinator).person
    Invitation.objects.filter(person=lapsed).update(expires_on=dt.date(2020, 1, 1))

    page = as_("coordinator").get(PEOPLE)
    shown = page.content.decode()

    assert {person.chosen_name for person in page.context["page"]} == {"Ash", "Jules", "Lapsed", "Mo", "Wren"}
    assert shown.count("In training") == 3
    assert shown.count("Keyholder") == 1
    assert shown.count(">Invited<") == 1
    assert shown.count("Invitation ended") == 1
    assert url("person", invited) in shown
    assert reverse("volunteers:invite") in shown


@pytest.mark.parametrize("more", [0, 2])
def test_people_cost_seven_statements_however_many(as_, coordinator, keys, more, django_assert_num_queries):
    for number in range(more):
        person = User.objects.create_user(f"p{number}", chosen_name=f"P{number}", roles=["volunteer"])
        person.grant(keys, by=coordinator, reason="Trained")
        Invitation.renew(person)
    client = as_("coordinator")

    with django_assert_num_queries(7):  # session, person, count, people, holdings, hours, shifts
        page = client.get(PEOPLE)

    assert len(page.context["page"]) == 1 + more


@pytest.mark.parametrize("more", [0, 2])
def test_person_costs_the_same_whatever_they_hold(as_, coordinator, volunteer, more, django_assert_num_queries):
    for number in range(1 + more):
        what = Qualification.objects.create(name=f"Q{number}", slug=f"q{number}")
        volunteer.grant(what, by=coordinator, reason="Trained")
    client = as_("coordinator")

    with django_assert_num_queries(
        12
    ):  # session, viewer, person twice, who may be given what, holdings, choices, hours twice, shifts twice, sessions
        page = client.get(url("person", volunteer))

    assert len(page.context["holdings"]) == 1 + more


def test_search_answers_page_or_results(as_, coordinator, volunteer):
    client = as_("coordinator")
    whole = client.get(PEOPLE, {"words": "as"}).content.decode()
    part = client.get(PEOPLE, {"words": "as"}, headers={"HX-Request": "true", "HX-Target": "results"})
    nobody = client.get(PEOPLE, {"words": "zz"}).content.decode()

    assert "<!doctype html>" in whole
    assert "<!doctype html>" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    for answer in (whole, part.content.decode()):
        assert url("person", volunteer) in answer
        assert url("person", coordinator) not in answer
    assert "Nobody by that name" in nobody


def test_person_page_matches_viewers_permissions(as_, admin, coordinator, volunteer):
    volunteer.contact = "07700 900123"
    volunteer.save()
    client = as_("coordinator")
    theirs, above = (
        client.get(url("person", volunteer)).content.decode(),
        client.get(url("person", admin)).content.decode(),
    )

    assert "07700 900123" in theirs
    assert url("person-pause", volunteer) in theirs
    assert url("holding-grant", volunteer) in theirs
    assert url("person-roles", volunteer) not in theirs
    for name in ("person-pause", "invitation", "person-roles", "second-step-reset"):
        assert url(name, admin) not in above


def test_nobody_by_that_number_is_a_404(as_, coordinator):
    client = as_("coordinator")

    assert client.get("/people/999999/").status_code == 404
    assert client.post("/people/999999/pause/").status_code == 404


POSTS = ("person-roles", "holding-grant", "person-pause", "person-resume", "second-step-reset")


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("who", STRANGERS)
def test_buttons_are_refused_to_everybody_else(as_, name, who, admin):
    client = as_(who)

    assert client.post(url(name, admin)).status_code == 403
    assert client.get(url(name, admin)).status_code == 403


@pytest.mark.parametrize("who", STRANGERS)
def test_ending_holding_is_refused_to_others(as_, who, request, coordinator, keys):
    theirs = request.getfixturevalue(who)
    holding = theirs.grant(keys, by=coordinator, reason="Trained")

    assert as_(who).post(url("holding-end", theirs, holding.pk)).status_code == 403
    assert theirs.holds("keyholder", timezone.localdate())


@pytest.mark.parametrize("name", ["person-roles", "second-step-reset"])
def test_some_buttons_are_for_admins_alone(as_, name, volunteer):
    assert as_("coordinator").post(url(name, volunteer)).status_code == 403


def test_admin_changes_roles(as_, admin, volunteer):
    client = as_("admin")
    answer = client.post(url("person-roles", volunteer), {"roles": ["coordinator", "trainer"]})
    wrong = client.post(url("person-roles", volunteer), {"roles": ["king"]})

    assert answer.headers["Location"] == url("person", volunteer)
    assert wrong.status_code == 422
    assert User.objects.get(pk=volunteer.pk).role_names == {"coordinator", "trainer"}


def test_role_given_later_counts_from_the_next_request(client, sign_in, demo, admin, volunteer):
    sign_in(client, volunteer)
    assert client.get(PEOPLE).status_code == 403

    volunteer.give_roles(["coordinator"], by=admin)
    assert client.get(PEOPLE).status_code == 200

    volunteer.give_roles([], by=admin)
    assert client.get(PEOPLE).status_code == 403


def test_last_admin_is_told_why_not(as_, admin):
    answer = as_("admin").post(url("person-roles", admin), {"roles": []})

    assert answer.status_code == 409
    assert "This is the last admin. Make somebody else an admin first." in answer.content.decode()
    assert User.objects.get(pk=admin.pk).role_names == {"admin"}


def test_granting_from_the_page(as_, coordinator, volunteer, keys):
    client = as_("coordinator")
    answer = client.post(url("holding-grant", volunteer), {"qualification": keys.pk, "reason": "Trained"})
    twice = client.post(url("holding-grant", volunteer), {"qualification": keys.pk, "reason": "Trained"})
    empty = client.post(url("holding-grant", volunteer), {})

    assert answer.headers["Location"] == url("person", volunteer)
    assert volunteer.holds("keyholder", timezone.localdate())
    assert twice.status_code == 409
    assert "They already have that." in twice.content.decode()
    assert empty.status_code == 422
    assert set(empty.context["holding_form"].errors) == {"qualification", "reason"}


@pytest.mark.parametrize("until", ["", "2020-01-01", "not a day"])
def test_exception_needs_a_day_to_come(as_, coordinator, volunteer, keys, until):
    asked = {"qualification": keys.pk, "reason": "For now", "exception": "on", "until": until}

    answer = as_("coordinator").post(url("holding-grant", volunteer), asked)

    assert answer.status_code == 422
    assert set(answer.context["holding_form"].errors) == {"until"}


def test_ending_from_the_page(as_, coordinator, volunteer, trainee, keys):
    holding = volunteer.grant(keys, by=coordinator, reason="Trained")
    client = as_("coordinator")

    assert client.post(url("holding-end", trainee, holding.pk)).status_code == 404
    answer = client.post(url("holding-end", volunteer, holding.pk))

    assert answer.headers["Location"] == url("person", volunteer)
    assert not volunteer.holds("keyholder", timezone.localdate())
    assert client.get(url("holding-end", volunteer, holding.pk)).status_code == 302


def test_pausing_and_resuming_from_the_page(as_, coordinator, volunteer):
    client = as_("coordinator")

    client.post(url("person-pause", volunteer))
    assert not User.objects.get(pk=volunteer.pk).is_active
    assert "Let them sign in again" in client.get(url("person", volunteer)).content.decode()

    client.post(url("person-resume", volunteer))
    assert User.objects.get(pk=volunteer.pk).is_active


def test_pausing_above_role_is_refused_on_page(as_, coordinator, admin):
    answer = as_("coordinator").post(url("person-pause", admin))

    assert answer.status_code == 409
    assert "You cannot pause this account. Ask an admin." in answer.content.decode()


def test_second_admin_resets_a_lost_second_step(client, sign_in, demo, admin, second_admin, with_app):
    with_app(admin)
    theirs = type(client)()
    sign_in(theirs, admin)
    sign_in(client, second_admin)
    assert "Reset their second step" in client.get(url("person", admin)).content.decode()

    answer = client.post(url("second-step-reset", admin))

    assert answer.headers["Location"] == url("person", admin)
    assert not User.objects.get(pk=admin.pk).has_second_step
    assert theirs.get("/people/me/").status_code == 302


def test_nobody_resets_their_own_second_step(as_, admin, with_app):
    with_app(admin)

    answer = as_("admin").post(url("second-step-reset", admin))

    assert answer.status_code == 409
    assert "Another admin has to do this." in answer.content.decode()
    assert User.objects.get(pk=admin.pk).has_second_step


def test_names_are_text_and_nothing_else(as_, coordinator):
    person = User.objects.create_user("odd", chosen_name="<b>Odd</b>", contact="<script>")
    client = as_("coordinator")

    for page in (client.get(PEOPLE), client.get(url("person", person))):
        assert "<b>Odd" not in page.content.decode()
        assert "<script>" not in page.content.decode()


def test_people_list_shows_hours_and_last_month(as_, coordinator, volunteer, trainee):
    volunteer.hours.create(quarter="2026-01-01", minutes=275, shifts=2, last_month="2026-02-01")
    with time_machine.travel(dt.datetime(2026, 6, 6, 12, tzinfo=dt.UTC), tick=False):
        post_of(a_shift(at("2026-06-05"), 3)).put_on(volunteer)
        post_of(a_shift(at("2026-06-12"), 3)).put_on(volunteer)
        client = as_("coordinator")
        listed, theirs = client.get(PEOPLE).content.decode(), client.get(url("person", volunteer)).content.decode()

    for page in (listed, theirs):
        assert "7.5 hours on 3 shifts, last in June 2026" in page
    assert listed.count("Not on a shift yet") == 2
    assert "From January 2026: 4.5 hours on 2 shifts" in theirs


def test_list_says_what_it_knows_of_newcomers(as_, coordinator):
    """Never invited is not run out, and somebody with a shift ahead is on one."""
    ash, bo = somebody("Ash2"), somebody("Bo")
    User.objects.filter(pk__in=[ash.pk, bo.pk]).update(email=None, password="!")
    post_of(a_shift(timezone.now() + dt.timedelta(days=3))).put_on(bo)
    page = as_("coordinator").get(reverse("volunteers:people")).content.decode()

    assert "Invitation ended" not in page
    assert page.count("Not signed in yet") == 2
    assert page.count("The first shift is still to come") == 1
