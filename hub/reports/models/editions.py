"""Editions: published reports. An edition never changes; a later edition of its period corrects it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.core.periods import Period, Span
from hub.disclosure.buckets import MAX_HIDDEN, STEP
from volunteers.shared.registries import retention, row_order

MAX_TEXT_LENGTH = 4000


def digest_sql(row: str) -> str:
    """SQL for the digest of all columns of a row."""
    columns = ", ".join(
        f"{row}.{column}"
        for column in (
            "first - '2000-01-01'::date",
            "span",
            "number",
            "tables",
            "threshold",
            "step",
            "learned",
            "argument",
            "published_on - '2000-01-01'::date",
        )
    )
    return f"encode(sha256(convert_to(jsonb_build_array({columns})::text, 'UTF8')), 'hex')"


class EditionQuerySet(models.QuerySet["Edition"]):
    """Queries on editions."""

    def of(self, period: Period) -> EditionQuerySet:
        """All editions of a period, the newest first."""
        return self.filter(first=period.first, span=period.span).order_by("-number")

    def newest(self) -> EditionQuerySet:
        """The newest public edition of each period: the latest period first, and a year before its quarters."""
        later = Edition.objects.public().filter(
            first=OuterRef("first"), span=OuterRef("span"), number__gt=OuterRef("number")
        )
        return self.public().filter(~models.Exists(later)).order_by("-first", "-span")

    def with_later(self) -> EditionQuerySet:
        """Annotate `superseded_on`: the day of the next edition of the period that anybody may see, if there is one."""
        later = Edition.objects.public().filter(
            first=OuterRef("first"), span=OuterRef("span"), number__gt=OuterRef("number")
        )
        return self.annotate(superseded_on=Subquery(later.order_by("number").values("published_on")[:1]))

    def public(self) -> EditionQuerySet:
        """Editions that nobody withdrew."""
        return self.filter(withdrawn_on__isnull=True)


class Edition(models.Model):
    """A published report of one calendar period: tables of buckets, and texts.

    Withdrawing it hides it. Its figures stay published, so that a later edition tells nothing new by them.
    """

    first = models.DateField(_("from"))
    span = models.PositiveSmallIntegerField(_("months"), choices=[(span.value, span.name) for span in Span])
    number = models.PositiveSmallIntegerField(_("edition"))
    tables = models.JSONField(_("tables"))
    # The constants it was made with: its own method says them, whatever the code has by then.
    threshold = models.PositiveSmallIntegerField(default=MAX_HIDDEN, editable=False)
    step = models.PositiveSmallIntegerField(default=STEP, editable=False)
    learned = models.TextField(_("what we learned"), max_length=MAX_TEXT_LENGTH, blank=True)
    argument = models.TextField(_("why it is needed"), max_length=MAX_TEXT_LENGTH, blank=True)
    published_on = models.DateField(_("published on"), default=timezone.localdate)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    # Written by a trigger. With it `manage.py check_invariants` detects a change.
    digest = models.CharField(max_length=64, editable=False, db_default="")

    objects = EditionQuerySet.as_manager()

    # Annotated by `with_later`.
    superseded_on: dt.date | None

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-first", "-span", "-number"]
        default_permissions = ()
        permissions = [("publish_edition", "Can see reports with true figures, and publish shareable ones")]
        constraints = [
            models.UniqueConstraint(fields=["first", "span", "number"], name="edition_one_of_each_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_counts_from_one"),
            models.CheckConstraint(
                # A calendar month, quarter or year, and nothing that overlaps.
                condition=Q(first__day=1)
                & (
                    Q(span=Span.MONTH)
                    | Q(span=Span.QUARTER, first__month__in=[1, 4, 7, 10])
                    | Q(span=Span.YEAR, first__month=1)
                ),
                name="edition_calendar_period",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_as_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                # Only the day it was withdrawn may change: then it is hidden, and no word or number another.
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF to_jsonb(NEW) - 'withdrawn_on' = to_jsonb(OLD) - 'withdrawn_on' THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'An edition stays as it was published.' USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="carries_its_digest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"NEW.digest := {digest_sql('NEW')}; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="of_sealed_months",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF (SELECT count(*) FROM supplies_sealedmonth
                        WHERE month >= NEW.first AND month < NEW.first + make_interval(months => NEW.span)
                       ) <> NEW.span THEN
                        RAISE EXCEPTION 'Only complete months are published.' USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.number > 1 AND NOT EXISTS (SELECT FROM hub_edition
                        WHERE first = NEW.first AND span = NEW.span AND number = NEW.number - 1) THEN
                        RAISE EXCEPTION 'Editions follow each other.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} ({self.number})"

    def get_absolute_url(self) -> str:
        """The permanent public page."""
        return reverse("hub:edition", args=[str(self.period), self.number])

    @property
    def period(self) -> Period:
        """The period of the report."""
        return Period(self.first, Span(self.span))

    def withdraw(self) -> None:
        """Hide it from everybody. Again it changes nothing."""
        Edition.objects.public().filter(pk=self.pk).update(withdrawn_on=timezone.localdate())

    def show_again(self) -> None:
        """Show a withdrawn edition again, as it was."""
        Edition.objects.filter(pk=self.pk).update(withdrawn_on=None)


retention.keep(Edition, until=retention.FOR_GOOD, promise="totals")
row_order.leave(Edition, because="its rows say on which day they were published")
