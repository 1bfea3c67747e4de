"""Paper tallies: an evening counted on a sheet, after a power cut or because somebody likes it so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from hub.desk.models.openings import Opening, Totals
from hub.desk.models.tallies import Measure, Tally
from hub.desk.models.visits import SeenVisit
from supplies.models import Item
from supplies.models.issuing import MOST_AT_ONCE


@dataclass(frozen=True)
class Sheet:
    """What one sheet adds up to: visits, people, how many of each item. Its random id keeps it from counting twice."""

    id: uuid.UUID
    visits: int
    people: int
    items: Mapping[int, int]

    @transaction.atomic
    def add_to(self, opening: Opening) -> bool:
        """Add it to an evening and its month, and take what was given out off the shelf. False if it was added before.

        It comes on top of what was logged: whoever calls this has asked. Raises Closed for an evening too long ago,
        and ValidationError for an item that cannot be given out on a visit.
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
            Item.objects.issue({item: min(n, MOST_AT_ONCE) for item, n in left.items()}, month=opening.month)
            left = {item: n - MOST_AT_ONCE for item, n in left.items() if n > MOST_AT_ONCE}
        Tally.objects.add(
            opening.month,
            {
                (Measure.VISITS, ""): self.visits,
                (Measure.PEOPLE, ""): self.people,
                **{(Measure.GIVEN, str(item)): n for item, n in self.items.items()},
            },
        )
        opening.settle(Totals((opening.visits or 0) + self.visits, (opening.people or 0) + self.people))
        return True
