"""What no dump may show: which row came last. Tables that grow at the desk are put in an order that says nothing."""

from __future__ import annotations

from hub.desk.models.openings import Opening
from hub.desk.models.tallies import Tally
from hub.desk.models.visits import SeenVisit
from hub.ideas.models import Idea, SeenTap
from hub.logs.models.incidents import Incident, IncidentNeed
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.strips import StripResult
from supplies.models import Outgoing
from supplies.models.row_order import forget_arrivals as put_in_order
from supplies.models.shortfalls import SeenShortfall, Shortfall


def forget_arrivals() -> bool:
    """Forget which rows were written last, once no desk is open; returns whether all of it is forgotten.

    Harmless at any time: it waits for nobody, and what is in order already is left alone.
    """
    if Opening.objects.open().exists():
        return False
    return all(
        [
            put_in_order(Tally, "month", "measure", "key", index="hub_tally_pkey"),
            put_in_order(Outgoing, "item_id", "lot_id", "store_id", "month", index="outgoing_one_row_that_grows"),
            put_in_order(Shortfall, "month", "item_id", "wish_id", "reason", index="shortfall_one_row_that_grows"),
            *(
                put_in_order(model, "id", index=f"{model._meta.db_table}_pkey")  # noqa: SLF001 -- Django's own public name for it
                for model in (
                    Opening,
                    SeenVisit,
                    SeenShortfall,
                    NaloxoneGiven,
                    Reversal,
                    StripResult,
                    Incident,
                    IncidentNeed,
                    Idea,
                    SeenTap,
                )
            ),
        ]
    )
