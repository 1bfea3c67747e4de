"""Where to go: every address there is that somebody may look at, with the fullest thing of a world behind it.

The addresses are those of the table of doors, so that a new page is measured by itself. What its address speaks of is
looked for among `things` first; where nobody has said there what that would be, what the tests put behind the door
will do.
"""

from http import HTTPStatus

from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from tests.bench.cast import ROLES
from tests.bench.things import Things
from tests.project.access_fixtures import arguments_of
from tests.project.access_matrix import DOORS
from volunteers.models import User

TURNED_AWAY = {HTTPStatus.FOUND, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}


def every_address(resolver=None, spaces=(), outer=()):
    """Name and arguments of every address outside the admin."""
    for entry in (resolver or get_resolver()).url_patterns:
        arguments = (*outer, *entry.pattern.converters)
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "(no name)")), arguments
        elif entry.namespace != "admin":
            yield from every_address(entry, (*spaces, entry.namespace) if entry.namespace else spaces, arguments)


def may_open(name, role):
    """Whether there may be something to see, once there is something behind it: not turned away for who one is."""
    return getattr(DOORS[name], role) not in TURNED_AWAY


def promised(name, role):
    """Whether the table of doors says that this role sees something there."""
    return getattr(DOORS[name], role) == HTTPStatus.OK


class Addresses:
    """Name → address, in the world that is laid out in our database."""

    def __init__(self, only=""):
        self.things, self.missing = Things(), {}
        self.volunteer = User.objects.get(username="volunteer")
        arguments = dict(every_address())
        names = [name for name in DOORS if only in name and any(may_open(name, role) for role in ROLES)]
        self.all = {name: address for name in names if (address := self._address(name, arguments[name]))}

    def _address(self, name, wanted):
        known = {
            argument: found for argument in wanted if (found := self.things.behind(name).get(argument)) is not None
        }
        try:
            if set(known) != set(wanted):
                with transaction.atomic():
                    known = arguments_of(name, self.volunteer)
            return reverse(name, kwargs={argument: known[argument] for argument in wanted})
        except Exception as problem:  # noqa: BLE001 -- whatever it is, it is told, and the others are measured
            if any(promised(name, role) for role in ROLES):
                self.missing[name] = f"{type(problem).__name__}: {problem}"
            return None
