"""Decides whether a person can take a place on a shift: every reason against it, each as a sentence.

It knows no database. Each sentence suits every reader: the person, a coordinator who looks for somebody, and the
person whose request is refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import Enum
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volunteers.shared import clock

SCHOOL = "school-done"


class RefusalReason(Enum):
    """Why a person cannot take a place. The second value says whether a planner may decide otherwise."""

    CANCELLED = ("cancelled", False)
    NOT_PUBLISHED = ("not_published", True)
    STARTED = ("started", True)
    PAUSED = ("paused", False)
    SCHOOL = ("school", False)
    QUALIFICATION = ("qualification", False)
    ALREADY_ON = ("already_on", False)
    FULL = ("full", False)
    OVERLAP = ("overlap", False)
    REST = ("rest", True)
    WEEK = ("week", True)
    TOO_FAR = ("too_far", True)
    COORDINATOR = ("coordinator", True)
    BREAK = ("break", True)

    @property
    def bends(self) -> bool:
        """Whether a planner may put a person there all the same."""
        return self.value[1]


@dataclass(frozen=True)
class WhyNot:
    """One reason, and its sentence."""

    reason: RefusalReason
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class ShiftSpan:
    """The start and end of one shift."""

    shift: int
    starts_at: dt.datetime
    ends_at: dt.datetime

    def overlaps(self, other: ShiftSpan) -> bool:
        """Whether some moment is in both; one may start when the other ends."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def apart(self, other: ShiftSpan) -> dt.timedelta:
        """The real time between the end of one and the start of the other."""
        ours, theirs = (_utc(self.starts_at), _utc(self.ends_at)), (_utc(other.starts_at), _utc(other.ends_at))
        return max(theirs[0] - ours[1], ours[0] - theirs[1])


@dataclass(frozen=True)
class OpenPlace:
    """The requirements of a post on a shift, and how many of its places are free."""

    span: ShiftSpan
    free: int
    needs: str = ""
    needs_name: str = ""
    published: bool = True
    cancelled: bool = False


