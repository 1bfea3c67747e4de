"""Two people with one form open: the second is told what changed and by whom, and keeps every word."""

import html
import uuid

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from hub.models import DeskSettings
from tests.fuzz.pages import Forms
from tests.project.access_requests import taken_back
from tests.volunteers.rota_world import a_pattern, a_shift, at, post_of
from tests.volunteers.threads import at_once
from volunteers.models import Shift, User
from volunteers.shared.names import tidy_name


@pytest.fixture
def two(coordinator, admin, demo, sign_in):
    """A coordinator and an admin, each in a browser of their own."""
    clients = [Client(), Client()]
    for client, person in zip(clients, (coordinator, admin), strict=True):
        sign_in(client, person)
    return clients


def opened(client, address, having="opened"):
    """The form of a page as a browser would send it."""
    forms = Forms(client.get(address).content.decode()).forms
    return next(form for form in forms if having in form.fields).untouched


def reopened(response):
    return next(form for form in Forms(response.content.decode()).forms if "opened" in form.fields).untouched


def words(response):
    return " ".join(html.unescape(response.content.decode()).split())


@pytest.mark.django_db
def test_second_is_told_what_changed(two):
    shift = a_shift(at("2026-12-10"))
    address = f"/rota/shifts/{shift.pk}/edit/"
    mine, theirs = (opened(client, address) for client in two)
    assert two[0].post(address, mine | {"title": "Long night"}).status_code == 302
    response = two[1].post(address, theirs | {"title": "Short night", "note": "Bring cake"})
    assert response.status_code == 409
    # Who changes a shift is not kept.
    assert "Somebody saved it after you opened this form." in words(response)
    assert '<th scope="row">What it is</th><td dir="auto">Long night</td><td dir="auto">Short night' in words(response)
    assert Shift.objects.get().title == "Long night"
    again = reopened(response)
    assert (again["title"], again["note"]) == (["Short night"], ["Bring cake"])
    assert two[1].post(address, again).status_code == 302
    assert Shift.objects.get().title == "Short night"


@pytest.mark.django_db
def test_post_added_meanwhile_stays(two):
    shift = a_shift(at("2026-12-10"))
    address = f"/rota/shifts/{shift.pk}/edit/"
    mine, theirs = (opened(client, address) for client in two)
    kitchen = {"posts-1-role": "Kitchen", "posts-1-minimum": "1", "posts-1-maximum": "2"}
    assert two[0].post(address, mine | kitchen).status_code == 302
    response = two[1].post(address, theirs | {"note": "Bring cake"})
    assert response.status_code == 409
    assert "Kitchen: 1–2" in words(response)
    assert post_of(shift, "Kitchen")


@pytest.mark.django_db
def test_second_is_told_who_changed_it(two, coordinator, sign_in):
    pattern = a_pattern()
    address = f"/rota/patterns/{pattern.pk}/edit/"
    mine, theirs = (opened(client, address) for client in two)
    assert two[0].post(address, mine | {"starts": "19:00"}).status_code == 302
    response = two[1].post(address, theirs | {"place": "Upstairs"})
    assert response.status_code == 409
    assert "19:00" in words(response)
    assert f"{coordinator.chosen_name} saved it after you opened this form." in words(response)
    sign_in(two[1], coordinator)
    assert "You saved it yourself" in words(two[1].post(address, theirs | {"form_key": uuid.uuid4().hex}))


@pytest.mark.django_db
def test_role_given_meanwhile_is_not_taken(two, admin, volunteer, sign_in):
    sign_in(two[0], admin)
    page, address = f"/people/{volunteer.pk}/", f"/people/{volunteer.pk}/roles/"
    mine, theirs = (opened(client, page, having="roles") for client in two)
    assert two[0].post(address, mine | {"roles": ["volunteer", "coordinator"]}).status_code == 302
    response = two[1].post(address, theirs | {"roles": ["volunteer", "trainer"]})
    assert response.status_code == 409
    assert "You saved it yourself" not in words(response)
    assert "coordinator" in User.objects.get(pk=volunteer.pk).role_names


@pytest.mark.django_db
def test_equal_change_is_no_conflict(two):
    shift = a_shift(at("2026-12-10"))
    address = f"/rota/shifts/{shift.pk}/edit/"
    forms = [opened(client, address) for client in two]
    answers = [client.post(address, form | {"title": "Same"}) for client, form in zip(two, forms, strict=True)]
    assert [answer.status_code for answer in answers] == [302, 302]


@pytest.mark.django_db
def test_settings_never_saved_are_not_undone(two):
    DeskSettings.objects.all().delete()
    mine, theirs = (opened(client, "/desk/setup/") for client in two)
    assert two[0].post("/desk/setup/", mine | {"checklist": "Kettle on"}).status_code == 302
    assert two[1].post("/desk/setup/", theirs | {"checklist": "Door open"}).status_code == 409
    assert DeskSettings.current().checklist == "Kettle on"


@pytest.mark.django_db
def test_mistake_in_stale_form_is_kept_and_named(two):
    shift = a_shift(at("2026-12-10"))
    address = f"/rota/shifts/{shift.pk}/edit/"
    mine, theirs = (opened(client, address) for client in two)
    two[0].post(address, mine | {"title": "Long night"})
    response = two[1].post(address, theirs | {"title": "", "note": "Bring cake"})
    assert response.status_code == 409
    assert "This field is required" in words(response)
    assert reopened(response)["note"] == ["Bring cake"]


@pytest.mark.django_db(transaction=True)
def test_two_stale_forms_at_once_save_one(two):
    shift = a_shift(at("2026-12-10"))
    address = f"/rota/shifts/{shift.pk}/edit/"
    forms = [opened(client, address) | {"title": title} for client, title in zip(two, ("Left", "Right"), strict=True)]
    answers = at_once(*(lambda at=at: two[at].post(address, forms[at]) for at in (0, 1)))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    first = [answer.status_code for answer in answers].index(302)
    assert Shift.objects.get().title == ("Left", "Right")[first]


CHANGES = st.dictionaries(
    st.sampled_from(["title", "place", "note"]), st.text("abc é’", min_size=1, max_size=9).map(tidy_name).filter(bool)
)


@pytest.mark.django_db
@given(first=CHANGES, second=CHANGES)
@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_stale_edits_lose_nothing(two, first, second):
    """Whatever the first saved stands, unless the second was told of it."""
    with taken_back():
        shift = a_shift(at("2026-12-10"))
        address = f"/rota/shifts/{shift.pk}/edit/"
        mine, theirs = (opened(client, address) for client in two)
        assert two[0].post(address, mine | first).status_code == 302
        response = two[1].post(address, theirs | second | {"form_key": uuid.uuid4().hex})
        now = Shift.objects.get(pk=shift.pk)
        if response.status_code == 409:
            assert {name: getattr(now, name) for name in first} == first
            assert {name: reopened(response)[name] for name in second} == {name: [second[name]] for name in second}
        else:
            assert response.status_code == 302
            assert {name: getattr(now, name) for name in first | second} == first | second
