"""Who was taken off a session they gave, or put on again: their calendar hears of it instead of losing an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from volunteers.models import User
from volunteers.shared.registries import personal_data, retention
from volunteers.shared.registries.merging import Join

if TYPE_CHECKING:
    from school.models.sessions import Session

# As long as a feed looks back.
CHANGES_RETENTION = dt.timedelta(days=14)


class FacilitatorChange(models.Model):
    """How often somebody was taken off a session, or put on it again. It goes soon after the session."""

    session = models.ForeignKey("school.Session", on_delete=models.CASCADE, related_name="facilitator_changes")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="facilitator_changes")
    number = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("change of who gives a session")
        verbose_name_plural = _("changes of who gives a session")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="facilitatorchange_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.number}"


def set_facilitators(session: Session, people: Iterable[User]) -> None:
    """Make these the people who give a session. The caller holds its lock."""
    before = set(session.facilitators.values_list("pk", flat=True))
    session.facilitators.set(people)
    after = set(session.facilitators.values_list("pk", flat=True))
    known = session.facilitator_changes.filter(person__in=before ^ after)
    changed = set(known.values_list("person", flat=True))
    known.update(number=F("number") + 1)
    FacilitatorChange.objects.bulk_create(
        FacilitatorChange(session=session, person_id=person) for person in sorted(before - after - changed)
    )


retention.keep(
    FacilitatorChange,
    length=CHANGES_RETENTION,
    promise="learning",
    every=retention.Every.DAY,
    overdue=lambda now: FacilitatorChange.objects.filter(session__ends_at__lte=now - CHANGES_RETENTION),
)
personal_data.hold(
    FacilitatorChange,
    "person",
    part="school",
    counted_as=_("Sessions you no longer give, for your calendar"),
    order=45,
    merge=Join(
        ("session",),
        name=_("Sessions they no longer give"),
        becomes=_("the higher number of changes stays."),
        turn=53,
        choose=lambda mine, theirs: max(mine, theirs, key=lambda change: change.number),
    ),
)
