"""Published figures: the bucket of each leaf, frozen when an edition first covers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from hub.core.periods import Period, Span
from hub.disclosure.leaves import FrozenBucket, Leaf
from hub.reports.models.editions import Edition
from volunteers.shared.registries import retention, row_order

LEAF_RANGE = Func(
    F("first"),
    template="daterange(%(expressions)s, (first + make_interval(months => span::int))::date)",
    output_field=DateRangeField(),
)
"""The days of a leaf."""


class PublishedFigureQuerySet(models.QuerySet["PublishedFigure"]):
    """Queries on published figures, and adding some."""

    def as_leaves(self, since: dt.date, until: dt.date) -> dict[Leaf, FrozenBucket]:
        """Return each leaf that begins in a year of this time, with its bucket as last published."""
        rows = self.filter(first__gte=since.replace(month=1), first__lt=until).order_by("version")
        columns = "measure", "key", "first", "span", "bucket", "version", "edition__published_on"
        return {
            Leaf(f"{measure}:{key}", Period(first, Span(span))): FrozenBucket(
                bucket, version, day if version > 1 else None
            )
            for measure, key, first, span, bucket, version, day in rows.values_list(*columns)
        }

    def add(self, leaves: Mapping[Leaf, FrozenBucket], edition: Edition) -> None:
        """Add leaves that an edition publishes first or puts right, in an order that tells nothing."""
        PublishedFigure.objects.bulk_create(_build_figures(leaves, edition))


def _build_figures(leaves: Mapping[Leaf, FrozenBucket], edition: Edition) -> Iterator[PublishedFigure]:
    for leaf, frozen in sorted(leaves.items(), key=lambda pair: pair[0]):
        measure, _colon, key = leaf.name.partition(":")
        yield PublishedFigure(
            measure=measure,
            key=key,
            first=leaf.period.first,
            span=leaf.period.span,
            version=frozen.version,
            bucket=frozen.bucket,
            edition=edition,
        )


class PublishedFigure(models.Model):
    """One leaf as published: a measure of something, over one period, in its bucket. The true count is not here.

    `bucket` is 0, 1 for a hidden count, or the nearest 5; of an answer it is the share in tenths. `version` above one
    is a figure that was put right. Withdrawing an edition changes nothing here: what was published stays so.
    """

    pk = models.CompositePrimaryKey("measure", "key", "first", "span", "version")
    measure = models.CharField(max_length=20)
    key = models.CharField(max_length=40, blank=True)
    first = models.DateField()
    span = models.PositiveSmallIntegerField(choices=[(span.value, span.name) for span in Span])
    version = models.PositiveSmallIntegerField(default=1)
    bucket = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="figures")

    objects = PublishedFigureQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(bucket__in=[0, 1]) | Q(bucket__gte=10), name="figure_in_a_bucket"),
            models.CheckConstraint(condition=Q(version__gte=1), name="figure_counts_from_one"),
            # Two grains of one series would overlap, and their difference tell a hidden number.
            ExclusionConstraint(
                name="figure_leaves_do_not_overlap",
                expressions=[
                    (F("measure"), RangeOperators.EQUAL),
                    (F("key"), RangeOperators.EQUAL),
                    (LEAF_RANGE, RangeOperators.OVERLAPS),
                ],
                condition=Q(version=1),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_as_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="RAISE EXCEPTION 'A published figure stays as it is.' USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="hidden_is_never_put_right",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__version__gt=1),
                func="""
                    IF NEW.bucket < 2 OR NOT EXISTS (SELECT FROM hub_publishedfigure
                        WHERE (measure, key, first, span, version)
                            = (NEW.measure, NEW.key, NEW.first, NEW.span, NEW.version - 1)
                        AND bucket > 1 AND bucket <> NEW.bucket) THEN
                        RAISE EXCEPTION 'Nought and a hidden figure are never put right.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}:{self.key} {Period(self.first, Span(self.span))}"


retention.keep(PublishedFigure, until=retention.FOR_GOOD, promise="totals")
row_order.leave(PublishedFigure, because="an edition adds all of its own at once, in the order of their names")
