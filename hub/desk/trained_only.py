"""Who may hand over what only trained people should: said beside the thing, and stopping nobody."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.desk.models.openings import Opening
from hub.desk.models.settings import DeskSettings


def who_may(request: HttpRequest, opening: Opening | None) -> str:
    """Who on this shift may. Names are for whoever signed in; a paired device lies about in the room, and counts."""
    if opening is None or opening.shift is None or (trained := DeskSettings.current().trained) is None:
        return nobody_said()
    names = [person.chosen_name for person in opening.shift.holders_of(trained)]
    if not names:
        return _("trained people only: nobody on this shift is, as far as we know")
    if request.user.is_authenticated:
        return _("trained people only: %(names)s") % {"names": ", ".join(names)}
    said = ngettext(
        "trained people only: %(n)d on this shift is", "trained people only: %(n)d on this shift are", len(names)
    )
    return said % {"n": len(names)}


def nobody_said() -> str:
    """The same where nobody can be named, as on the page a device keeps."""
    return _("trained people only: ask who is, tonight")
