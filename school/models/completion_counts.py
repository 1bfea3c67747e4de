"""How much was finished in a month: counts for the reports, which name nobody and stay when people go."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from registries import retention
from school.models.courses import Course, Module


class FinishedQuerySet(models.QuerySet["Finished"]):
    """Adds up, and answers the reports."""

    def tally(self, day: dt.date, *, module: Module | None = None, course: Course | None = None, by: int) -> None:
        """Count one more, or one less, in the month of this day."""
        month = day.replace(day=1)
        if by < 0:
            self.filter(month=month, module=module, course=course, number__gte=-by).update(number=F("number") + by)
            return
        row, made = self.get_or_create(month=month, module=module, course=course, defaults={"number": by})
        if not made:
            self.filter(pk=row.pk).update(number=F("number") + by)

    def modules_by_month_and_strand(self, first: dt.date, last: dt.date) -> list[tuple[dt.date, str, int]]:
        """(month, strand, modules done) from the month of `first` to that of `last`, months without any left out."""
        rows = (
            self.filter(month__gte=first.replace(day=1), month__lte=last, module__isnull=False, number__gt=0)
            .values_list("month", "module__strand__name")
            .annotate(n=Sum("number"))
        )
        return [(month, strand, n) for month, strand, n in rows.order_by("month", "module__strand__order")]

    def courses_by_month(self, first: dt.date, last: dt.date) -> list[tuple[dt.date, str, int]]:
        """(month, course, people who completed it), the same way."""
        rows = self.filter(month__gte=first.replace(day=1), month__lte=last, course__isnull=False, number__gt=0)
        return list(rows.values_list("month", "course__name", "number").order_by("month", "course__name"))


class Finished(models.Model):
    """So many people did this module, or completed this course, in this month."""

    month = models.DateField(_("month"))
    module = models.ForeignKey(
        Module, verbose_name=_("module"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    course = models.ForeignKey(
        Course, verbose_name=_("course"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField(_("how many"))

    objects = FinishedQuerySet.as_manager()

    class Meta:
        verbose_name = _("finished")
        verbose_name_plural = _("finished")
        ordering = ["month"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["month", "module", "course"], nulls_distinct=False, name="finished_one_row_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="finished_by_month"),
            models.CheckConstraint(
                condition=Q(module__isnull=False) ^ Q(course__isnull=False), name="finished_module_or_course"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.module or self.course} {self.number}"


retention.keep(Finished, until=retention.FOR_GOOD, promise="sessions-held")
