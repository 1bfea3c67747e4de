"""Attendance as a picture with its table: of each session of a group, and of every group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from school.models import Cohort, Session
from school.models.cohort_sessions import Attendance, read_attendance
from volunteers.shared.charts import parts

MAX_BARS = 24
"""The most bars of one picture: the latest sessions, or the newest groups. The table below it has the same rows."""


@dataclass(frozen=True)
class AttendanceChart:
    """One picture: its sentence, its drawing, and the rows it shows."""

    sentence: str
    svg: SafeString
    head: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def draw_sessions(sessions: Iterable[Session]) -> AttendanceChart | None:
    """Draw who came to each session of a group, the oldest first; None while no register is closed."""
    closed = [(session, found) for session in sessions if (found := read_attendance(session))]
    named = [
        (f"{date_format(timezone.localtime(session.starts_at), 'j M Y')} · {session.name}", found)
        for session, found in closed[-MAX_BARS:]
    ]
    return _draw(named, _("Session"))


def draw_cohorts(cohorts: Iterable[Cohort]) -> AttendanceChart | None:
    """Draw who came, group by group; None while no register of theirs is closed."""
    counts = [(cohort.name, Attendance(cohort.came, cohort.came + cohort.stayed_away)) for cohort in cohorts]
    return _draw([(name, found) for name, found in counts if found.expected][:MAX_BARS], _("Group"))


def _draw(named: Sequence[tuple[str, Attendance]], what: str) -> AttendanceChart | None:
    if not named:
        return None
    came, expected = (sum(getattr(found, field) for _name, found in named) for field in ("came", "expected"))
    sentence = ngettext(
        "%(came)d of %(n)d place was used.", "%(came)d of %(n)d places people had were used.", expected
    ) % {"came": came, "n": expected}
    return AttendanceChart(
        sentence,
        parts([(name, found.came, found.expected) for name, found in named], _("Who came")),
        [what, _("Came"), _("Did not come"), _("Had a place")],
        [(name, found.came, found.expected - found.came, found.expected) for name, found in named],
    )
