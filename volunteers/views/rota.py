"""Pages of the rota: week, month, gaps, places to take, one's own shifts, and the sheet for the wall."""

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from volunteers.board import by_day, cards
from volunteers.forms.rota import BreakForm, DayRangeForm
from volunteers.models import Offer, RotaSettings, Shift, losses
from volunteers.shared.actions import ask_first
from volunteers.shared.clock import get_week_start
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest

WEEK = dt.timedelta(days=7)
MAX_AHEAD = dt.timedelta(weeks=26)
MAX_SHOWN = 60


@require_safe
def show_week(request: SignedInRequest, day: dt.date | None = None) -> HttpResponse:
    """A week of the hub's, from its first day: a list on a phone, columns where there is room."""
    now = timezone.now()
    today = timezone.localdate(now)
    first = get_week_start(day or today)
    last = first + dt.timedelta(days=6)
    shifts = list(Shift.objects.visible_to(request.user).on_days(first, last).with_staffing())
    card_list = cards(request.user, shifts, now)
    shown = {
        "first": first,
        "last": last,
        "today": today,
        "days": by_day(first, 7, card_list),
        "earlier": first - WEEK,
        "later": first + WEEK,
        **_summarise_shifts(shifts, now),
    }
    return render(request, "volunteers/rota/week.html", shown)


@require_safe
def show_wall(request: SignedInRequest, day: dt.date) -> HttpResponse:
    """A week to print for the wall: times and gaps, without names."""
    first = get_week_start(day)
    shifts = Shift.objects.published().on_days(first, first + dt.timedelta(days=6)).with_staffing()
    card_list = cards(request.user, list(shifts), timezone.now(), choosing=False)
    shown = {"first": first, "last": first + dt.timedelta(days=6), "days": by_day(first, 7, card_list)}
    return render(request, "volunteers/rota/wall.html", shown)


@require_safe
def show_month(request: SignedInRequest, month: dt.date | None = None) -> HttpResponse:
    """A month of times and gaps, whole weeks, without names."""
    now = timezone.now()
    this = (month or timezone.localdate(now)).replace(day=1)
    after = this + relativedelta(months=1)
    first = get_week_start(this)
    days = -(-(after - first).days // 7) * 7
    shifts = list(
        Shift.objects.visible_to(request.user).on_days(first, first + dt.timedelta(days=days - 1)).with_staffing()
    )
    shown = {
        "month": this,
        "today": timezone.localdate(now),
        "days": by_day(first, days, cards(request.user, shifts, now, choosing=False)),
        "earlier": this - relativedelta(months=1),
        "later": after,
        "first": this,
        "last": after - dt.timedelta(days=1),
        **_summarise_shifts([shift for shift in shifts if this <= shift.day < after], now),
    }
    return render(request, "volunteers/rota/month.html", shown)


@require_safe
def list_gaps(request: SignedInRequest) -> HttpResponse:
    """The coming shifts that lack something, soonest first."""
    now = timezone.now()
    lacking = Shift.objects.published().upcoming(now).lacking(MAX_SHOWN, people=True)
    return render(request, "volunteers/rota/gaps.html", {"cards": cards(request.user, lacking, now)})


@require_safe
def list_places(request: SignedInRequest) -> HttpResponse:
    """The places this person could take; then the other shifts, with every reason against."""
    now = timezone.now()
    ahead = RotaSettings.current().rules.ahead or MAX_AHEAD
    soon = Shift.objects.published().filter(starts_at__gt=now, starts_at__lte=now + ahead + WEEK)
    shifts = soon.with_staffing().order_by("starts_at", "pk")
    sees = request.user.sees_people(timezone.localdate(now))
    card_list = cards(request.user, [shift for shift in shifts if shift.staffing.free], now, sees=sees)
    offers = Offer.objects.open(now).for_person(request.user).filter(covers__isnull=False).with_shifts()
    shown = {
        "can": [card for card in card_list if card.takes][:MAX_SHOWN],
        "cannot": [card for card in card_list if not card.takes and not card.mine][:MAX_SHOWN],
        "offers": offers,
        "sees": sees,
    }
    return render(request, "volunteers/rota/take.html", shown)


@require_safe
def show_mine(request: SignedInRequest) -> HttpResponse:
    """One's own shifts, and offers to and by oneself."""
    return render_mine(request, BreakForm(instance=request.user))


@require_POST
def take_a_break(request: SignedInRequest) -> HttpResponse:
    """Stop offers until a day, without a reason."""
    form = BreakForm(request.POST, instance=request.user)
    if not form.is_valid():
        request.user.refresh_from_db(fields=["on_break_until"])
        return render_mine(request, form, status=422)
    form.save()
    messages.success(request, _("Saved. Shifts you are on already stay yours."))
    return redirect("rota:mine")


@require_POST
@permission_required("volunteers.plan_rota", raise_exception=True)
def publish_days(request: SignedInRequest) -> HttpResponse:
    """Publish every draft between two days, and tell the people on one."""
    form = DayRangeForm(request.POST)
    if not form.is_valid():
        return render(request, "volunteers/rota/publish.html", {"form": form}, status=422)
    period = form.cleaned_data
    question = ask_first(
        request,
        losses.list_empty_places(Shift.objects.on_days(period["first"], period["last"])),
        title=_("Publish with empty places?"),
        label=_("Publish them"),
        back=reverse("rota:month-of", kwargs={"month": period["first"]}),
        instead=_("We tell people at once. Everybody who may take a place sees it then."),
    )
    if question is not None:
        return question
    try:
        number = Shift.objects.on_days(period["first"], period["last"]).publish(by=request.user)
    except NotAllowed as refusal:
        form.add_error(None, refusal.reasons)
        return render(request, "volunteers/rota/publish.html", {"form": form}, status=409)
    messages.success(request, ngettext("%(n)d shift published.", "%(n)d shifts published.", number) % {"n": number})
    return redirect("rota:month-of", month=period["first"])


def render_mine(request: SignedInRequest, form: BreakForm, *, status: int = 200) -> HttpResponse:
    """The page of one's own shifts, with the form as it was filled in."""
    now = timezone.now()
    on = request.user.signups.live().select_related("shift", "post", "person").order_by("during")
    asked = Offer.objects.filter(until__gt=now).with_shifts()
    shown: dict[str, Any] = {
        "ahead": [signup for signup in on if signup.shift.ends_at > now and not signup.shift.is_draft],
        "past": [signup for signup in reversed(on) if signup.shift.ends_at <= now][:10],
        "to_me": asked.open(now).filter(to=request.user),
        "by_me": asked.filter(covers__person=request.user),
        "form": form,
        "now": now,
    }
    return render(request, "volunteers/rota/mine.html", shown, status=status)


def _summarise_shifts(shifts: list[Shift], now: dt.datetime) -> dict[str, int]:
    """Count the drafts among these shifts, and the coming shifts that lack something."""
    ahead = [shift for shift in shifts if shift.ends_at > now and shift.state == Shift.State.PUBLISHED]
    return {
        "drafts": sum(shift.is_draft for shift in shifts),
        "short": sum(bool(shift.staffing.lacks) for shift in ahead),
        "empty": sum(shift.staffing.kind == "empty" for shift in ahead),
    }