@dataclass(frozen=True)
class HeldQualification:
    """A qualification somebody holds: it counts on `since` and no longer on `until`."""

    slug: str
    since: dt.date
    until: dt.date | None = None

    def on(self, day: dt.date) -> bool:
        """Whether it counts on this day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Candidate:
    """A person who may take a place: holdings, and the shifts they are on around that time."""

    held: tuple[HeldQualification, ...] = ()
    on: tuple[ShiftSpan, ...] = ()
    active: bool = True
    on_break_until: dt.date | None = None

    def holds(self, slug: str, day: dt.date) -> bool:
        """Whether they hold it on this day."""
        return any(held.slug == slug and held.on(day) for held in self.held)

    def without(self, shift: int) -> Candidate:
        """Return a copy of the person without one shift."""
        return replace(self, on=tuple(span for span in self.on if span.shift != shift))


@dataclass(frozen=True)
class Rules:
    """The rules a hub has agreed on. Without `ahead` people may sign up however early."""

    zone: ZoneInfo
    rest: dt.timedelta = dt.timedelta(hours=10)
    most_a_week: int = 3
    ahead: dt.timedelta | None = None
    people_decide: bool = True
    first_weekday: int = 0


def check_eligibility(
    place: OpenPlace, person: Candidate, rules: Rules, *, now: dt.datetime, asked: bool = False
) -> list[WhyNot]:
    """Every reason why this person cannot take this place now; an empty list means they can.

    `asked` says that the place was offered to them: then no coordinator has to decide any more, and it is not too
    early.
    """
    return [
        *_check_shift(place, now),
        *_check_person(place, person, rules, now),
        *_check_other_shifts(place, person, rules),
        *([] if asked else _check_agreement(place, rules, now)),
    ]


def keep_unbendable(why: list[WhyNot]) -> list[WhyNot]:
    """The reasons that a planner cannot decide otherwise."""
    return [item for item in why if not item.reason.bends]


def _check_shift(place: OpenPlace, now: dt.datetime) -> list[WhyNot]:
    why = []
    if place.cancelled:
        why.append(WhyNot(RefusalReason.CANCELLED, _("This shift is cancelled.")))
    elif not place.published:
        why.append(WhyNot(RefusalReason.NOT_PUBLISHED, _("It is not published yet.")))
    if place.span.ends_at <= now:
        why.append(WhyNot(RefusalReason.STARTED, _("It is over.")))
    elif place.span.starts_at <= now:
        why.append(WhyNot(RefusalReason.STARTED, _("It has started already.")))
    return why


def _check_person(place: OpenPlace, person: Candidate, rules: Rules, now: dt.datetime) -> list[WhyNot]:
    day = place.span.starts_at.astimezone(rules.zone).date()
    why = []
    if not person.active:
        why.append(WhyNot(RefusalReason.PAUSED, _("The account is paused.")))
    if not person.holds(SCHOOL, day):
        # It is held today and not on the day: that is another thing to put right than never having done it.
        if person.holds(SCHOOL, now.astimezone(rules.zone).date()):
            why.append(WhyNot(RefusalReason.SCHOOL, _("They must repeat the School before that day.")))
        else:
            why.append(WhyNot(RefusalReason.SCHOOL, _("The School comes first, and is not done yet.")))
    if place.needs and place.needs != SCHOOL and not person.holds(place.needs, day):
        why.append(WhyNot(RefusalReason.QUALIFICATION, _("It needs “%(what)s”.") % {"what": place.needs_name}))
    if person.on_break_until and day < person.on_break_until:
        until = date_format(person.on_break_until, "MONTH_DAY_FORMAT")
        why.append(WhyNot(RefusalReason.BREAK, _("On a break until %(day)s.") % {"day": until}))
    return why


def _check_other_shifts(place: OpenPlace, person: Candidate, rules: Rules) -> list[WhyNot]:
    if any(span.shift == place.span.shift for span in person.on):
        return [WhyNot(RefusalReason.ALREADY_ON, _("Already on this shift."))]
    why = []
    if place.free <= 0:
        why.append(WhyNot(RefusalReason.FULL, _("Every place is taken.")))
    for span in person.on:
        if span.overlaps(place.span):
            why.append(
                WhyNot(RefusalReason.OVERLAP, _("On another shift then: %(when)s.") % {"when": in_words(span, rules)})
            )
        elif span.apart(place.span) < rules.rest:
            hours = rules.rest.total_seconds() / 3600
            sentence = ngettext(
                "Too close to another shift, %(when)s: we keep %(hours)g hour between two.",
                "Too close to another shift, %(when)s: we keep %(hours)g hours between two.",
                int(hours),
            ) % {"when": in_words(span, rules), "hours": hours}
            why.append(WhyNot(RefusalReason.REST, sentence))
    week = _get_week(place.span, rules)
    if sum(_get_week(span, rules) == week for span in person.on) >= rules.most_a_week:
        sentence = ngettext(
            "On %(number)d shift that week already, which is the most.",
            "On %(number)d shifts that week already, which is the most.",
            rules.most_a_week,
        ) % {"number": rules.most_a_week}
        why.append(WhyNot(RefusalReason.WEEK, sentence))
    return why


def _check_agreement(place: OpenPlace, rules: Rules, now: dt.datetime) -> list[WhyNot]:
    why = []
    if rules.ahead is not None and place.span.starts_at - now > rules.ahead:
        opens = date_format((place.span.starts_at - rules.ahead).astimezone(rules.zone), _("l j F"))
        why.append(WhyNot(RefusalReason.TOO_FAR, _("You can take it from %(day)s on.") % {"day": opens}))
    if not rules.people_decide:
        why.append(WhyNot(RefusalReason.COORDINATOR, _("A coordinator decides who goes where.")))
    return why


def in_words(span: ShiftSpan, rules: Rules) -> str:
    """Day and times of a shift, by this hub's clock."""
    start, end = span.starts_at.astimezone(rules.zone), span.ends_at.astimezone(rules.zone)
    return _("%(day)s, %(time)s") % {
        "day": date_format(start, _("l j F")),
        "time": clock.format_span(start.time(), end.time()),
    }


def _get_week(span: ShiftSpan, rules: Rules) -> dt.date:
    day = span.starts_at.astimezone(rules.zone).date()
    return clock.get_week_start(day, rules.first_weekday)


def _utc(moment: dt.datetime) -> dt.datetime:
    # Two moments with one zone are subtracted as the wall clock shows them, which is wrong on two nights a year.
    return moment.astimezone(dt.UTC)
