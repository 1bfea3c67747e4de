"""An evening from first to last: opening the desk, getting ready, closing it, or calling it off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.form_keys import keeps_own_key
from hub.core.tonights_lead import can_lead_tonight
from hub.desk.access import DESK_COOKIE, desk_access_required, get_device, set_desk_cookie
from hub.desk.exceptions import DeskClosed
from hub.desk.forms.openings import CancelForm, CloseForm, OpenForm
from hub.desk.models.handovers import Handover
from hub.desk.models.openings import Opening
from hub.desk.models.planned_shifts import find_shifts_tonight
from hub.desk.models.settings import DeskSettings
from hub.desk.script_config import build_script_config
from volunteers.models import LetterKind, Shift, User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.views.telling import say_all_told


def render_closed_desk(request: HttpRequest, form: OpenForm | None = None, status: int = 200) -> HttpResponse:
    """The desk while it is closed: this evening's shifts, and opening on the spot."""
    shifts = Opening.objects.find_unopened_shifts()
    context = {
        "form": form or OpenForm(shifts=shifts),
        "shifts": shifts,
        "overdue": Opening.objects.overdue().exists(),
        "may_lead": can_lead_tonight(request.user) if request.user.is_authenticated else False,
        "config": build_script_config(),
    }
    return render(request, "hub/desk/openings/closed.html", context, status=status)


@keeps_own_key
@permission_required("hub.staff_desk", raise_exception=True)
@require_POST
def open_desk(request: SignedInRequest) -> HttpResponse:
    """Open the desk for this evening, or open it again."""
    shifts = Opening.objects.find_unopened_shifts()
    form = OpenForm(request.POST, shifts=shifts)
    if not form.is_valid():
        return render_closed_desk(request, form, status=422)
    chosen = form.cleaned_data
    shift = form.shifts.get(chosen["shift"]) or (None if chosen["kind"] else _find_shift_on_now(shifts))
    if shift is not None:
        opening = Opening.objects.start_for(shift)
    else:
        opening = Opening.objects.start(
            kind=chosen["kind"] or Opening.Kind.UNPLANNED, place=" ".join(chosen["place"].split())
        )
    return _remember_desk(redirect("hub:desk-ready", opening.pk), opening)


@keeps_own_key
@permission_required("hub.staff_desk", raise_exception=True)
@require_POST
def choose_desk(_request: SignedInRequest, pk: int) -> HttpResponse:
    """Be at this desk, where several are open this evening."""
    return _remember_desk(redirect("hub:desk"), get_object_or_404(Opening.objects.tonight(), pk=pk))


@desk_access_required
@require_safe
def show_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The page before the door opens: who is on, the checklist, the last handover, the alerts."""
    opening = _get_opening_or_404(request, pk)
    names = (
        opening.shift.people().order_by("chosen_name__sorted")
        if opening.shift and request.user.is_authenticated
        else []
    )
    context = {
        "opening": opening,
        "people": names,
        "steps": DeskSettings.current().steps,
        "handover": Handover.objects.last(opening.place),
        "may_lead": request.user.is_authenticated and can_lead_tonight(request.user),
        "config": build_script_config(opening),
    }
    return render(request, "hub/desk/openings/ready.html", context)


@desk_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the desk, after a look at its totals. Of an empty evening somebody says whether that is known."""
    opening = _get_opening_or_404(request, pk)
    totals = opening.totals()
    handover = Handover.objects.filter(opening=opening).first()
    initial = {"note": handover.note, "to_order": handover.to_order} if handover else {}
    form = CloseForm(request.POST or None, nobody_yet=not totals.visits, initial=initial)
    if form.is_valid():
        return _close(request, opening, form)
    context = {
        "opening": opening,
        "totals": totals,
        "form": form,
        "config": build_script_config(opening, totals),
    }
    return render(request, "hub/desk/openings/close.html", context, status=422 if form.is_bound else 200)


@permission_required("hub.staff_desk", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_evening(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call this evening's shift off, and its desk with it: for tonight's lead, with no coordinator online."""
    if not can_lead_tonight(request.user):
        raise PermissionDenied
    shift = next((shift for shift in find_shifts_tonight() if shift.pk == pk), None)
    if shift is None:
        raise Http404
    form = CancelForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            people = Opening.objects.cancel_shift(shift, form.cleaned_data["reason"], by=request.user)
        except (DeskClosed, NotAllowed) as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, say_all_told(_("It is called off."), people))
            return redirect("hub:desk")
    return render(request, "hub/desk/openings/cancel.html", {"form": form, "shift": shift}, status=status)


@permission_required("hub.lead_openings", raise_exception=True)
@require_safe
def show_whom_to_ring(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whom to ring: the people of that evening's shift. That they asked is written nowhere."""
    opening = get_object_or_404(Opening.objects.select_related("shift"), pk=pk)
    people = opening.shift.people().order_by("chosen_name__sorted") if opening.shift else User.objects.none()
    return render(request, "hub/desk/openings/ring.html", {"opening": opening, "people": people})


def _close(request: HttpRequest, opening: Opening, form: CloseForm) -> HttpResponse:
    cleaned = form.cleaned_data
    # Both or neither: and once they are there, the tables are written anew.
    with transaction.atomic():
        closed = opening.close(nobody_came=cleaned.get("empty") == Opening.State.NOBODY_CAME, bins=form.bins())
        # Where somebody closed it first, their handover was not on this form: add to it, and delete nothing.
        save_handover = Handover.objects.write if closed else Handover.objects.add
        save_handover(opening, note=cleaned["note"].strip(), to_order=cleaned["to_order"].strip())
    if cleaned["ring_us"] and not _notify_coordinators(opening):
        messages.warning(
            request,
            _("We could not tell anybody that you want a call: no coordinator gets e-mail from here. Please call one."),
        )
    if not closed and form.bins():
        messages.warning(
            request, _("The desk was already closed, so we did not count the bins. To count them, open it again.")
        )
    messages.success(request, _("The desk is closed. Thank you for tonight."))
    return redirect("hub:today" if request.user.is_authenticated else "hub:device-pair")


def _notify_coordinators(opening: Opening) -> int:
    """Write to every coordinator who wants mail. Returns how many."""
    coordinators = User.objects.in_role("coordinator")
    letters = [coordinator.tell(LetterKind.CARE, opening.get_ring_url()) for coordinator in coordinators]
    return sum(letter is not None for letter in letters)


def _get_opening_or_404(request: HttpRequest, pk: int) -> Opening:
    """An opening, open or closed again; a device sees its own and no other."""
    device = get_device(request)
    mine: Any = {"pk": device.opening_id} if device else {}
    return get_object_or_404(Opening.objects.select_related("shift").filter(**mine), pk=pk)


def _find_shift_on_now(shifts: list[Shift]) -> Shift | None:
    now = timezone.now()
    return next((shift for shift in shifts if shift.is_on(now)), None)


def _remember_desk(response: HttpResponse, opening: Opening) -> HttpResponse:
    return set_desk_cookie(response, DESK_COOKIE, str(opening.pk))
