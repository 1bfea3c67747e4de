"""Whoever has been quiet for a year is asked once, and then erased; whoever comes by stays."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from hub.people.inactivity import ask_inactive_people, erase_silent_people
from tests.conftest import PASSWORD
from tests.volunteers.rota_world import told
from volunteers.models import User

START = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


def later(**more):
    return time_machine.travel(START + dt.timedelta(**more), tick=False)


@pytest.fixture
def ash(db):
    with later():
        return User.objects.create_user("ash", chosen_name="Ash", email="ash@example.org", password=PASSWORD)


def test_a_year_of_silence_asks_once(ash):
    with later(days=365):
        assert ask_inactive_people() == 0
    with later(days=397):
        assert ask_inactive_people() == 1
        assert ask_inactive_people() == 0
    ash.refresh_from_db()
    assert (told(ash), ash.asked_on) == (1, dt.date(2027, 2, 16))


def test_who_says_nothing_in_two_months_is_erased(ash):
    with later(days=397):
        ask_inactive_people()
    with later(days=397 + 59):
        assert erase_silent_people() == 0
    with later(days=397 + 60):
        assert erase_silent_people() == 1
    assert not User.objects.filter(pk=ash.pk).exists()


def test_nobody_is_erased_who_was_not_asked(ash):
    with later(days=4000):
        assert erase_silent_people() == 0
    assert User.objects.filter(pk=ash.pk).exists()


def test_signing_in_is_all_it_takes_to_stay(client, sign_in, ash):
    with later(days=397):
        ask_inactive_people()
    with later(days=420):
        sign_in(client, ash)
        client.get("/today/")
        ash.refresh_from_db()
        assert (ash.last_here, ash.asked_on) == (dt.date(2027, 3, 1), None)
    with later(days=397 + 60):
        assert (ask_inactive_people(), erase_silent_people()) == (0, 0)
    assert User.objects.filter(pk=ash.pk).exists()


def test_month_is_written_once_a_month(client, sign_in, ash, django_assert_num_queries):
    with later(days=31):
        sign_in(client, ash)
        client.get("/people/me/sessions/")
        with django_assert_num_queries(2):  # session and person
            client.get("/people/me/sessions/")


def test_last_admin_is_asked_and_stays(admin):
    User.objects.update(last_here=dt.date(2020, 1, 1), asked_on=dt.date(2021, 3, 1))

    assert erase_silent_people() == 0
    assert User.objects.filter(pk=admin.pk).exists()


def test_by_hand_when_no_worker_lives(ash, capsys):
    with later(days=397):
        call_command("tidy")
    with later(days=460):
        call_command("tidy")

    assert capsys.readouterr().out.splitlines() == [
        "Tidied. 1 asked whether they stay, 0 erased.",
        "Tidied. 0 asked whether they stay, 1 erased.",
    ]
