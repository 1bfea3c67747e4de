"""Every address answers each role as the table says, and no address is missing from it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.project.behind_doors import arguments_of
from tests.project.doors import DOORS, ROLES, Door
from volunteers.models import Invitation


def addresses(resolver, spaces=(), outer=()):
    """Name, view and arguments of every address outside the admin."""
    for entry in resolver.url_patterns:
        arguments = (*outer, *entry.pattern.converters)
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "(no name)")), entry.callback, arguments
        elif entry.namespace != "admin":
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from addresses(entry, inner, arguments)


@pytest.fixture(scope="module")
def all_addresses():
    return list(addresses(get_resolver()))


@pytest.fixture
def people(admin, coordinator, trainer, volunteer, trainee, demo):
    return {
        "anonymous": None,
        "trainee": trainee,
        "volunteer": volunteer,
        "trainer": trainer,
        "coordinator": coordinator,
        "admin": admin,
    }


@pytest.fixture
def come_as(people, sign_in):
    def come(role):
        client = Client()
        if people[role]:
            sign_in(client, people[role])
        return client

    return come


@pytest.fixture
def address_of(all_addresses, people):
    """The address by a name, with whatever its arguments need to be there."""

    def address(name):
        (wanted,) = [arguments for other, _view, arguments in all_addresses if other == name]
        known = arguments_of(name, people["volunteer"]) if wanted else {}
        return reverse(name, kwargs={argument: known[argument] for argument in wanted})

    return address


@pytest.fixture
def outside_the_demo(settings):
    def go():
        settings.DEMO = False

    return go


def test_every_address_is_in_the_table_once(all_addresses):
    assert sorted(name for name, _view, _arguments in all_addresses) == sorted(DOORS)


def test_a_view_is_open_to_anybody_exactly_if_its_row_says_why(all_addresses):
    is_open = {name for name, view, _arguments in all_addresses if not getattr(view, "login_required", True)}
    assert is_open == {name for name, door in DOORS.items() if door.reason}


@pytest.mark.parametrize("name", DOORS)
def test_a_door_answers_as_the_table_says(name, come_as, address_of):
    address = address_of(name)
    answers = {role: come_as(role).get(address) for role in ROLES}
    assert Door(*(answers[role].status_code for role in ROLES), DOORS[name].reason) == DOORS[name]
    if not DOORS[name].reason:
        assert answers["anonymous"].headers["Location"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("name", ["hub:desk-session", "hub:desk-visits"])
def test_a_desk_device_is_told_in_json(name, client, db):
    response = client.get(reverse(name))
    assert response.status_code == 401
    assert response.json()["why"]


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_for_admins(role, come_as):
    response = come_as(role).get(reverse("admin:index"))
    if role == "admin":
        assert response.status_code == 200
    else:
        assert response.status_code == 302
        assert response.headers["Location"] == f"{reverse('admin:login')}?next={reverse('admin:index')}"


@pytest.mark.parametrize(
    "name", [name for name in DOORS if not name.startswith(("account_", "mfa_", "hub:alive", "hub:ready"))]
)
def test_a_door_is_shut_to_whoever_still_needs_a_second_step(name, come_as, address_of, outside_the_demo):
    address = address_of(name)
    outside_the_demo()
    for role in ("coordinator", "admin"):
        response = come_as(role).get(address)
        if name == "hub:emergency":
            assert response.status_code == 200
        else:
            assert (response.status_code, response.headers["Location"]) == (302, reverse("mfa_index"))


@pytest.mark.parametrize("role", ROLES)
def test_a_live_invitation_opens_to_whoever_has_the_link(role, come_as, people):
    link = Invitation.renew(people["trainee"]).link()
    assert come_as(role).get(link.removeprefix(settings.SITE_URL)).status_code == 200
