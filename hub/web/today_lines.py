"""What the hub itself puts on Today: months to complete, ideas to read, services to check, and its own set-up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.core import periods
from hub.core.hub import Hub
from hub.core.pending_rewrites import PendingRewrite
from hub.desk.models.openings import Opening
from hub.directory.models.emergency_cards import EmergencyCard
from hub.directory.models.services import Pathway
from hub.ideas.models import Idea
from supplies.models import CompletedMonth
from volunteers.models import User
from volunteers.shared import locality
from volunteers.shared.registries import today_lines
from volunteers.shared.registries.asking import as_row
from volunteers.shared.registries.today_lines import TodayLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

BACKUP_DAYS = 2
LONDONS_NUMBER = locality.Locality().emergency_number
Rows = list[dict[str, Any]]


def find_months(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the first evening there ever was, and the months that are complete."""
    completed = ArraySubquery(CompletedMonth.objects.order_by("month").values("month"))
    return Opening.objects.order_by("date", "pk").values(row=as_row(first="date", completed=completed))[:1]


def read_months(_person: User, _now: dt.datetime, rows: Rows) -> Iterator[TodayLine]:
    """Say which months are over and not complete, the oldest first."""
    for row in rows:
        known = periods.months_between(periods.month_of(dt.date.fromisoformat(row["first"])), periods.opening_month())
        for month in known[:-1]:
            if month.isoformat() not in row["completed"]:
                name = date_format(month, "YEAR_MONTH_FORMAT")
                yield TodayLine(
                    title=_("%(month)s is not complete") % {"month": name},
                    words=_("Look at what is missing, then say that it is complete."),
                    address=reverse("hub:month", args=[month]),
                    label=_("Look at the month"),
                    more=name,
                )


