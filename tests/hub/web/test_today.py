"""Today: the state of the desk, and the one thing this person should do next."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hub.models import EmergencyCard, Hub, Opening, PendingRewrite
from supplies.models import Item
from tests.volunteers.rota_world import a_shift, post_of, somebody, told
from volunteers.models import Letter, User

pytestmark = pytest.mark.django_db


def _today(sign_in, person):
    client = Client()
    sign_in(client, person)
    return client.get("/today/").content.decode()


def test_volunteer_is_offered_to_open_the_desk(sign_in, volunteer):
    assert "Open the desk" in _today(sign_in, volunteer)


def test_volunteer_sees_open_desk_with_totals(sign_in, volunteer):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)

    page = _today(sign_in, volunteer)

    assert "Go to the desk" in page
    assert "Open the desk" not in page


def test_trainee_sees_progress_without_desk(sign_in, trainee):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)

    page = _today(sign_in, trainee)

    assert "still in training" in page
    assert "desk" not in page.split("<main")[1]


def test_coordinator_sees_what_is_still_to_set_up(demo, sign_in, coordinator):
    page = _today(sign_in, coordinator)

    assert "no address" in page
    assert "no admin who can get in" in page
    assert "not running" in page
    assert "emergency cards together" in page
    assert "what to say on an emergency call" in page
    assert "usually open" in page
    assert "does not say where you are, or how to ask" in page


def test_coordinator_is_told_nothing_that_is_done(demo, sign_in, coordinator):
    Hub.objects.create(
        pk=1,
        name="The Hub",
        address="12 Sample Street",
        words_agreed_on="2026-01-15",
        usual_hours="Tuesdays at six",
        ask_where="Ring us",
    )
    Item.objects.add_default_catalogue()
    EmergencyCard.objects.lay_out()
    EmergencyCard.objects.update(agreed_on="2026-01-15")

    page = _today(sign_in, coordinator)

    assert "no address" not in page
    assert "on the desk yet" not in page
    assert "emergency cards together" not in page
    assert "what to say on an emergency call" not in page
    assert "usually open" not in page
    assert "does not say where you are, or how to ask" not in page


@pytest.mark.parametrize(("days", "is_said"), [(0, False), (1, True), (6, True)])
def test_coordinator_is_told_of_stuck_letters(demo, sign_in, coordinator, volunteer, days, is_said):
    """A mail server that is down looks like nothing at all: people wait for a code, or are asked and never hear."""
    with time_machine.travel("2026-11-19 12:00", tick=False):
        Letter.post(to="ash@example.org", text="Your code is 123456.")
    with time_machine.travel(f"2026-11-{19 + days} 12:00", tick=False):
        pages = [_today(sign_in, person) for person in (coordinator, volunteer)]

    said = "An e-mail has been waiting since Thursday 19 November."
    assert [said in page for page in pages] == [is_said, False]
    assert not any("ash@example" in page for page in pages)


def test_today_asks_a_constant_number_of_questions(demo, sign_in, coordinator, django_assert_num_queries):
    client = Client()
    sign_in(client, coordinator)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)

    with django_assert_num_queries(9):
        client.get("/today/")


def test_today_tells_when_tables_stay_untidy(demo, sign_in, coordinator):
    Hub.objects.create(pk=1, name="The Hub")
    PendingRewrite.objects.ask()
    assert "we could not tidy the database after an evening." not in _today(sign_in, coordinator)

    PendingRewrite.objects.update(since=timezone.localdate() - dt.timedelta(days=1))
    assert "we could not tidy the database after an evening." in _today(sign_in, coordinator)


# --- From the School to the first shift


def _done(name="Wren", **more):
    return somebody(name, roles=(), **more)


def test_done_person_is_told_to_take_first_shift(demo, sign_in, volunteer):
    """Without a role, with one, and nobody who has been on a shift or is still learning."""
    wren, bo, cam, jay = _done(), somebody("Bo"), somebody("Cam"), _done("Jay", school=False)
    post_of(a_shift(hours=1)).put_on(cam)
    pages = {person: _today(sign_in, person) for person in (wren, bo, cam, jay, volunteer)}

    assert [name for name, page in pages.items() if "Take your first shift" in page] == [wren, bo]
    assert [name for name, page in pages.items() if "still in training" in page] == [jay]
    assert "A coordinator makes you a volunteer" in pages[wren]


def _to_welcome(client):
    return [line.more for line in client.get("/today/").context["needs"] if line.posts]


def test_coordinator_makes_a_volunteer_in_one_tap(demo, sign_in, coordinator):
    wren, late, jay = _done(), _done("Aki"), _done("Jay", school=False)
    post_of(a_shift()).put_on(wren)
    client = Client()
    sign_in(client, coordinator)
    assert _to_welcome(client) == ["Wren", "Aki"], "the soonest shift first"
    for person in (wren, jay):
        client.post(reverse("volunteers:person-welcome", args=[person.pk]), {"from": "today"})

    assert _to_welcome(client) == [late.chosen_name]
    assert list(wren.groups.values_list("name", flat=True)) == ["volunteer"]
    assert not jay.groups.exists(), "the School comes first"
    assert "Open the desk" in _today(sign_in, User.objects.get(pk=wren.pk))


def test_taking_a_shift_asks_coordinators_for_role(demo, sign_in, coordinator):
    """Once, and the person is told who does it: by their first shift, and not by the next."""
    coordinator.email = "mo@example.org"
    coordinator.save()
    wren = _done()
    client = Client()
    sign_in(client, wren)
    places = [post_of(a_shift(timezone.now() + dt.timedelta(days=days))) for days in (3, 9)]
    pages = [client.post(reverse("rota:signup", args=[post.pk]), follow=True).content.decode() for post in places]

    assert "We ask a coordinator to make you a volunteer, so that you can open" in pages[0]
    assert told(coordinator) == 1
    assert "A coordinator makes you a volunteer" in _today(sign_in, wren)


def test_people_to_welcome_cost_no_further_question(demo, sign_in, coordinator, django_assert_num_queries):
    for number in range(3):
        _done(f"P{number}")
    client = Client()
    sign_in(client, coordinator)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)

    with django_assert_num_queries(9):
        client.get("/today/")
