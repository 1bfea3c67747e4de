"""Completion counts: how many people did a module or completed a course in a month. They name nobody."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from school.models.courses import Course, Module
from volunteers.shared.registries import retention


class CompletionCountQuerySet(models.QuerySet["CompletionCount"]):
    """Changes the counts."""

    def change_count(
        self, day: dt.date, *, module: Module | None = None, course: Course | None = None, by: int
    ) -> None:
        """Add `by`, which may be negative, to the count of this day's month."""
        month = day.replace(day=1)
        if by < 0:
            self.filter(month=month, module=module, course=course, number__gte=-by).update(number=F("number") + by)
            return
        row, created = self.get_or_create(month=month, module=module, course=course, defaults={"number": by})
        if not created:
            self.filter(pk=row.pk).update(number=F("number") + by)


class CompletionCount(models.Model):
    """The number of people who did one module, or completed one course, in one month."""

    month = models.DateField(_("month"))
    module = models.ForeignKey(
        Module, verbose_name=_("module"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    course = models.ForeignKey(
        Course, verbose_name=_("course"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField(_("how many"))

    objects = CompletionCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("finished")
        verbose_name_plural = _("finished")
        db_table = "school_finished"
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


retention.keep(CompletionCount, until=retention.FOR_GOOD, promise="sessions-held")
