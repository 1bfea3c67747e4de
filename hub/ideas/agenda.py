"""Agenda of the union meeting: points of its own, beside the ideas that were taken to it. No names."""

from __future__ import annotations

import uuid

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

MAX_POINT_LENGTH = 300
MAX_POINTS = 60
"""The length of an agenda: more than one meeting can speak about."""


class AgendaPointQuerySet(models.QuerySet["AgendaPoint"]):
    """Queries on the agenda, and adding a point."""

    def add(self, words: str, *, id: uuid.UUID) -> AgendaPoint:  # noqa: A002 -- the name of the column
        """Put a point on the agenda. A known id changes nothing; a full agenda raises NotAllowed."""
        with transaction.atomic():
            if (known := self.filter(pk=id).first()) is not None:
                return known
            if self.count() >= MAX_POINTS:
                raise NotAllowed(_now("The agenda is full. Tick what is done, or remove something first."))
            return self.get_or_create(pk=id, defaults={"words": words})[0]

    def close_meeting(self) -> int:
        """Take everything off the agenda but the tasks that are still to be done. Returns the number of those."""
        self.exclude(state=AgendaPoint.State.TO_DO).delete()
        return self.count()


class AgendaPoint(models.Model):
    """A point to speak about. What comes out of it as a task stays on the agenda until it is done."""

    class State(models.TextChoices):
        """Progress of a point."""

        OPEN = "open", _("to talk about")
        TO_DO = "to_do", _("to do")
        DONE = "done", _("done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    words = models.CharField(_("what to talk about"), max_length=MAX_POINT_LENGTH)
    decision = models.CharField(_("what we decided"), max_length=MAX_POINT_LENGTH, blank=True)
    state = models.CharField(_("state"), max_length=5, choices=State, default=State.OPEN)

    objects = AgendaPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("points of the agenda")
        default_permissions = ()
        ordering = ["words", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""), name="agendapoint_says_something", violation_error_message=_("Write something.")
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "to_do", "done"]), name="agendapoint_state_known"),
        ]

    def __str__(self) -> str:
        return self.words

    def decide(self, state: str, decision: str) -> None:
        """Note what came out of it, and whether there is something to do. Noting it anew replaces it."""
        with transaction.atomic():
            try:
                self.refresh_from_db(from_queryset=AgendaPoint.objects.select_for_update())
            except AgendaPoint.DoesNotExist:
                raise NotAllowed(_now("Somebody has removed it from the agenda.")) from None
            self.state, self.decision = self.State(state), decision
            self.save(update_fields=["state", "decision"])


retention.keep(AgendaPoint, until="until the meeting is over, a task until it is done")
row_order.leave(AgendaPoint, because="written by somebody with an account, about the union, and it has no day")
