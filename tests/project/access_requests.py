"""Asking at doors: everybody who might, with whatever an address needs to be there, and nothing left behind.

The cast is made once for a test, and each request and each thing behind a door is taken back after it, so that a
POST may do whatever it does.
"""

import contextlib
import copy

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from hub.core import periods
from hub.desk.access import DEVICE_COOKIE
from hub.models import DeskDevice, Opening
from tests.project.access_fixtures import arguments_of
from tests.project.access_matrix import EVERYBODY
from tests.volunteers.rota_world import grant
from volunteers.models import User


def addresses(resolver, spaces=(), outer=()):
    """Name, view and arguments of every address outside the admin."""
    for entry in resolver.url_patterns:
        arguments = (*outer, *entry.pattern.converters)
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "(no name)")), entry.callback, arguments
        elif entry.namespace != "admin":
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from addresses(entry, inner, arguments)


def written(resolver=None, spaces=(), before="/"):
    """Name of every address, the admin's too, and how it is written: `/rota/shifts/<int:pk>/`."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = before + str(entry.pattern).removeprefix("^").removesuffix(r"\Z").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from written(entry, (*spaces, entry.namespace) if entry.namespace else spaces, here)
        else:
            yield ":".join((*spaces, entry.name or "(no name)")), here


# What a browser sends of a form in which nothing was filled in.
EMPTY = {"csrfmiddlewaretoken": "none"}


class Cast:
    """Everybody who might ask, each with what their browser would bring."""

    def __init__(self, people, sign_in):
        lead = User.objects.create_user("lee", chosen_name="Lee", password="a long password", roles=["volunteer"])
        self.people = people | {"lead": grant(lead, "shift-lead")}
        self.jars = {}
        for role in EVERYBODY:
            client = Client()
            if self.people.get(role):
                sign_in(client, self.people[role])
            self.jars[role] = client.cookies

    @contextlib.contextmanager
    def behind(self, name):
        """The address by a name, with whatever its arguments need to be there, until one has looked."""
        with taken_back():
            (wanted,) = [arguments for other, _view, arguments in addresses(get_resolver()) if other == name]
            known = arguments_of(name, self.people["volunteer"]) if wanted else {}
            yield reverse(name, kwargs={argument: known[argument] for argument in wanted})

    def ask(self, role, method, address, *, patient=False, cookies=None, look=None, **more):
        """What this role is answered. An exception in a view is raised here, unless we are `patient` with it.

        `look` is called before what the request wrote is taken back.
        """
        with taken_back():
            response = self.send(role, method, address, patient=patient, cookies=cookies, **more)
            if look:
                look(response)
            return response

    def send(self, role, method, address, *, patient=False, cookies=None, **more):
        """The same, and what the request wrote stays written."""
        client = Client(raise_request_exception=not patient)
        client.cookies = copy.deepcopy(self.jars[role])
        if role == "device":
            client.cookies[DEVICE_COOKIE] = a_device()
        client.cookies.load(cookies or {})
        return getattr(client, method.lower())(address, **more)


@contextlib.contextmanager
def taken_back():
    """Whatever is written inside was never written."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def a_device():
    """The cookie of a device at tonight's desk, which is opened if it is not."""
    opening = Opening.objects.current()
    if opening is None:
        # With no picture of the shelf, which takes long and is nothing to a door.
        evening = periods.evening(timezone.localtime())
        opening = Opening.objects.create(date=evening, kind=Opening.Kind.UNPLANNED, state=Opening.State.OPEN)
    _device, token = DeskDevice.objects.pair(DeskDevice.objects.invite(opening).code)
    return token
