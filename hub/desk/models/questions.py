"""Questions a coordinator has turned on for the desk: who wants to know, what for, and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.core.choices import Choice
from hub.desk import question_types
from hub.directory.models.services import Pathway
from volunteers.shared.registries import retention, row_order

MAX_DAYS = 366


@dataclass(frozen=True)
class AskedQuestion:
    """A question as the desk shows it, with all its answers; the three that say nothing first."""

    slug: str
    label: str
    answers: list[tuple[str, str]]
    several: bool


class QuestionQuerySet(models.QuerySet["Question"]):
    """Queries about which questions are asked."""

    def on(self, day: dt.date | None = None) -> QuestionQuerySet:
        """Questions asked on the evening of that day, or on this one. Each ends by itself after its last day."""
        return self.filter(until__gte=day or periods.tonight())

    def asked(self, day: dt.date | None = None) -> list[AskedQuestion]:
        """Questions asked then, with all their answers, always in the same order."""
        slugs = set(self.on(day).values_list("slug", flat=True))
        return [_build_asked(kind) for slug, kind in question_types.QUESTION_TYPES.items() if slug in slugs]

    def offered(self, day: dt.date) -> dict[str, set[str]]:
        """Every answer that counts for that day's evening, by question; withdrawn ones, too."""
        slugs = set(self.on(day).values_list("slug", flat=True))
        offered = {}
        for slug, kind in question_types.QUESTION_TYPES.items():
            if slug in slugs:
                known = (answer for answer, _words in (*question_types.NON_ANSWERS, *kind.answers))
                offered[slug] = {*known, *map(str, _get_listed_answers(slug, withdrawn_too=True))}
        return offered


@pghistory.track()
class Question(models.Model):
    """One question, turned on. It says why it is asked, and ends by itself."""

    slug = models.CharField(
        _("question"),
        max_length=12,
        primary_key=True,
        choices=[(kind.slug, kind.label) for kind in question_types.QUESTION_TYPES.values()],
    )
    asked_by = models.CharField(
        _("who wants to know"),
        max_length=80,
        help_text=_("For example: the council, for its yearly report. Or we ourselves."),
    )
    purpose = models.CharField(
        _("what for"), max_length=160, help_text=_("What will change once we know? If nothing, do not ask.")
    )
    until = models.DateField(_("until"), help_text=_("After that day it switches itself off. One year at most."))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question at the desk")
        verbose_name_plural = _("questions at the desk")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__in=list(question_types.QUESTION_TYPES)), name="question_is_one_we_know"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by="") & ~Q(purpose=""),
                name="question_says_who_and_what_for",
                violation_error_message=_("Say who wants to know, and what for."),
            ),
        ]

    def __str__(self) -> str:
        return str(question_types.QUESTION_TYPES[self.slug].label)

    def clean(self) -> None:
        """Refuse a last day that is over, or more than a year away."""
        today = timezone.localdate()
        if self.until and not today <= self.until <= today + dt.timedelta(days=MAX_DAYS):
            raise ValidationError({"until": _now("Choose a day from today on, within one year.")})

    @property
    def is_on(self) -> bool:
        """Whether it is asked this evening."""
        return self.until >= periods.tonight()

    def turn_off(self, *, desk_is_open: bool) -> None:
        """Ask it no more. While a desk is open it goes on until tonight is over, so that tonight's answers count.

        It is not deleted: an answer that a device sends late of an evening on which it was asked still counts.
        """
        last_day = periods.tonight() if desk_is_open else periods.tonight() - dt.timedelta(days=1)
        Question.objects.filter(pk=self.pk, until__gt=last_day).update(until=last_day)
        self.refresh_from_db(fields=["until"])


def _build_asked(kind: question_types.QuestionType) -> AskedQuestion:
    fixed = [(answer, str(words)) for answer, words in (*question_types.NON_ANSWERS, *kind.answers)]
    listed = [(str(pk), name) for pk, name in _get_listed_answers(kind.slug).items()]
    return AskedQuestion(kind.slug, str(kind.label), fixed + listed, kind.several)


def _get_listed_answers(slug: str, *, withdrawn_too: bool = False) -> dict[int, str]:
    """Answers that come from a list of the hub's own, by id."""
    if slug == "topics":
        topics = Choice.objects.filter(of=Choice.Of.TOPIC)
        return dict((topics if withdrawn_too else topics.filter(withdrawn=False)).values_list("pk", "name"))
    if slug == "pathways":
        pathways = Pathway.objects.all() if withdrawn_too else Pathway.objects.shown()
        return dict(pathways.order_by("kind__order", "name__sorted").values_list("pk", "name"))
    return {}


retention.keep(Question, until=retention.FOR_GOOD)
row_order.leave(Question, because=row_order.LIST)
