"""A frozen day, one shelf and somebody to sign for it."""

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core import signing
from django.utils.crypto import salted_hmac

from hub.web.middleware import IDLE_COOKIE
from supplies.models import Store
from tests.supplies.makers import TODAY, an_item


@pytest.fixture
def today():
    """A Wednesday in May; opt in, since threads and browsers have clocks of their own."""
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False):
        yield TODAY


@pytest.fixture
def store(db):
    return Store.objects.create(name="Cupboard", order=1)


@pytest.fixture
def bag(store):
    return Store.objects.create(name="Outreach bag", order=3)


@pytest.fixture
def spoon(store):
    return an_item("Spoon")


@pytest.fixture
def somebody(db):
    return get_user_model().objects.create_user("somebody", chosen_name="Somebody")


@pytest.fixture
def another(db):
    return get_user_model().objects.create_user("another", chosen_name="Another")


@pytest.fixture
def sign_in():
    """Put somebody into a browser, awake."""

    def into(client, person):
        client.force_login(person)
        mark = salted_hmac("hub.web.middleware.awake", client.session.session_key).hexdigest()
        client.cookies[IDLE_COOKIE] = signing.TimestampSigner(salt=IDLE_COOKIE).sign(mark)

    return into


@pytest.fixture
def let(somebody):
    """Let somebody do these things, in Django's permission names, and no more."""

    def them(*names):
        group, _made = Group.objects.get_or_create(name="keepers of the shelf")
        for name in names:
            app, _, codename = name.partition(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        somebody.groups.add(group)

    return them
