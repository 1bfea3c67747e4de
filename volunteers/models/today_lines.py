"""What the rota and the people put on Today: gaps by day, drafts, people who have done the School, and mail."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import F as Column
from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volunteers.models.patterns import Pattern
from volunteers.models.people import User
from volunteers.models.people_queryset import ENOUGH_ADMINS
from volunteers.models.shifts import Shift
from volunteers.shared.letters import mail_queue_status
from volunteers.shared.registries import today_lines
from volunteers.shared.registries.asking import as_row, read_moment
from volunteers.shared.registries.today_lines import TodayLine
from volunteers.staffing import LIVE, Staffing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

FORTNIGHT = dt.timedelta(days=14)
COUNTS = {
    "needed": "needed",
    "free": "free",
    "people": "people_on",
    "looking": "looking",
    "has_lead": "has_lead",
    "has_naloxone": "has_naloxone",
    "drop_in": "drop_in",
}


def find_gaps(now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the published shifts of the next two weeks, with their counts."""
    soon = Shift.objects.published().filter(starts_at__gt=now, starts_at__lte=now + FORTNIGHT).with_counts()
    return soon.order_by("starts_at", "pk").values(row=as_row(pk="pk", starts="starts_at", **COUNTS))


def read_gaps(_person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say day by day what its shifts lack."""
    lacking: dict[dt.date, list[tuple[int, Staffing]]] = defaultdict(list)
    for row in rows:
        staffing = Staffing(**{name: row[name] for name in COUNTS})
        if staffing.lacks:
            lacking[timezone.localtime(read_moment(row["starts"])).date()].append((row["pk"], staffing))
    for day, shifts in lacking.items():
        sentences = [sentence for _pk, staffing in shifts for sentence in staffing.sentences]
        name = date_format(day, _("l j F"))
        yield TodayLine(
            title=name,
            words=" · ".join(dict.fromkeys(sentences)),
            address=reverse("rota:shift", args=[shifts[0][0]])
            if len(shifts) == 1
            else reverse("rota:week-of", args=[day]),
            label=_("Find people"),
            more=name,
            count=len(shifts),
        )


def find_drafts(now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the drafts to come."""
    drafts = Shift.objects.filter(state=Shift.State.DRAFT, starts_at__gt=now)
    return drafts.order_by("starts_at", "pk").values(row=as_row(starts="starts_at"))


def read_drafts(_person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say month by month how many shifts are still drafts."""
    months: dict[dt.date, int] = defaultdict(int)
    for row in rows:
        months[timezone.localtime(read_moment(row["starts"])).date().replace(day=1)] += 1
    for month, number in months.items():
        name = date_format(month, "YEAR_MONTH_FORMAT")
        facts = {"n": number, "month": name}
        yield TodayLine(
            title=ngettext("%(n)d draft in %(month)s", "%(n)d drafts in %(month)s", number) % facts,
            words=_("Nobody sees them yet."),
            address=reverse("rota:month-of", args=[month]),
            label=_("Look and publish"),
            more=name,
            count=number,
        )


def find_unwelcomed(now: dt.datetime) -> QuerySet[Any, Any]:
    """Find who has done the School and cannot open the desk yet, by first shift and name."""
    first_shift = Min("signups__during__startswith", filter=Q(signups__state__in=LIVE))
    people = User.objects.unwelcomed(timezone.localdate(now)).annotate(first_shift=first_shift)
    in_order: QuerySet[Any, Any] = people.order_by(
        Column("first_shift").asc(nulls_last=True), "chosen_name__sorted", "pk"
    )
    return in_order.values(row=as_row(pk="pk", name="chosen_name", first="first_shift"))


def read_unwelcomed(_person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say who it is, and when their first shift is."""
    for row in rows:
        words = _("As a volunteer they can open the desk.")
        if row["first"]:
            day = date_format(timezone.localtime(read_moment(row["first"])), _("l j F"))
            words = _("Their first shift is on %(day)s. As a volunteer they can open the desk.") % {"day": day}
        yield TodayLine(
            title=_("%(name)s has done the School") % {"name": row["name"]},
            words=words,
            address=reverse("volunteers:person-welcome", args=[row["pk"]]),
            label=_("Make them a volunteer"),
            more=row["name"],
            posts=True,
        )


def read_mail(_person: User, _now: dt.datetime, _rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say that nobody sends letters, or that one of them does not leave."""
    queue = mail_queue_status()
    server = _("The person who runs the server")
    if not queue.worker_is_alive:
        yield TodayLine(
            title=_("The worker is not running. It sends e-mails and closes forgotten desks."),
            words=_("Nothing is lost meanwhile. docs/when-it-breaks.md says what to do."),
            who=server,
        )
    if queue.waiting_since and queue.waiting_since < timezone.localdate():
        day = date_format(queue.waiting_since, _("l j F"))
        yield TodayLine(
            title=_("An e-mail has been waiting since %(day)s.") % {"day": day},
            words=_(
                "If nobody gets e-mails, sign-in codes do not arrive either. docs/when-it-breaks.md says what to do."
            ),
            who=server,
        )


def find_admins(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the admins who can get in."""
    admins: QuerySet[Any, Any] = User.objects.admins().order_by("pk").values(row=as_row(pk="pk"))
    return admins


def read_admins(person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say that one admin falling ill would leave none."""
    if len(rows) < ENOUGH_ADMINS:
        yield TodayLine(
            title=_("There is only one admin. Ask a second person, so that you are never locked out.")
            if rows
            else _("There is no admin who can get in."),
            address=reverse("volunteers:people"),
            label=_("See who could"),
            who="" if person.has_perm("volunteers.give_roles") else _("An admin"),
        )


def find_people(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find two of the people there are."""
    people: QuerySet[Any, Any] = User.objects.active().order_by("pk")
    return people.values(row=as_row(pk="pk"))[:2]


def read_people(_person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say how the first people come in."""
    if len(rows) < 2:  # noqa: PLR2004 -- the reader, and another
        yield TodayLine(
            title=_("You are the only person here."),
            words=_("Invite the people who will do the first shifts."),
            address=reverse("volunteers:invite"),
            label=_("Invite somebody"),
        )


def find_plans(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find a pattern, or a shift that was made without one."""
    patterns = Pattern.objects.order_by().values(row=as_row(pk="pk"))
    return patterns.union(Shift.objects.order_by().values(row=as_row(pk="pk"))[:1])


def read_plans(_person: User, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say how the first shifts are made."""
    if not rows:
        yield TodayLine(
            title=_("There are no shifts yet."),
            words=_("Say once which evenings you are open. Months of shifts are made from that."),
            address=reverse("rota:pattern-new"),
            label=_("Make a pattern"),
        )


today_lines.register("gaps", "volunteers.plan_rota", read_gaps, find_gaps)
today_lines.register("drafts", "volunteers.plan_rota", read_drafts, find_drafts)
today_lines.register("unwelcomed", "volunteers.view_user", read_unwelcomed, find_unwelcomed)
today_lines.register("mail", "volunteers.view_user", read_mail)
today_lines.register("admins", "volunteers.view_user", read_admins, find_admins, to_set_up=True)
today_lines.register("people", "volunteers.add_invitation", read_people, find_people, to_set_up=True)
today_lines.register("plans", "volunteers.plan_rota", read_plans, find_plans, to_set_up=True)