def find_ideas(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the ideas that nobody has read."""
    return Idea.objects.awaiting_moderation().values(row=as_row(pk="pk"))


def read_ideas(_person: User, _now: dt.datetime, rows: Rows) -> Iterator[TodayLine]:
    """Say how many there are."""
    if rows:
        title = ngettext("%(n)d idea waits to be read", "%(n)d ideas wait to be read", len(rows)) % {"n": len(rows)}
        yield TodayLine(title=title, address=reverse("hub:ideas-queue"), label=_("Read"), more=title, count=len(rows))


def find_services(now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the services that the public sees, with the days a check is good for."""
    days = Subquery(Hub.objects.values("pathway_days")[:1])
    return Pathway.objects.shown(timezone.localdate(now)).order_by("pk").values(row=as_row(on="checked_on", days=days))


def read_services(_person: User, now: dt.datetime, rows: Rows) -> Iterator[TodayLine]:
    """Say how many have to be checked again."""
    today, unsaved = timezone.localdate(now), Hub()
    checks = [(row["on"] and dt.date.fromisoformat(row["on"]), row["days"] or unsaved.pathway_days) for row in rows]
    number = sum(Pathway(checked_on=checked).needs_checking(days, today) for checked, days in checks)
    if number:
        title = ngettext("%(n)d service has to be checked", "%(n)d services have to be checked", number)
        yield TodayLine(
            title=title % {"n": number},
            words=_("Ring them, and ask whether everything we say is still true."),
            address=reverse("hub:pathways-manage"),
            label=_("See which"),
            count=number,
        )


def find_hub(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the hub's own row, and since when the database waits to be tidied."""
    fields = ("address", "words_agreed_on", "usual_hours", "show_address", "ask_where", "backed_up_on")
    late = PendingRewrite.objects.late().order_by("since").values("since")[:1]
    return Hub.objects.values(row=as_row(untidy_since=Subquery(late), **{name: name for name in fields}))


def read_hub(person: User, now: dt.datetime, rows: Rows) -> Iterator[TodayLine]:
    """Say what the hub has not set up, each with the place on the page of settings."""
    hub = rows[0] if rows else {}
    page, label = reverse("hub:settings"), _("Open the settings")
    who = "" if person.has_perm("hub.change_hub") else _("An admin")
    for is_missing, title, place in (
        (
            not hub.get("address"),
            _("The hub has no address yet. People who ring for an ambulance need it."),
            "hub-address",
        ),
        (
            not hub.get("words_agreed_on"),
            _("Your union has not checked yet what to say on an emergency call."),
            "hub-words_for_999",
        ),
        (not hub.get("usual_hours"), _("The front page does not say when you are usually open."), "hub-usual_hours"),
        (
            not hub.get("show_address") and not hub.get("ask_where"),
            _("The front page does not say where you are, or how to ask."),
            "hub-show_address",
        ),
    ):
        if is_missing:
            yield TodayLine(title=title, address=f"{page}#{place}", label=label, more=title, who=who)
    if hub.get("untidy_since"):
        yield _say_untidy(dt.date.fromisoformat(hub["untidy_since"]))
    if person.has_perm("hub.change_hub") and (settings.BACKUP_KEY or not settings.DEMO):
        last = hub.get("backed_up_on")
        yield from _say_backups(dt.date.fromisoformat(last) if last else None, timezone.localdate(now))


def _say_untidy(since: dt.date) -> TodayLine:
    return TodayLine(
        title=_("Since %(day)s we could not tidy the database after an evening.")
        % {"day": date_format(since, _("l j F"))},
        words=_(
            "Until it is, a person who gets hold of the database can tell what was given out together. "
            "docs/when-it-breaks.md says what to do."
        ),
        who=_("The person who runs the server"),
    )


def _say_backups(last: dt.date | None, today: dt.date) -> Iterator[TodayLine]:
    """A line when the last backup is too long ago, or there is none."""
    days = (today - last).days if last else None
    if days is None or days > BACKUP_DAYS:
        title = _("There is no backup yet.") if days is None else _("The last backup is %(days)d days old.")
        yield TodayLine(
            title=title % {"days": days},
            words=_("docs/backups.md says how backups are made."),
            who=_("The person who runs the server"),
        )


def find_cards(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the emergency cards, each with the day on which it was agreed."""
    londons = ExpressionWrapper(Q(body__regex=rf"\y{LONDONS_NUMBER}\y"), output_field=BooleanField())
    cards = EmergencyCard.objects.annotate(londons=londons).order_by("order", "pk")
    return cards.values(row=as_row(on="agreed_on", title="title", londons="londons"))


def read_cards(person: User, _now: dt.datetime, rows: Rows) -> Iterator[TodayLine]:
    """Say how many cards nobody has gone through, and which ring a number that is not this hub's."""
    number = sum(not row["on"] for row in rows)
    if number or not rows:
        title = ngettext(
            "Go through %(n)d of the emergency cards together",
            "Go through %(n)d of the emergency cards together",
            number,
        )
        yield TodayLine(
            title=title % {"n": number} if rows else _("Go through the emergency cards together"),
            words=_("Then write down the day."),
            address=f"{reverse('hub:settings')}#cards",
            label=_("Open the settings"),
            who="" if person.has_perm("hub.change_emergencycard") else _("An admin"),
            count=number or 1,
        )
    wrong = [row["title"] for row in rows if row["londons"]]
    if wrong and locality.known().emergency_number != LONDONS_NUMBER:
        yield TodayLine(
            title=_("Some emergency cards say %(number)s, which is not your number") % {"number": LONDONS_NUMBER},
            words=", ".join(wrong),
            address=f"{reverse('hub:settings')}#cards",
            label=_("Open the settings"),
            who="" if person.has_perm("hub.change_emergencycard") else _("An admin"),
            count=len(wrong),
        )


today_lines.register("months", "hub.complete_month", read_months, find_months)
today_lines.register("ideas", "hub.answer_idea", read_ideas, find_ideas)
today_lines.register("services", "hub.change_pathway", read_services, find_services)
today_lines.register("hub", "hub.view_hub", read_hub, find_hub, to_set_up=True)
today_lines.register("cards", "hub.view_hub", read_cards, find_cards, to_set_up=True)
