"""Feedback: how a session was, said by nobody in particular."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from school.models.sessions import Session
from volunteers.shared.registries import retention, row_order

MIN_ANSWERS = 8
"""Fewer answers are shown to nobody: they could be told apart."""
FEEDBACK_RETENTION = dt.timedelta(days=365)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Questions about feedback."""

    def list_readable(self, session: Session, now: dt.datetime) -> list[Feedback]:
        """List the answers for a session in the order of their random ids, or none while they are too few.

        Nor any while more may come: an average that falls as one arrives says what that one was.
        """
        if session.may_take_feedback(now):
            return []
        together = self.find_pool(session, now) or [session.pk]
        answers: list[Feedback] = list(self.filter(session__in=together).order_by("pk"))
        return answers if len(answers) >= MIN_ANSWERS else []

    def find_pool(self, session: Session, now: dt.datetime) -> list[int]:
        """The sessions that are read together with this one: they teach the same, and each alone has too few answers.

        In the order in which they took the last answer they are added up until they are enough. Such a pool never
        grows: of two that differ by one session, that one could be told. Empty while there is none.
        """
        if session.feedback_pool is not None:
            return list(Session.objects.filter(feedback_pool=session.feedback_pool).values_list("pk", flat=True))
        teaches = sorted(session.parts.values_list("module", flat=True))
        asked = Session.objects.filter(feedback_pool=None, feedback__isnull=False, parts__module__in=teaches)
        same = Session.objects.filter(pk__in=asked.values("pk")).annotate(
            answers=Count("feedback", distinct=True), teaches=ArrayAgg("parts__module", distinct=True)
        )
        pool: list[int] = []
        number = 0
        for other in same.filter(answers__lt=MIN_ANSWERS).order_by("ends_at", "pk"):
            if sorted(vars(other)["teaches"]) != teaches or other.may_take_feedback(now):
                continue
            pool, number = [*pool, other.pk], number + vars(other)["answers"]
            if number >= MIN_ANSWERS:
                if session.pk in pool:
                    return pool
                pool, number = [], 0
        return []

    @transaction.atomic
    def keep_pools(self, now: dt.datetime) -> None:
        """Write down the pools there are: the first answers of one go after a year, and would change the next."""
        for session in Session.objects.filter(feedback_pool=None, feedback__isnull=False).distinct().order_by("pk"):
            session.refresh_from_db(fields=["feedback_pool"])
            if session.feedback_pool is None and (pool := self.find_pool(session, now)):
                Session.objects.filter(pk__in=pool).update(feedback_pool=pool[0])

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
    keep = models.TextField(_("What should stay the same?"), max_length=600, blank=True)
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
row_order.rewrite(Feedback)
