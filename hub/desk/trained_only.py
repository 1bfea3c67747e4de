"""Items that only trained people should hand over: a line beside them says who is trained. It stops nobody."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.core.periods import tonight
from hub.desk.models.openings import Opening
from hub.desk.models.settings import DeskSettings
from volunteers.models import Holding, Qualification, User


def describe_trained(request: HttpRequest, opening: Opening | None) -> str:
    """Who on this shift is trained: by name for a person who signed in, as a number on a device that lies about.

    A person who is trained is told so, on the shift or not.
    """
    if (trained := DeskSettings.current().trained) is None:
        return describe_trained_unknown()
    people = _find_trained(request, opening, trained)
    if request.user in people:
        others = [person.chosen_name for person in people if person != request.user]
        return _("trained people only: %(names)s") % {"names": ", ".join([_("you are"), *others])}
    if opening is None or opening.shift is None:
        return describe_trained_unknown()
    names = [person.chosen_name for person in people]
    if not names:
        return _("trained people only: as far as we know, nobody on this shift is trained")
    if request.user.is_authenticated:
        return _("trained people only: %(names)s") % {"names": ", ".join(names)}
    sentence = ngettext(
        "trained people only: %(n)d on this shift is", "trained people only: %(n)d on this shift are", len(names)
    )
    return sentence % {"n": len(names)}


def describe_trained_unknown() -> str:
    """The line where nobody can be named, as on the page a device keeps."""
    return _("trained people only: ask who is trained tonight")


def _find_trained(request: HttpRequest, opening: Opening | None, trained: Qualification) -> list[User]:
    """Trained people of this shift, and the person who asks if they are trained; one statement for both."""
    shift = opening.shift if opening else None
    on_shift = shift.people() if shift else User.objects.none()
    held = Holding.objects.on(tonight()).filter(qualification=trained)
    here = User.objects.filter(Q(pk__in=on_shift.values("pk")) | Q(pk=request.user.pk))
    return list(here.filter(pk__in=held.values("person")).order_by("chosen_name__sorted", "pk"))
