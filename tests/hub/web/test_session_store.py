"""Sessions: rows that say neither who is signed in nor when, and that end."""

import datetime as dt
import json

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from hub.web.middleware import IDLE_COOKIE
from hub.web.session_store import SessionStore
from tests.conftest import PASSWORD
from volunteers.models import User
from volunteers.shared.sealing import seal

pytestmark = pytest.mark.django_db


def knock(client, name="ash"):
    return client.post("/accounts/login/", {"login": name, "password": PASSWORD})


def signed_in(client):
    return client.get("/people/me/").status_code == 200


def test_row_says_neither_who_nor_when(client, volunteer):
    knock(client)

    row = Session.objects.get()
    said = f"{row.session_data} {json.dumps(str(row.expire_date))}"
    # Long ones, or with a mark that no sealed text has: three letters are found in it by chance.
    for clue in (f'"{volunteer.pk}"', '"ash"', '"Ash"', "_auth_user_id", "account_authentication_methods", "password"):
        assert clue not in said
    assert SessionStore().decode(row.session_data)["_auth_user_id"] == str(volunteer.pk), (
        "and it is there, under the seal"
    )
    assert ":" not in row.session_data, "django.core.signing would put the moment between colons"


def test_two_sessions_of_one_person_look_unrelated(client, volunteer):
    knock(client)
    knock(Client())

    first, second = (row.session_data for row in Session.objects.all())
    assert first[:16] != second[:16]


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-05-13 00:01 +0100", "2026-05-14 23:00"),
        ("2026-05-13 23:59 +0100", "2026-05-14 23:00"),
        ("2026-10-24 12:00 +0100", "2026-10-26 00:00"),
        ("2026-03-28 12:00 +0000", "2026-03-29 23:00"),
    ],
    ids=["early", "late", "when clocks go back", "when clocks go forward"],
)
def test_session_expires_tomorrow_at_day_end(now, ends):
    with time_machine.travel(now, tick=False):
        store = SessionStore()
        store["x"] = 1
        store.create()

    assert Session.objects.get().expire_date == dt.datetime.fromisoformat(ends).replace(tzinfo=dt.UTC)


def test_session_ends_with_its_row(client, volunteer, settings):
    settings.IDLE_SECONDS = 10**9
    with time_machine.travel("2026-05-13 20:00 +0100", tick=False) as clock:
        knock(client)
        clock.move_to("2026-05-14 23:59 +0100")
        assert signed_in(client)
        clock.move_to("2026-05-15 00:01 +0100")
        assert not signed_in(client)


def test_expired_rows_are_cleared():
    with time_machine.travel("2026-05-13 20:00 +0100", tick=False) as clock:
        SessionStore().create()
        clock.move_to("2026-05-14 23:59 +0100")
        SessionStore.clear_expired()
        assert Session.objects.count() == 1
        clock.move_to("2026-05-15 00:01 +0100")
        SessionStore.clear_expired()
        assert Session.objects.count() == 0


def test_cookie_ends_with_the_browser(client, volunteer):
    answer = knock(client)

    for name in ("s", IDLE_COOKIE):
        cookie = answer.cookies[name]
        assert (cookie["max-age"], cookie["expires"]) == ("", "")
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_cookies_are_secure_in_production(client, volunteer, settings):
    settings.SESSION_COOKIE_SECURE = True

    answer = knock(client)

    assert answer.cookies["s"]["secure"]
    assert answer.cookies[IDLE_COOKIE]["secure"]


@pytest.mark.parametrize("broken", ["", "x", "e30=", "{}"])
def test_row_nobody_can_open_is_nobodys_session(client, volunteer, broken):
    knock(client)
    Session.objects.update(session_data=broken)

    assert not signed_in(client)


def test_session_opens_with_fallback_key_only(client, volunteer, settings):
    knock(client)
    row = Session.objects.get()
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    assert SessionStore().decode(row.session_data) == {}
    settings.SECRET_KEY_FALLBACKS = [old]
    assert SessionStore().decode(row.session_data)["_auth_user_id"] == str(volunteer.pk)


def test_data_sealed_for_another_purpose_is_no_session():
    assert SessionStore().decode(seal('{"_auth_user_id": "1"}', purpose="letter")) == {}


def test_signing_in_renames_the_session(client, volunteer):
    client.get("/accounts/login/")
    session = client.session
    session["before"] = "kept"
    session.save()
    client.cookies["s"] = before = session.session_key

    knock(client)

    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_ending_sessions_spares_other_people(volunteer, trainee):
    theirs, others = [Client(), Client()], Client()
    for client in theirs:
        knock(client)
    knock(others, "jules")

    User.objects.get(pk=volunteer.pk).end_sessions()

    assert [signed_in(client) for client in theirs] == [False, False]
    assert signed_in(others)


# --- Idle


def test_twenty_quiet_minutes_end_it(client, volunteer):
    with time_machine.travel("2026-05-13 20:00 +0100", tick=False) as clock:
        knock(client)
        clock.shift(19 * 60)
        assert signed_in(client)
        clock.shift(19 * 60)
        assert signed_in(client), "each request starts the minutes again"
        clock.shift(21 * 60)
        assert not signed_in(client)
        clock.shift(-21 * 60)
        assert not signed_in(client), "an ended session does not come back"
        assert Session.objects.count() == 0


@pytest.mark.parametrize("cookie", [None, "", "forged", "forged:1xVSU4:x"])
def test_session_without_its_mark_is_nobodys(client, volunteer, cookie):
    """So that the names of sessions in a copy of the database open nothing."""
    knock(client)
    if cookie is None:
        del client.cookies[IDLE_COOKIE]
    else:
        client.cookies[IDLE_COOKIE] = cookie

    assert not signed_in(client)


def test_mark_of_another_session_is_rejected(client, volunteer):
    other = Client()
    knock(client)
    knock(other)

    client.cookies[IDLE_COOKIE] = other.cookies[IDLE_COOKIE].value

    assert not signed_in(client)
    assert signed_in(other)


def test_mark_goes_when_somebody_signs_out(client, volunteer):
    knock(client)

    answer = client.post("/accounts/logout/")

    assert answer.cookies[IDLE_COOKIE].value == ""
    assert answer.cookies[IDLE_COOKIE]["max-age"] == 0


def test_no_row_holds_last_request_time(client, volunteer):
    knock(client)
    before = list(Session.objects.values())
    client.get("/people/me/")

    assert list(Session.objects.values()) == before
