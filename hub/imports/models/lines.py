"""The lines of a list: what stands in them, while that is needed, and what each became."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.directory.models.services import Pathway, PathwayKind
from hub.imports.kinds.base import Made, Understood, Verdict
from supplies.models import Category, Item
from volunteers.models import User
from volunteers.shared.registries import personal_data, retention, row_order, sealed
from volunteers.shared.sealing import Unsealable, seal, unseal

PURPOSE = "hub.imports.line"


class ImportLineQuerySet(models.QuerySet["ImportLine"]):
    """Queries about lines."""

    def waiting(self) -> ImportLineQuerySet:
        """New lines that nobody left out, and that are not taken in yet."""
        return self.filter(verdict=Verdict.NEW, left_out=False, outcome="")

    def taken_in(self) -> ImportLineQuerySet:
        """Lines that were taken in and not undone."""
        return self.filter(outcome=ImportLine.Outcome.TAKEN_IN)

    def to_put_right(self) -> ImportLineQuerySet:
        """Lines that were not understood, or refused, while their words are here."""
        wrong = models.Q(verdict=Verdict.UNCLEAR) | models.Q(outcome=ImportLine.Outcome.REFUSED)
        return self.filter(wrong).exclude(content="").order_by("number")

    def to_show(self, verdict: str = "") -> ImportLineQuerySet:
        """In their order, those of one verdict or all, with what they became."""
        lines = self.filter(verdict=verdict) if verdict else self
        return lines.select_related("item", "person", "service").order_by("number")


class ImportLine(models.Model):
    """A line of a list. Its words are sealed, and gone once it is taken in."""

    class Outcome(models.TextChoices):
        """What became of it."""

        TAKEN_IN = "taken_in", _("taken in")
        REFUSED = "refused", _("not taken in")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("stays")

    batch = models.ForeignKey("hub.Import", on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=7, choices=Verdict)
    left_out = models.BooleanField(default=False)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    # Why it was refused, or stays: a sentence of ours, and never what stood in the line.
    why = models.CharField(max_length=300, blank=True, default="")
    content = models.TextField(blank=True, default="")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Pathway, null=True, on_delete=models.SET_NULL, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL, related_name="+")
    heading = models.ForeignKey(PathwayKind, null=True, on_delete=models.SET_NULL, related_name="+")
    act = models.UUIDField(null=True)
    mark = models.CharField(max_length=64, blank=True, default="")

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a list")
        verbose_name_plural = _("lines of lists")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="importline_number_once")]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def build(cls, batch: Any, number: int, cells: dict[str, str], line: Understood) -> ImportLine:
        """A line as it was read, sealed."""
        content = {"cells": cells, "label": line.label, "reasons": line.reasons}
        sealed_content = seal(json.dumps(content), purpose=PURPOSE)
        return cls(batch=batch, number=number, verdict=line.verdict, content=sealed_content)

    def open(self) -> dict[str, Any]:
        """What stands in it, what it is called, and the reasons for its verdict; all empty once it is gone."""
        empty: dict[str, Any] = {"cells": {}, "label": "", "reasons": []}
        if not self.content:
            return empty
        with suppress(Unsealable):
            empty |= json.loads(unseal(self.content, purpose=PURPOSE))
        return empty

    @property
    def became(self) -> Any:
        """What the line became, if that has a name of its own."""
        return self.item or self.person or self.service

    def record(self, made: Made) -> None:
        """Note what the line became; its words are not needed any more."""
        for name in ("item", "person", "service", "category", "heading", "act", "mark"):
            setattr(self, name, getattr(made, name))
        self.outcome, self.content = self.Outcome.TAKEN_IN, ""
        self.save()

    def forget(self) -> None:
        """Note in the database that it is undone, before that is done: a line about a person is erased with them."""
        nothing = {"item": None, "person": None, "service": None, "category": None, "heading": None, "act": None}
        ImportLine.objects.filter(pk=self.pk).update(**nothing, outcome=self.Outcome.UNDONE, why="", mark="")

    def refuse(self, outcome: str, reasons: Iterable[str]) -> None:
        """Note why the line was not taken in, or why what it became stays."""
        self.outcome, self.why = outcome, " ".join(reasons)[:300]
        self.save(update_fields=["outcome", "why"])


retention.keep(ImportLine, until="as long as its list", promise="lists", in_backups=retention.InBackups.NEVER)
row_order.leave(ImportLine, because=row_order.BOOKS)
sealed.leave(ImportLine, "content", because="it is gone within two days, and the file can be brought again")
personal_data.hold(
    ImportLine,
    "person",
    part="history",
    counted_as=_("Lists that you came in with, until they cannot be undone any more"),
    merge=personal_data.Merge.STAY_APART,
)
