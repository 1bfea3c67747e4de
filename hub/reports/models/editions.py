"""Editions: published reports. An edition never changes; a later edition of its period corrects it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.core.periods import Period, Span
from hub.disclosure.gate import PublishedFact
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
            "facts",
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
        """The newest edition of each period: the latest period first, and a year before its quarters."""
        later = Edition.objects.filter(first=OuterRef("first"), span=OuterRef("span"), number__gt=OuterRef("number"))
        return self.filter(~models.Exists(later)).order_by("-first", "-span")

    def with_later(self) -> EditionQuerySet:
        """Annotate `superseded_on`: the day of the next edition of the period, if there is one."""
        later = Edition.objects.filter(first=OuterRef("first"), span=OuterRef("span"), number=OuterRef("number") + 1)
        return self.annotate(superseded_on=Subquery(later.values("published_on")))

    def facts(self) -> Iterator[PublishedFact]:
        """Every fact these editions published, for the gate. Only the worker reads them."""
        for facts in self.values_list("facts", flat=True).iterator():
            yield from map(PublishedFact.read, facts)


class Edition(models.Model):
    """A published report of one calendar period: shareable tables and texts.

    `facts` holds the published figures as sums, with their true values. The gate needs them to find what the next
    edition would disclose. They are never shown.
    """

    first = models.DateField(_("from"))
    span = models.PositiveSmallIntegerField(_("months"), choices=[(span.value, span.name) for span in Span])
    number = models.PositiveSmallIntegerField(_("edition"))
    tables = models.JSONField(_("tables"))
    facts = models.JSONField(editable=False)
    learned = models.TextField(_("what we learned"), max_length=MAX_TEXT_LENGTH, blank=True)
    argument = models.TextField(_("why it is needed"), max_length=MAX_TEXT_LENGTH, blank=True)
    published_on = models.DateField(_("published on"), default=timezone.localdate)
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
                func="RAISE EXCEPTION 'An edition stays as it was published.' USING ERRCODE = 'check_violation';",
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

    @property
    def withheld(self) -> list[dict[str, Any]]:
        """Tables that the gate withheld."""
        return [table for table in self.tables if table["rows"] is None]


retention.keep(Edition, until=retention.FOR_GOOD, promise="totals")
row_order.leave(Edition, because="its rows say on which day they were published")
