"""Second steps without a phone, and a day on which rotas are made."""

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connection

from tests.volunteers.rota_world import NOW


@pytest.fixture
def now():
    """The clock, which stands until it is moved."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def mo(coordinator):
    """The coordinator, with somewhere to write to."""
    coordinator.email = "mo@example.org"
    coordinator.save()
    return coordinator


@pytest.fixture
def with_app(db):
    """Give somebody an app that shows codes; returns what the app does: it says the code of this moment."""

    def give(person):
        secret = generate_totp_secret()
        TOTP.activate(person, secret)
        return lambda: format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[-1]))

    return give


@pytest.fixture
def with_paper(db):
    """Give somebody codes on paper, and return them."""

    def give(person):
        return RecoveryCodes.activate(person).get_unused_codes()

    return give


@pytest.fixture
def with_key(db):
    """Give somebody a key we cannot use, but that counts."""

    def give(person):
        return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "A key"})

    return give


@pytest.fixture
def everything_written(db):
    """All the text of every table, as somebody with a copy of the database would search it."""

    def read():
        with connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()")
            tables = [name for (name,) in cursor.fetchall()]
            said = []
            for table in tables:
                cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 -- names of our own tables
                said += [row for (row,) in cursor.fetchall()]
        return "\n".join(said)

    return read
