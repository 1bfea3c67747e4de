"""How often anybody may try: counted by all processes at once, washed out by nothing, and told to nobody."""

import datetime as dt
from functools import partial

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import connection
from django.test import Client

from hub.operations.purge import purge
from tests.conftest import PASSWORD
from tests.journeys.server import database_url
from tests.project.conftest import ended
from tests.surroundings import UNSET
from tests.volunteers.rota_world import NOW
from tests.volunteers.sign_in_steps import CODE, LOGIN, RESET, posted, with_mail
from tests.volunteers.threads import at_once
from volunteers.shared import rate_limits
from volunteers.shared.rate_limits import RateLimit, RateLimitCache, find_bucket
from volunteers.shared.registries.retention import InBackups, find_tables

TOO_MANY = "Too many tries."
STEP = "/accounts/2fa/authenticate/"
FLOOD = [f"198.51.{number // 200}.{number % 200}" for number in range(420)]
GUESS = """
import django; django.setup()
from django.test import Client
answer = Client().post("/accounts/login/", {"login": "ash", "password": "wrong"}, REMOTE_ADDR="203.0.113.77")
print("Too many" in answer.content.decode())
"""


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def guess(client, name="ash", password="wrong", address="203.0.113.1"):  # noqa: S107 -- a wrong one
    return client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address).content.decode()


def flood():
    """One count each, for more addresses than Django's memory cache has entries."""
    for address in FLOOD:
        cache.set(f"allauth:rl:allauth.account:login:30/60/ip:ip:{address}", [1.0], 60)


def flood_by_requests():
    for address in FLOOD:
        Client().post(LOGIN, {"login": f"n{address}", "password": ""}, REMOTE_ADDR=address)


def test_flood_clears_no_password_limit(client, volunteer):
    for number in range(5):
        guess(client, address=f"203.0.113.{number}")
    flood_by_requests()

    answers = [guess(client, address=f"203.0.113.{number}") for number in range(10, 15)]

    assert [TOO_MANY in answer for answer in answers] == [True] * 5
    assert TOO_MANY in guess(client, password=PASSWORD, address="203.0.113.20")


def test_flood_clears_no_second_step_limit(client, volunteer, with_app):
    with_app(volunteer)
    paper = RecoveryCodes.activate(volunteer).get_unused_codes()
    client.post(LOGIN, {"login": "ash", "password": PASSWORD})
    for number in range(5):
        client.post(STEP, {"code": f"{number:06}"})
    flood()

    answers = [client.post(STEP, {"code": code}).content.decode() for code in paper[:5]]

    assert [TOO_MANY in answer for answer in answers] == [True] * 5


@pytest.mark.parametrize(("door", "letters"), [(CODE, 3), (RESET, 5)])
def test_flood_clears_no_mail_limit(volunteer, door, letters):
    with_mail(volunteer)
    for _time in range(8):
        Client().post(door, {"email": "ash@example.org"})
    before = len(posted())
    flood()
    Client().post(door, {"email": "ash@example.org"}, REMOTE_ADDR="203.0.113.9")

    assert before == letters
    assert posted() == []


