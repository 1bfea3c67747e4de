"""Feedback: how a session was, said by nobody in particular."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from school.models.sessions import Session
from volunteers.shared.registries import retention

MIN_ANSWERS = 8
"""Fewer answers are shown to nobody: they could be told apart."""
FEEDBACK_RETENTION = dt.timedelta(days=365)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Questions about feedback."""

    def list_readable(self, session: Session, now: dt.datetime) -> list[Feedback]:
        """List the answers of a session in the order of their random ids, or none while they are too few.

        Nor any while more may come: an average that falls as one arrives says what that one was.
        """
        if session.may_take_feedback(now):
            return []
        answers: list[Feedback] = list(self.filter(session=session).order_by("pk"))
        return answers if len(answers) >= MIN_ANSWERS else []

    def expired(self, now: dt.datetime) -> FeedbackQuerySet:
        """Answers that are older than their retention."""
        return self.filter(session__ends_at__lt=now - FEEDBACK_RETENTION)


class Feedback(models.Model):
    """One person's answer about a session. Neither the person nor the time is written anywhere."""

    class Useful(models.IntegerChoices):
        """The usefulness of the session, in three steps."""

        NOT = 1, _("not really")
        SOMEWHAT = 2, _("a bit")
        USEFUL = 3, _("useful")
        VERY = 4, _("very")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="feedback")
    useful = models.PositiveSmallIntegerField(_("How useful was it?"), choices=Useful)
    keep = models.TextField(_("What should stay as it is?"), max_length=600, blank=True)
    change = models.TextField(_("What should be different?"), max_length=600, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(useful__gte=1, useful__lte=4), name="feedback_useful_in_range")
        ]

    def __str__(self) -> str:
        return str(self.pk)


retention.keep(
    Feedback, length=FEEDBACK_RETENTION, promise="feedback", every=retention.Every.DAY, overdue=Feedback.objects.expired
)
