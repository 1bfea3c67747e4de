"""Items that only trained people should hand over: a line beside them says who is trained. It stops nobody."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.desk.models.openings import Opening
from hub.desk.models.settings import DeskSettings


def describe_trained(request: HttpRequest, opening: Opening | None) -> str:
    """Who on this shift is trained: by name for a person who signed in, as a number on a device that lies about."""
    if opening is None or opening.shift is None or (trained := DeskSettings.current().trained) is None:
        return describe_trained_unknown()
    names = [person.chosen_name for person in opening.shift.holders_of(trained)]
    if not names:
        return _("trained people only: nobody on this shift is, as far as we know")
    if request.user.is_authenticated:
        return _("trained people only: %(names)s") % {"names": ", ".join(names)}
    sentence = ngettext(
        "trained people only: %(n)d on this shift is", "trained people only: %(n)d on this shift are", len(names)
    )
    return sentence % {"n": len(names)}


def describe_trained_unknown() -> str:
    """The line where nobody can be named, as on the page a device keeps."""
    return _("trained people only: ask who is, tonight")
