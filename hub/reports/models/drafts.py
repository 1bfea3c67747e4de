"""Drafts: a report on its way through the gate, and the words people write for it until it is published."""

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
from hub.reports.models.editions import WORDS, Edition
from hub.reports.query import fetch_figures
from supplies.models import CompletedMonth
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

MAKE_DRAFTS = "hub.reports.make_drafts"
"""The job that makes drafts, by name: its module imports this one."""
EVERY_SECONDS = 0.5
"""How often a job that runs says how far it is."""


class DraftQuerySet(models.QuerySet["Draft"]):
    """Starting drafts."""

    def of(self, period: Period) -> Draft | None:
        """The draft of a period, if somebody began one."""
        return self.filter(first=period.first, span=period.span).first()

    @transaction.atomic
    def begin(self, period: Period) -> Draft:
        """Send a period to the gate, in the worker; begun twice it goes once. Words already written stay."""
        refuse_unsealed(period)
        self.get_or_create(first=period.first, span=period.span)
        draft = Draft.objects.select_for_update().get(first=period.first, span=period.span)
        draft.state, draft.tables, draft.facts, draft.made_from = Draft.State.WAITING, [], [], ""
        draft.done = draft.every = 0
        draft.save()
        with suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(MAKE_DRAFTS, queueing_lock=MAKE_DRAFTS, lock=MAKE_DRAFTS).defer()
        return draft


class Draft(models.Model):
    """A period's shareable tables as the gate made them, not published yet. One for each period."""

    class State(models.TextChoices):
        """How far it is."""

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
        max_length=WORDS,
        blank=True,
        help_text=_("In your own words, for everybody. Nothing about one person, and no numbers but the ones below."),
    )
    argument = models.TextField(
        _("Why it is needed"),
        max_length=WORDS,
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
        """What it is about."""
        return Period(self.first, Span(self.span))

    @property
    def is_ready(self) -> bool:
        """Whether the gate is done with it."""
        return self.state == self.State.READY

    def make(self, *, seconds: float = SECONDS) -> None:
        """Put the tables through the gate. Takes up to two minutes: only the worker does this. Again is harmless."""
        Draft.objects.filter(pk=self.pk, made_from="").update(state=self.State.MAKING)
        editions = [*Edition.objects.order_by("pk").values_list("pk", flat=True)]
        facts = tuple(Edition.objects.filter(pk__in=editions).facts())
        since, until = months_needed(self.period, facts)
        found = fetch_figures(sections.SECTIONS, since, until)
        tables, told = share_document(
            sections.SECTIONS,
            self.period,
            found,
            published=facts,
            seconds=seconds,
            progress=self._tell_progress(),
        )
        Draft.objects.filter(pk=self.pk).update(
            state=self.State.READY,
            tables=tables,
            facts=[fact.as_json() for fact in told],
            made_from=fingerprint(found, editions),
            reads_since=since,
            reads_until=until,
        )

    def write(self, *, learned: str, argument: str) -> None:
        """Keep the words people wrote."""
        self.learned, self.argument = learned, argument
        self.save(update_fields=["learned", "argument"])

    def publish(self) -> Edition:
        """Make it an edition, for everybody and for good. Of two at once one publishes, and the other is told.

        If a figure was corrected or another report came out since the gate looked at it, it is refused: the gate
        would look again.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                # What the gate saw of other editions has to be all there is.
                cursor.execute("LOCK TABLE hub_edition IN SHARE ROW EXCLUSIVE MODE")
            draft = Draft.objects.select_for_update().filter(pk=self.pk).first()
            if draft is None:
                raise NotAllowed(_now("Somebody has published this already."))
            if not draft.is_ready:
                raise NotAllowed(_now("It is not ready yet. Wait until it is, then publish it."))
            refuse_unsealed(draft.period)
            draft.refuse_if_changed()
            before = Edition.objects.of(draft.period).first()
            edition = Edition.objects.create(
                first=draft.first,
                span=draft.span,
                number=before.number + 1 if before else 1,
                tables=draft.tables,
                facts=draft.facts,
                learned=draft.learned,
                argument=draft.argument,
            )
            draft.delete()
        return edition

    def refuse_if_changed(self) -> None:
        """Raise NotAllowed when what it was made from is no longer so."""
        editions = [*Edition.objects.order_by("pk").values_list("pk", flat=True)]
        found = (
            fetch_figures(sections.SECTIONS, self.reads_since, self.reads_until)
            if self.reads_since and self.reads_until
            else None
        )
        if found is None or fingerprint(found, editions) != self.made_from:
            raise NotAllowed(_now("Something has changed since this was made. Have it made again, then look at it."))

    def _tell_progress(self) -> Callable[[int, int], None]:
        told = 0.0

        def tell(done: int, every: int) -> None:
            nonlocal told
            if time.monotonic() - told >= EVERY_SECONDS or done == every:
                told = time.monotonic()
                Draft.objects.filter(pk=self.pk).update(done=done, every=every)

        return tell


def refuse_unsealed(period: Period) -> None:
    """Raise NotAllowed unless every month of a period is complete."""
    sealed = {*CompletedMonth.objects.filter(month__in=period.months).values_list("month", flat=True)}
    missing = [Period(month, Span.MONTH).label for month in period.months if month not in sealed]
    if missing:
        raise NotAllowed(
            _now("Only complete months are shown. Not complete yet: %(months)s.") % {"months": ", ".join(missing)}
        )


retention.keep(Draft, until="until it is published", promise="totals")
row_order.leave(Draft, because="its rows say which period")
