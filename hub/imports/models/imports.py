"""Lists that somebody takes in from a file: read, shown line by line, taken in as one batch, undone as one batch."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, ProtectedError, Q
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from hub.directory.models.services import PathwayKind
from hub.imports.kinds.all_kinds import KINDS
from hub.imports.kinds.base import ListKind, Verdict
from hub.imports.limits import UnreadableFile
from hub.imports.models.lines import ImportLine
from hub.imports.rows import read_rows
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention, row_order, sealed
from volunteers.shared.sealing import Unsealable, seal, unseal
from volunteers.shared.workers import RETRY_AFTER_DATABASE

PERMISSION = "hub.take_in_lists"
PURPOSE = "hub.imports.unread"
PREVIEW_TTL = dt.timedelta(days=1)
"""The days after that of the upload on which a preview, and what was not taken in, can still be read."""
IMPORT_RETENTION = dt.timedelta(days=30)
"""The days in which what was taken in can be undone."""
STEP = 25
"""The lines of one transaction."""


class ImportQuerySet(models.QuerySet["Import"]):
    """Queries about lists, and reading one."""

    def with_numbers(self) -> ImportQuerySet:
        """Annotate how many lines there are of each verdict and outcome."""
        numbers = {
            "new": Q(lines__verdict=Verdict.NEW),
            "known": Q(lines__verdict=Verdict.KNOWN),
            "unclear": Q(lines__verdict=Verdict.UNCLEAR),
            "left_out": Q(lines__left_out=True),
            "chosen": Q(lines__verdict=Verdict.NEW, lines__left_out=False),
            "waiting": Q(lines__verdict=Verdict.NEW, lines__left_out=False, lines__outcome=""),
            **{outcome.value: Q(lines__outcome=outcome) for outcome in ImportLine.Outcome},
        }
        counts = {name: Count("lines", filter=condition) for name, condition in numbers.items()}
        return self.annotate(total=Count("lines"), **counts)

    @transaction.atomic
    def read(
        self, kind: str, data: bytes, *, by: User, adds_headings: bool = False, heading: PathwayKind | None = None
    ) -> Import:
        """Read a file into lines, each with its verdict. Raises UnreadableFile."""
        if not by.has_perm(PERMISSION):
            raise NotAllowed(_now("You cannot take in lists."))
        batch = self.model(kind=kind, by=by, adds_headings=adds_headings, heading=heading, language=get_language())
        lists = batch.build_kind()
        rows, unread = read_rows(lists, data)
        lines = [(number, cells, lists.understand(number, cells)) for number, cells in rows]
        if not lines:
            raise UnreadableFile(_now("There are headings in this file, and no lines under them."))
        batch.unread = seal(json.dumps(unread), purpose=PURPOSE) if unread else ""
        batch.save()
        ImportLine.objects.bulk_create(
            (ImportLine.build(batch, number, cells, line) for number, cells, line in lines), batch_size=500
        )
        return batch

    def overdue(self, now: dt.datetime) -> ImportQuerySet:
        """Lists nobody took in by the end of the next day, and those that can be undone no more."""
        today = timezone.localdate(now) if timezone.is_aware(now) else now.date()
        never = Q(state=Import.State.READY, made_on__lt=today - PREVIEW_TTL)
        return self.filter(never | Q(made_on__lt=today - IMPORT_RETENTION))

    @transaction.atomic
    def forget(self) -> None:
        """Delete what is overdue, and the words of lines that were not taken in."""
        self.overdue(timezone.localtime()).delete()
        old = self.filter(made_on__lt=timezone.localdate() - PREVIEW_TTL)
        ImportLine.objects.filter(batch__in=old).exclude(content="").update(content="")
        old.exclude(unread="").update(unread="")


class Import(models.Model):
    """A list that somebody brought. Nothing of it is in the hub before it is taken in."""

    class State(models.TextChoices):
        """How far it is."""

        READY = "ready", _("to look at")
        TAKING_IN = "taking_in", _("being taken in")
        TAKEN_IN = "taken_in", _("taken in")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    kind = models.CharField(max_length=8, choices=[(slug, kind.title) for slug, kind in KINDS.items()])
    state = models.CharField(max_length=9, choices=State, default=State.READY)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_on = models.DateField(default=timezone.localdate)
    language = models.CharField(max_length=12, blank=True, default="")
    adds_headings = models.BooleanField(default=False)
    heading = models.ForeignKey(PathwayKind, null=True, on_delete=models.SET_NULL, related_name="+")
    sends_letters = models.BooleanField(default=False)
    unread = models.TextField(blank=True, default="")

    objects = ImportQuerySet.as_manager()

    # What reads its lines, while a job is at work.
    reader: ListKind | None = None

    # Set by `with_numbers`.
    total: int
    new: int
    chosen: int
    waiting: int

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        ordering = ["-made_on", "-pk"]
        default_permissions = ()
        permissions = [("take_in_lists", "Can take in lists from files, and undo that")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Any:
        """The kind of list, in words."""
        return KINDS[self.kind].title

    @property
    def is_at_work(self) -> bool:
        """Whether a job is taking it in or undoing it."""
        return self.state in (self.State.TAKING_IN, self.State.UNDOING)

    @property
    def undo_until(self) -> dt.date:
        """The last day on which it can be undone."""
        return self.made_on + IMPORT_RETENTION

    @property
    def words_until(self) -> dt.date:
        """The last day on which what was not taken in can be read here."""
        return self.made_on + PREVIEW_TTL

    @property
    def unread_headings(self) -> list[str]:
        """Headings of the file that nobody reads."""
        try:
            return list(json.loads(unseal(self.unread, purpose=PURPOSE))) if self.unread else []
        except Unsealable:
            return []

    def build_kind(self) -> ListKind:
        """The reader of this list, for whoever brought it."""
        if self.by is None:
            raise NotAllowed(_now("The person who brought this list has no account any more. Bring it again."))
        lists = KINDS[self.kind](self.by, adds_headings=self.adds_headings, heading=self.heading)
        lists.sends_letters = self.sends_letters
        return lists

    @transaction.atomic
    def choose(self, shown: Collection[int], ticked: Collection[int]) -> None:
        """Leave out those of the shown lines that are not ticked."""
        self._lock(self.State.READY)
        lines = self.lines.filter(verdict=Verdict.NEW, number__in=shown)
        lines.filter(number__in=ticked).update(left_out=False)
        lines.exclude(number__in=ticked).update(left_out=True)

    @transaction.atomic
    def drop(self) -> None:
        """Forget a list that is not taken in."""
        self._lock(self.State.READY)
        self.delete()

    @transaction.atomic
    def start(self, *, by: User, sends_letters: bool = False) -> None:
        """Begin to take in the new lines that nobody left out."""
        self._begin(by, self.State.READY)
        if not self.lines.waiting().exists():
            raise NotAllowed(_now("There is no line to take in."))
        self.by, self.state, self.sends_letters = by, self.State.TAKING_IN, sends_letters
        self.save(update_fields=["by", "state", "sends_letters"])
        work_on_import.defer(batch=self.pk)

    @transaction.atomic
    def start_undoing(self, *, by: User) -> None:
        """Begin to undo what was taken in, as far as nobody has touched it."""
        self._begin(by, self.State.TAKEN_IN, self.State.UNDONE)
        if not self.lines.filter(outcome__in=[ImportLine.Outcome.TAKEN_IN, ImportLine.Outcome.KEPT]).exists():
            raise NotAllowed(_now("There is nothing left to undo."))
        self.lines.filter(outcome=ImportLine.Outcome.KEPT).update(outcome=ImportLine.Outcome.TAKEN_IN, why="")
        self.by, self.state = by, self.State.UNDOING
        self.save(update_fields=["by", "state"])
        work_on_import.defer(batch=self.pk)

    def work(self) -> None:
        """Do what was begun, some lines at a time. A second worker finds nothing to do."""
        with override(self.language or None):
            while self._do_some():
                pass

    @transaction.atomic
    def _do_some(self) -> bool:
        """Take in or undo some lines; False once there is nothing left to do."""
        here = Import.objects.select_for_update(of=("self",)).select_related("by", "heading").filter(pk=self.pk).first()
        if here is None or not here.is_at_work:
            return False
        taking_in = here.state == self.State.TAKING_IN
        waiting = self.lines.waiting().order_by("number") if taking_in else self.lines.taken_in().order_by("-number")
        lines = list(waiting.select_related("category", "heading")[:STEP])
        if not lines:
            here.state = self.State.TAKEN_IN if taking_in else self.State.UNDONE
            here.save(update_fields=["state"])
            return False
        for line in lines:
            self._do_one(here, line, taking_in=taking_in)
        return True

    def _do_one(self, here: Import, line: ImportLine, *, taking_in: bool) -> None:
        refused = ImportLine.Outcome.REFUSED if taking_in else ImportLine.Outcome.KEPT
        try:
            with transaction.atomic():
                self.reader = self.reader or here.build_kind()
                if taking_in:
                    _take_in(self.reader, line)
                else:
                    line.forget()
                    self.reader.undo(line)
        except NotAllowed as refusal:
            line.refuse(refused, refusal.reasons)
        except ValidationError as problem:
            line.refuse(refused, problem.messages)
        except (IntegrityError, ProtectedError):
            line.refuse(refused, [_now("Somebody else changed something here at the same moment.")])
        else:
            return
        # What it remembers of this line is not so.
        self.reader = None

    def _lock(self, *states: str) -> None:
        here = Import.objects.select_for_update(of=("self",)).filter(pk=self.pk).first()
        if here is None or here.state not in states:
            raise NotAllowed(_now("Somebody else was quicker with this list. Look again."))

    def _begin(self, by: User, *states: str) -> None:
        if not by.has_perm(PERMISSION):
            raise NotAllowed(_now("You cannot take in lists."))
        self._lock(*states)


def _take_in(reader: ListKind, line: ImportLine) -> None:
    """Take in a line as it reads now: it may be known by now. Raises NotAllowed or ValidationError."""
    if not line.content:
        raise NotAllowed(_now("We no longer have this line. Bring the list again."))
    understood = reader.understand(line.number, line.open()["cells"])
    if understood.verdict != Verdict.NEW:
        raise NotAllowed(understood.reasons)
    line.record(reader.take_in(understood))


@app.task(name="hub.imports.work_on_import", retry=RETRY_AFTER_DATABASE)  # type: ignore[untyped-decorator]
def work_on_import(batch: int) -> None:
    """Take in a list, or undo it; nothing happens if that is done."""
    for begun in Import.objects.filter(pk=batch):
        begun.work()


retention.keep(
    Import,
    length=IMPORT_RETENTION,
    promise="lists",
    every=retention.Every.HOUR,
    delete=Import.objects.forget,
    overdue=Import.objects.overdue,
    in_backups=retention.InBackups.NEVER,
)
row_order.leave(Import, because=row_order.BOOKS)
sealed.leave(Import, "unread", because="it is gone within two days, and the file can be brought again")
personal_data.hold(Import, "by", part="deeds", counted_as=_("Lists you took in"), order=110)
