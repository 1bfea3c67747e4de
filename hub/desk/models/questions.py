"""Questions a coordinator has turned on for the desk: who asked for it, what for, and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.core.choices import Choice
from hub.desk import question_types
from hub.desk.models.openings import Opening
from hub.directory.models.services import Pathway
from volunteers.shared.registries import retention, row_order

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Asked:
    """A question as the desk shows it: its words and its answers, the three that say nothing first."""

    slug: str
    label: str
    answers: list[tuple[str, str]]
    several: bool


class QuestionQuerySet(models.QuerySet["Question"]):
    """Which questions are asked."""

    def on(self, day: dt.date | None = None) -> QuestionQuerySet:
        """Those asked on that day's evening, by itself this one: each switches itself off after its last."""
        return self.filter(until__gte=day or periods.tonight())

    def asked(self, day: dt.date | None = None) -> list[Asked]:
        """Those, with all they offer, in one order."""
        slugs = set(self.on(day).values_list("slug", flat=True))
        return [_asked(kind) for slug, kind in question_types.KINDS.items() if slug in slugs]

    def offered(self, day: dt.date) -> dict[str, set[str]]:
        """Question → every answer that counts for that day's evening, those withdrawn since among them."""
        slugs = set(self.on(day).values_list("slug", flat=True))
        offered = {}
        for slug, kind in question_types.KINDS.items():
            if slug in slugs:
                known = (answer for answer, _words in (*question_types.NOT_SAID, *kind.answers))
                offered[slug] = {*known, *map(str, _listed(slug, everything=True))}
        return offered


@pghistory.track()
class Question(models.Model):
    """One question, turned on. It says why it is asked, and ends by itself."""

    slug = models.CharField(
        _("question"),
        max_length=12,
        primary_key=True,
        choices=[(kind.slug, kind.label) for kind in question_types.KINDS.values()],
    )
    asked_by = models.CharField(
        _("who wants to know"), max_length=80, help_text=_("As in: the council, for its yearly return; we ourselves.")
    )
    purpose = models.CharField(
        _("what for"), max_length=160, help_text=_("What will be different once we know. If nothing will, do not ask.")
    )
    until = models.DateField(_("until"), help_text=_("After that day it is off by itself. A year at most."))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question at the desk")
        verbose_name_plural = _("questions at the desk")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(slug__in=list(question_types.KINDS)), name="question_is_one_we_know"),
            models.CheckConstraint(
                condition=~Q(asked_by="") & ~Q(purpose=""),
                name="question_says_who_and_what_for",
                violation_error_message=_("Say who wants to know, and what for."),
            ),
        ]

    def __str__(self) -> str:
        return str(question_types.KINDS[self.slug].label)

    @property
    def is_on(self) -> bool:
        """Whether it is asked this evening."""
        return self.until >= periods.tonight()

    def turn_off(self) -> bool:
        """Ask it no more; False if it goes on until tonight is over, as a desk is open and its answers are to count.

        It is not deleted: what a device sends late of an evening on which it was asked still counts.
        """
        at_once = not Opening.objects.tonight().exists()
        self.until = min(self.until, periods.tonight() - dt.timedelta(days=1) if at_once else periods.tonight())
        self.save(update_fields=["until"])
        return at_once


def _asked(kind: question_types.Kind) -> Asked:
    said = [(answer, str(words)) for answer, words in (*question_types.NOT_SAID, *kind.answers)]
    return Asked(
        kind.slug, str(kind.label), said + [(str(pk), name) for pk, name in _listed(kind.slug).items()], kind.several
    )


def _listed(slug: str, *, everything: bool = False) -> dict[int, str]:
    """The answers that are rows of ours."""
    if slug == "topics":
        topics = Choice.objects.filter(of=Choice.Of.TOPIC)
        return dict((topics if everything else topics.filter(withdrawn=False)).values_list("pk", "name"))
    if slug == "pathways":
        pathways = Pathway.objects.all() if everything else Pathway.objects.shown()
        return dict(pathways.order_by("kind__order", "name").values_list("pk", "name"))
    return {}


retention.keep(Question, until=retention.FOR_GOOD)
row_order.leave(Question, because=row_order.LIST)