def test_honest_person_comes_in_after_flood(client, volunteer):
    flood()

    guess(client, password=PASSWORD)

    assert client.get("/people/me/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_another_process_counts_the_same_tries(client, volunteer, settings):
    environment = {
        **UNSET,
        "DEBUG": "true",
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "ALLOWED_HOSTS": "testserver",
    }
    for number in range(4):
        guess(client, address=f"203.0.113.{number}")

    code, out, err = ended("-c", GUESS, **environment)
    assert (code, out.strip()) == (0, "False"), err
    assert TOO_MANY in guess(client)
    code, out, err = ended("-c", GUESS, **environment)
    assert (code, out.strip()) == (0, "True"), err


@pytest.mark.django_db(transaction=True)
def test_eight_guesses_at_once_are_five(volunteer):
    answers = at_once(*(partial(guess, Client(), address=f"203.0.113.{number}") for number in range(8)))

    assert sum(TOO_MANY not in answer for answer in answers) <= 5


# --- What lies in the table


def test_table_names_no_address_and_no_person(client, volunteer, now):
    with_mail(volunteer)
    for login in ("ash", "ash@example.org", "stranger@example.org"):
        guess(client, login, address="203.0.113.7")
    client.post("/school/join/", {"name": "Ash", "email": "ash@example.org"}, REMOTE_ADDR="2001:db8::7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM volunteers_ratelimit t")
        rows = "\n".join(row for (row,) in cursor.fetchall())

    assert RateLimit.objects.count() >= 6
    for told in ("203.0", "2001", "ash", "example", str(NOW.timestamp())[:9]):
        assert told not in rows
    assert {row.expires_at.second for row in RateLimit.objects.all()} == {0}
    assert any(NOW.timestamp() in row.value for row in RateLimit.objects.all()), "sealed, it is there"


def test_bucket_is_another_the_next_day(now):
    here = find_bucket("allauth:rl:allauth.account:login:30/60/ip:ip:203.0.113.7")
    now.shift(dt.timedelta(days=1))
    tomorrow = find_bucket("allauth:rl:allauth.account:login:30/60/ip:ip:203.0.113.7")

    assert here != tomorrow
    assert here.partition(" ")[0] == tomorrow.partition(" ")[0] == "allauth:rl:allauth.account:login:30/60/ip"


def test_bucket_needs_our_key(settings):
    here = find_bucket("ideas:send")
    settings.SECRET_KEY = "another one, long enough for anybody who asks about it"

    assert find_bucket("ideas:send") != here


def test_kind_has_at_most_a_million_buckets(monkeypatch):
    monkeypatch.setattr(rate_limits, "BUCKET_DIGITS", 1)

    assert len({find_bucket(f"allauth:rl:a:b:5/60/key:{number}") for number in range(1000)}) == 16


def test_table_is_in_no_log_and_no_backup(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'volunteers_ratelimit'::regclass")
        assert cursor.fetchone() == ("u",)
    assert "volunteers_ratelimit" in find_tables(in_backups=InBackups.NEVER)


def test_expired_tries_go_by_use_and_job(client, db, now):
    guess(client)
    now.shift(dt.timedelta(hours=1, minutes=2))
    guess(client, address="203.0.113.2")
    assert not RateLimit.objects.filter(expires_at__lte=dt.datetime.now(dt.UTC)).exists()
    now.shift(dt.timedelta(hours=1, minutes=2))
    purge()

    assert not RateLimit.objects.exists()


def test_limits_end_when_they_say(client, volunteer, now):
    for _time in range(5):
        guess(client)
    now.shift(dt.timedelta(minutes=4, seconds=58))
    assert TOO_MANY in guess(client, password=PASSWORD)
    now.shift(dt.timedelta(seconds=3))

    guess(client, password=PASSWORD)

    assert client.get("/people/me/").status_code == 200


def test_another_secret_key_forgets_and_does_not_break(client, volunteer, settings):
    for _time in range(5):
        guess(client)
    settings.SECRET_KEY = "another one, long enough for anybody who asks about it"

    assert TOO_MANY not in guess(client, password=PASSWORD)


# --- Django's cache, as far as it is one


def test_cache_keeps_counts_and_forgets(db, now):
    store = RateLimitCache("", {})

    assert store.get("ideas:x", 7) == 7
    assert store.add("ideas:x", 1, 60)
    assert not store.add("ideas:x", 5, 60)
    assert store.incr("ideas:x") == 2
    assert store.delete("ideas:x")
    assert not store.delete("ideas:x")
    with pytest.raises(ValueError, match="Nothing is counted"):
        store.incr("ideas:x")
    store.set("ideas:x", [1.5], 10**9)
    assert (store.get("ideas:x"), RateLimit.objects.get().expires_at - NOW) == ([1.5], dt.timedelta(hours=1, minutes=1))
    store.clear()
    assert not RateLimit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_counts_of_four_at_once_add_up():
    cache.add("ideas:x", 0, 60)

    at_once(*[lambda: [cache.incr("ideas:x") for _time in range(10)]] * 4)

    assert cache.get("ideas:x") == 40
