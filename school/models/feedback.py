"""Feedback: how a session was, said by nobody in particular."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models, transaction
from django.db.models import Avg, Q
from django.utils.translation import gettext_lazy as _

from school.models.sessions import Session
from volunteers.shared.registries import retention

MIN_ANSWERS = 8
"""Fewer answers are shown to nobody: they could be told apart."""
FEEDBACK_RETENTION = dt.timedelta(days=365)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Questions about feedback."""

    def list_readable(self, session: Session) -> list[Feedback]:
        """List the answers of a session in the order of their random ids, or none while they are too few."""
        answers: list[Feedback] = list(self.filter(session=session).order_by("pk"))
        return answers if len(answers) >= MIN_ANSWERS else []

    def get_average_usefulness(self, session: Session) -> float | None:
        """Return the average usefulness, or None while the answers are too few."""
        answers = self.filter(session=session)
        return answers.aggregate(mean=Avg("useful"))["mean"] if answers.count() >= MIN_ANSWERS else None

    @transaction.atomic
    def rewrite_in_key_order(self, session: Session) -> None:
        """Rewrite the rows of a session in the order of their random ids: a dump shows the order of writing."""
        rows: list[Feedback] = list(self.filter(session=session).order_by("pk").select_for_update())
        self.filter(session=session).delete()
        Feedback.objects.bulk_create(rows)

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
