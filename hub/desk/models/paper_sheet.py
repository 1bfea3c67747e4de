"""Paper sheets: an evening counted by hand, after a power cut or because somebody likes it so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from hub.core.pending_rewrites import PendingRewrite
from hub.desk.models.openings import Opening, Totals
from hub.desk.models.tallies import Tally, visit_amounts
from hub.desk.models.visits import SeenVisit
from supplies.models import CompletedMonth, Item
from supplies.models.issuing import MAX_ISSUED


@dataclass(frozen=True)
class PaperSheet:
    """The totals of one sheet: visits, people, how many of each item. Its random id keeps it from counting twice."""

    id: uuid.UUID
    visits: int
    people: int
    items: Mapping[int, int]

    @transaction.atomic
    def add_to(self, opening: Opening) -> bool:
        """Add it to an evening and its month, and take its items out of the stock. Returns False for a second time.

        It comes on top of the visits that were logged: the caller has asked about that. Raises DeskClosed for an
        evening too long ago, and ValidationError for an item that cannot be given out on a visit.
        """
        opening.refresh_from_db(from_queryset=Opening.objects.select_for_update(no_key=True))
        opening.check_not_too_old()
        try:
            with transaction.atomic():
                SeenVisit.objects.create(pk=self.id, opening=opening)
        except IntegrityError:
            return False
        left = dict(self.items)
        while left:
            Item.objects.issue({item: min(n, MAX_ISSUED) for item, n in left.items()}, month=opening.month)
            left = {item: n - MAX_ISSUED for item, n in left.items() if n > MAX_ISSUED}
        Tally.objects.add(opening.month, visit_amounts(self.visits, self.people, self.items))
        opening.save_totals(Totals((opening.visits or 0) + self.visits, (opening.people or 0) + self.people))
        PendingRewrite.objects.ask(every_table=CompletedMonth.objects.filter(month=opening.month).exists())
        return True
