"""Drafts: reports before publication, their tables from the disclosure gate and their texts."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from hub.core.periods import Period, Span
from hub.disclosure.gate import SECONDS
from hub.reports import sections
from hub.reports.document import fingerprint, months_needed, share_document
from hub.reports.models.editions import MAX_TEXT_LENGTH, Edition
from hub.reports.query import fetch_figures
from supplies.models import CompletedMonth
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

MAKE_DRAFTS = "hub.reports.make_drafts"
"""The job that makes drafts, by name: its module imports this one."""
PROGRESS_INTERVAL = 0.5
"""Seconds between two updates of the progress of a running job."""


class DraftQuerySet(models.QuerySet["Draft"]):
    """Queries on drafts, and beginning one."""

    def of(self, period: Period) -> Draft | None:
        """The draft of a period, if there is one."""
        return self.filter(first=period.first, span=period.span).first()

    @transaction.atomic
    def begin(self, period: Period) -> Draft:
        """Create or reset the draft of a period, and enqueue the job once. Texts already written stay."""
        refuse_incomplete(period)
        self.get_or_create(first=period.first, span=period.span)
        draft = Draft.objects.select_for_update().get(first=period.first, span=period.span)
        draft.state, draft.tables, draft.facts, draft.made_from = Draft.State.WAITING, [], [], ""
        draft.done = draft.every = 0
        draft.save()
        with suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(MAKE_DRAFTS, queueing_lock=MAKE_DRAFTS, lock=MAKE_DRAFTS).defer()
        return draft


class Draft(models.Model):
    """The shareable tables and texts of a period before publication. One for each period."""

    class State(models.TextChoices):
        """Progress of a draft."""

        WAITING = "waiting", _("waiting for the helper")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")

    first = models.DateField(_("from"))
    span = models.PositiveSmallIntegerField(_("months"), choices=[(span.value, span.name) for span in Span])
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    every = models.PositiveIntegerField(default=0)
    tables = models.JSONField(default=list)
    facts = models.JSONField(default=list, editable=False)
    made_from = models.CharField(max_length=64, blank=True, default="")
    reads_since = models.DateField(null=True)
    reads_until = models.DateField(null=True)
    learned = models.TextField(
        _("What we learned"),
        max_length=MAX_TEXT_LENGTH,
        blank=True,
        help_text=_("In your own words, for everybody. Nothing about one person, and no numbers but the ones below."),
    )
    argument = models.TextField(
        _("Why it is needed"),
        max_length=MAX_TEXT_LENGTH,
        blank=True,
        help_text=_("What the law stopped, what was asked for and not there, and what should change."),
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["first", "span"], name="draft_one_for_a_period"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "making", "ready"]), name="draft_state_known"),
            models.CheckConstraint(condition=Q(state="ready") ^ Q(made_from=""), name="draft_ready_says_from_what"),
            models.CheckConstraint(
                condition=Q(made_from="") | Q(reads_since__isnull=False, reads_until__isnull=False),
                name="draft_ready_says_of_which_months",
            ),
        ]

    def __str__(self) -> str:
        return str(self.period)

    @property
    def period(self) -> Period:
        """The period of the report."""
        return Period(self.first, Span(self.span))

    @property
    def is_ready(self) -> bool:
        """Whether its tables have passed the gate."""
        return self.state == self.State.READY

    def make(self, *, seconds: float = SECONDS) -> None:
        """Make the tables, in the worker, as the gate takes up to two minutes. A second run is harmless."""
        Draft.objects.filter(pk=self.pk, made_from="").update(state=self.State.MAKING)
        editions = [*Edition.objects.order_by("pk").values_list("pk", flat=True)]
        facts = tuple(Edition.objects.filter(pk__in=editions).facts())
        since, until = months_needed(self.period, facts)
        figures = fetch_figures(sections.SECTIONS, since, until)
        tables, published_facts = share_document(
            sections.SECTIONS,
            self.period,
            figures,
            published=facts,
            seconds=seconds,
            progress=self._progress_writer(),
        )
        Draft.objects.filter(pk=self.pk).update(
            state=self.State.READY,
            tables=tables,
            facts=[fact.as_json() for fact in published_facts],
            made_from=fingerprint(figures, editions),
            reads_since=since,
            reads_until=until,
        )

    def write(self, *, learned: str, argument: str) -> None:
        """Save the texts."""
        self.learned, self.argument = learned, argument
        self.save(update_fields=["learned", "argument"])

    def publish(self) -> Edition:
        """Turn the draft into a public, permanent edition. The second of two at once raises NotAllowed.

        A draft is refused if a figure was corrected or another edition published since the gate ran: it must run
        again.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                # No other edition may appear between the check and the insert.
                cursor.execute("LOCK TABLE hub_edition IN SHARE ROW EXCLUSIVE MODE")
            draft = Draft.objects.select_for_update().filter(pk=self.pk).first()
            if draft is None:
                raise NotAllowed(_now("Somebody has published this already."))
            if not draft.is_ready:
                raise NotAllowed(_now("It is not ready yet. Wait until it is, then publish it."))
            refuse_incomplete(draft.period)
            draft.refuse_if_changed()
            previous = Edition.objects.of(draft.period).first()
            edition = Edition.objects.create(
                first=draft.first,
                span=draft.span,
                number=previous.number + 1 if previous else 1,
                tables=draft.tables,
                facts=draft.facts,
                learned=draft.learned,
                argument=draft.argument,
            )
            draft.delete()
        return edition

    def refuse_if_changed(self) -> None:
        """Raise NotAllowed if the figures or editions behind the draft have changed."""
        editions = [*Edition.objects.order_by("pk").values_list("pk", flat=True)]
        figures = (
            fetch_figures(sections.SECTIONS, self.reads_since, self.reads_until)
            if self.reads_since and self.reads_until
            else None
        )
        if figures is None or fingerprint(figures, editions) != self.made_from:
            raise NotAllowed(_now("Something has changed since this was made. Have it made again, then look at it."))

    def _progress_writer(self) -> Callable[[int, int], None]:
        last_write = 0.0

        def write_progress(done: int, every: int) -> None:
            nonlocal last_write
            if time.monotonic() - last_write >= PROGRESS_INTERVAL or done == every:
                last_write = time.monotonic()
                Draft.objects.filter(pk=self.pk).update(done=done, every=every)

        return write_progress


def refuse_incomplete(period: Period) -> None:
    """Raise NotAllowed unless every month of a period is complete."""
    completed = {*CompletedMonth.objects.filter(month__in=period.months).values_list("month", flat=True)}
    missing = [Period(month, Span.MONTH).label for month in period.months if month not in completed]
    if missing:
        raise NotAllowed(
            _now("Only complete months are shown. Not complete yet: %(months)s.") % {"months": ", ".join(missing)}
        )


retention.keep(Draft, until="until it is published", promise="totals")
row_order.leave(Draft, because="its rows say which period")
