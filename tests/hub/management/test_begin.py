"""The first minute in production."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from hub.models import EmergencyCard, Hub
from supplies.models import Item, Lot, Movement
from volunteers.models import Invitation, Qualification, User

pytestmark = pytest.mark.django_db
ANSWERS = {"name": "The Arch", "address": "1 Road, London", "admin": "Robin"}


def begin(**options):
    said = io.StringIO()
    call_command("begin", stdout=said, **options)
    return said.getvalue()


def link_in(said):
    return re.search(r"http://\S+(/people/invitations/\S+)", said).group(1)


def test_begin_makes_hub_and_first_admin_link(client):
    said = begin(**ANSWERS)
    client.post(link_in(said), {"chosen_name": "Robin", "username": "robin", "password": "a very long one"})

    hub, person = Hub.objects.get(), User.objects.get()
    assert (hub.name, hub.address) == ("The Arch", "1 Road, London")
    assert (person.username, person.role_names, person.can_get_in) == ("robin", {"admin"}, True)
    assert client.get("/today/").headers["Location"] == "/accounts/2fa/"


def test_begin_shows_the_link_as_a_whole_square():
    lines = begin(**ANSWERS).splitlines()
    square = [number for number, line in enumerate(lines) if set(line) <= set("█▀▄ ") and line.strip()]

    assert square == list(range(square[0], square[0] + len(square))), "a gap would blind a camera"
    assert {len(lines[number]) for number in square} == {2 * len(square) - 1}


def test_begin_lays_out_defaults_and_no_people():
    begin(**ANSWERS)

    assert Item.objects.count() > 30
    assert not Lot.objects.exists()
    assert not Movement.objects.exists()
    assert Qualification.objects.count() == 5
    assert EmergencyCard.objects.count() == len(EmergencyCard.make_starting_cards())
    assert User.objects.count() == 1


def test_begin_without_tables_says_so():
    MigrationRecorder(connection).flush()

    with pytest.raises(CommandError, match="not laid out yet"):
        begin(**ANSWERS)

    assert not Hub.objects.exists()


def test_begin_refuses_a_hub_with_an_admin(admin):
    with pytest.raises(CommandError, match=r"^This hub has an admin already\.[^.]*--new-link\.$"):
        begin(**ANSWERS)

    assert not Hub.objects.exists()
    assert not Item.objects.exists()


def test_begin_twice_changes_nothing():
    begin(**ANSWERS)
    link = Invitation.objects.get().pk

    with pytest.raises(CommandError):
        begin(name="Other", address="Other", admin="Other")
    assert (Hub.objects.get().name, User.objects.get().chosen_name, Invitation.objects.get().pk) == (
        "The Arch",
        "Robin",
        link,
    )


def test_new_link_replaces_the_first_admins_old_one(client):
    old = link_in(begin(**ANSWERS))
    new = link_in(begin(new_link=True))

    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    assert User.objects.count() == 1


def test_new_link_is_refused_after_first_admin(admin):
    with pytest.raises(CommandError, match=r"^There is no first admin still waiting to come in\.$"):
        begin(new_link=True)
    assert not Invitation.objects.exists()


def test_new_link_is_refused_before_anybody_began():
    with pytest.raises(CommandError, match="no first admin"):
        begin(new_link=True)


@pytest.mark.parametrize("missing", sorted(ANSWERS))
def test_begin_without_answers_leaves_nothing(missing, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(CommandError, match="Say --name"):
        begin(**{key: value for key, value in ANSWERS.items() if key != missing})
    assert not Hub.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize("much", sorted(ANSWERS))
def test_begin_with_too_long_value_leaves_nothing(much):
    with pytest.raises(CommandError, match=r"\? Ensure this value has at most"):
        begin(**{**ANSWERS, much: "x" * 300})
    assert not Hub.objects.exists()
    assert not User.objects.exists()


def test_begin_asks_somebody_at_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stdin", Terminal("The Arch\n1 Road\n\N{BLACK HEART SUIT} Robin\n"))
    monkeypatch.setattr("sys.stdout", io.StringIO())
    begin()

    assert (Hub.objects.get().name, Hub.objects.get().address) == ("The Arch", "1 Road")
    assert User.objects.get().chosen_name == "\N{BLACK HEART SUIT} Robin"


def test_begin_keeps_people_who_are_there_already(volunteer):
    begin(**ANSWERS)

    assert set(User.objects.values_list("chosen_name", flat=True)) == {"Ash", "Robin"}
