"""Publishing: a period's report as everybody would see it now, and making it an edition."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.core.periods import Period, Span
from hub.disclosure.leaves import FrozenBucket, Leaf, Publication
from hub.reports import sections
from hub.reports.document import Document, build_document, find_shares, fingerprint, months_needed
from hub.reports.models.drafts import Draft
from hub.reports.models.editions import Edition
from hub.reports.models.figures import PublishedFigure
from hub.reports.models.grains import Grains
from hub.reports.query import fetch_figures
from hub.reports.rows import Figures
from supplies.models import CompletedMonth
from volunteers.shared.refusals import NotAllowed


class PublishedAlready(NotAllowed):
    """Somebody published this period meanwhile. `edition` is theirs."""

    def __init__(self, edition: Edition) -> None:
        """Take the edition that came first."""
        super().__init__(_("Somebody has already published this."))
        self.edition = edition


@dataclass(frozen=True)
class Preview:
    """A report as it would be published now: its tables, and the leaves that it would publish first."""

    document: Document
    leaves: dict[Leaf, FrozenBucket]

    @property
    def fingerprint(self) -> str:
        """The digest of what somebody saw before they published it."""
        return fingerprint(self.document)


def start_publication(figures: Figures, period: Period) -> Publication:
    """Return what an edition of a period may show: what is published already, and what it adds."""
    since, until = months_needed(period)
    return Publication(
        true_count=figures.add_up,
        completed=figures.completed,
        published=PublishedFigure.objects.as_leaves(since, until),
        grains=Grains.read(figures.items),
        today=timezone.localdate(),
        shares=find_shares(sections.SECTIONS, figures),
    )


def preview_report(period: Period) -> Preview:
    """Work out the report of a complete period. Nothing is written."""
    figures = fetch_figures(sections.SECTIONS, *months_needed(period))
    publication = start_publication(figures, period)
    document = build_document(sections.SECTIONS, period, figures, publication)
    return Preview(document, publication.made)


def publish_report(period: Period, *, number: int, seen: str, learned: str = "", argument: str = "") -> Edition:
    """Publish a period's report as edition `number`, for good. Its words are no draft any more.

    Of several people at once one publishes, and the others raise PublishedAlready. Who `seen` something else than what
    would come out raises NotAllowed, and looks again.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # No other edition may freeze a figure between reading those that are frozen and adding to them.
            cursor.execute("LOCK TABLE hub_edition IN SHARE ROW EXCLUSIVE MODE")
        refuse_incomplete(period)
        previous = Edition.objects.of(period).first()
        if previous and previous.number >= number:
            raise PublishedAlready(previous)
        preview = preview_report(period)
        if preview.fingerprint != seen:
            raise NotAllowed(
                _("Somebody corrected a number while you looked at this page. Read it again, then publish.")
            )
        edition = Edition.objects.create(
            first=period.first,
            span=period.span,
            number=previous.number + 1 if previous else 1,
            tables=preview.document,
            learned=learned,
            argument=argument,
        )
        PublishedFigure.objects.add(preview.leaves, edition)
        Draft.objects.filter(first=period.first, span=period.span).delete()
    return edition


def refuse_incomplete(period: Period) -> None:
    """Raise NotAllowed unless every month of a period is complete."""
    completed = {*CompletedMonth.objects.filter(month__in=period.months).values_list("month", flat=True)}
    missing = [Period(month, Span.MONTH).label for month in period.months if month not in completed]
    if missing:
        raise NotAllowed(
            _("Only complete months can be shown. Not complete yet: %(months)s.") % {"months": ", ".join(missing)}
        )
