"""Every address answers each role as the table says, and no address is missing from it."""

import re
import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from hub.core.embedded_postgres import PROJECT
from tests.project import access_table
from tests.project.access_matrix import DOORS, EVERYBODY, ROLES
from tests.project.access_requests import EMPTY, Cast, addresses, written
from volunteers.models import Invitation

# Each share meets one cast: making it for every single address took longer than asking.
SHARES = [list(DOORS)[first : first + 24] for first in range(0, len(DOORS), 24)]
AN_ARGUMENT = re.compile(r"<(\w+):\w+>")
SOME = {"int": "1", "str": "x", "slug": "x", "uuid": str(uuid.UUID(int=1)), "day": "2026-11-26", "month": "2026-11"}
BEFORE_A_SECOND_STEP = ("account_", "mfa_", "hub:alive", "hub:ready")


@pytest.fixture(scope="module")
def all_addresses():
    return list(addresses(get_resolver()))


@pytest.fixture
def people(admin, coordinator, trainer, volunteer, trainee, demo):
    return {
        "trainee": trainee,
        "volunteer": volunteer,
        "trainer": trainer,
        "coordinator": coordinator,
        "admin": admin,
    }


@pytest.fixture
def cast(people, sign_in):
    return Cast(people, sign_in)


def test_every_address_is_in_the_table_once(all_addresses):
    assert sorted(name for name, _view, _arguments in all_addresses) == sorted(DOORS)


def test_the_table_to_be_read_is_this_one():
    assert (PROJECT / access_table.PAGE).read_text() == access_table.as_a_page()


def test_view_is_public_only_with_a_reason(all_addresses):
    is_open = {name for name, view, _arguments in all_addresses if not getattr(view, "login_required", True)}
    assert is_open == {name for name, door in DOORS.items() if door.reason}


@pytest.mark.parametrize("names", SHARES, ids=lambda names: names[0])
def test_doors_answer_as_the_table_says(names, cast):
    answers, expected = {}, {}
    for name in names:
        with cast.behind(name) as address:
            got = {role: cast.ask(role, "GET", address) for role in EVERYBODY}
            sent = {role: cast.ask(role, "POST", address, data=EMPTY) for role in EVERYBODY}
        answers[name] = [{role: answer.status_code for role, answer in each.items()} for each in (got, sent)]
        expected[name] = [DOORS[name].answers("GET"), DOORS[name].answers("POST")]
        if not DOORS[name].reason:
            to_sign_in = f"{reverse('account_login')}?next={address}"
            assert {each["anonymous"].headers["Location"] for each in (got, sent)} == {to_sign_in}
    assert answers == expected


@pytest.mark.parametrize("name", ["hub:desk-session", "hub:desk-visits"])
def test_a_desk_device_is_told_in_json(name, client, db):
    response = client.get(reverse(name))
    assert response.status_code == 401
    assert response.json()["why"]


def test_the_admin_is_for_admins(cast):
    """Each address of it, with a number where there is one; nobody else is told which of them there are."""
    addresses = [
        address.replace("<path:object_id>", "1").replace("<int:content_type_id>/<path:object_id>", "1/1")
        for name, address in written()
        if name.startswith("admin:") and name not in {"admin:login", "admin:logout"} and "(" not in address
    ]
    assert len(addresses) > len(ROLES)
    to_sign_in = {reverse("admin:login"), reverse("account_login")}
    assert cast.ask("admin", "GET", reverse("admin:index")).status_code == 200
    for address in addresses:
        assert cast.ask("admin", "GET", address).status_code in {200, 302, 400, 403, 404, 405}, address
        for role in ("anonymous", "volunteer", "coordinator"):
            response = cast.ask(role, "GET", address)
            assert response.status_code == 302, (address, role)
            assert response.headers["Location"].partition("?")[0] in to_sign_in, (address, role)


def test_access_is_denied_before_second_step(cast, settings):
    """Whatever is behind them, or nothing: nobody gets as far as looking."""
    settings.DEMO = False
    how = dict(written())
    for name in DOORS:
        if name.startswith(BEFORE_A_SECOND_STEP):
            continue
        address = AN_ARGUMENT.sub(lambda match: SOME[match[1]], how[name])
        for role in ("coordinator", "admin"):
            response = cast.ask(role, "GET", address)
            if name == "hub:emergency":
                assert response.status_code == 200
            else:
                assert (response.status_code, response.headers["Location"]) == (302, reverse("mfa_index")), name


@pytest.mark.parametrize("role", ROLES)
def test_live_invitation_opens_by_link(role, people, sign_in):
    client = Client()
    if role in people:
        sign_in(client, people[role])
    link = Invitation.renew(people["trainee"]).link()
    assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200
