"""Feedback: how a session was, said by nobody in particular."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models, transaction
from django.db.models import Avg, Count, Q
from django.utils.translation import gettext_lazy as _

from school.models.sessions import Session
from volunteers.shared.registries import retention

MIN_ANSWERS = 8
"""Fewer answers are shown to nobody: they could be told apart."""
FEEDBACK_RETENTION = dt.timedelta(days=365)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Questions about feedback."""

    def readable_with(self, session: Session) -> FeedbackQuerySet:
        """The answers that are read for a session: its own, or those of all sessions it is pooled with."""
        return self.filter(session__in=self.find_pool(session) or [session.pk])

    def find_pool(self, session: Session) -> list[int]:
        """The sessions that are read together with this one: they teach the same, and each alone has too few answers.

        In the order they were held they are added up until they are enough. Such a pool is kept and never grows: of
        two that differ by one session, that one could be told. Empty while there is none.
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
        for other in same.filter(answers__lt=MIN_ANSWERS).order_by("starts_at", "pk"):
            if sorted(vars(other)["teaches"]) != teaches:
                continue
            pool, number = [*pool, other.pk], number + vars(other)["answers"]
            if number >= MIN_ANSWERS:
                if session.pk in pool:
                    return pool
                pool, number = [], 0
        return []

    @transaction.atomic
    def give(self, feedback: Feedback) -> None:
        """Keep an answer; once a pool of sessions has enough, it is one for good."""
        list(feedback.session.modules.order_by("pk").select_for_update(of=("self",), no_key=True))
        feedback.session.refresh_from_db(fields=["feedback_pool"])
        feedback.save(force_insert=True)
        if feedback.session.feedback_pool is None and (pool := self.find_pool(feedback.session)):
            Session.objects.filter(pk__in=pool).update(feedback_pool=pool[0])

    def list_readable(self, session: Session) -> list[Feedback]:
        """List the answers for a session in the order of their random ids, or none while they are too few."""
        answers: list[Feedback] = list(self.readable_with(session).order_by("pk"))
        return answers if len(answers) >= MIN_ANSWERS else []

    def get_average_usefulness(self, session: Session) -> float | None:
        """Return the average usefulness, or None while the answers are too few."""
        answers = self.readable_with(session)
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
