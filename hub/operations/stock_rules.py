"""Rules about the stock's books: what left the shelf, as three hands have written it."""

from __future__ import annotations

from django.db import connection

from supplies.models import Item

# What left the shelf in each month, as the stock's books have it: the ledger, and what is not in it yet.
GONE = """
    SELECT month, item_id, sum(quantity) AS n FROM (
        SELECT month, item_id, -quantity AS quantity FROM supplies_movement WHERE kind = 'given_out'
        UNION ALL SELECT month, item_id, quantity FROM supplies_outgoing
    ) AS books GROUP BY month, item_id
"""
# And as the desk has it: the month's totals, with what is on an open desk and not in them yet.
GIVEN = """
    SELECT month, item_id, sum(quantity) AS n FROM (
        SELECT month, key::bigint AS item_id, value AS quantity FROM hub_tally WHERE measure = 'given'
        UNION ALL SELECT date_trunc('month', date)::date, item_id, quantity
        FROM hub_visititem JOIN hub_visit ON hub_visit.id = visit_id JOIN hub_opening ON hub_opening.id = opening_id
        UNION ALL SELECT month, product_id, kits FROM hub_naloxonegiven
    ) AS desk GROUP BY month, item_id
"""


def does_shelf_disagree() -> bool:
    """Whether what the shelf shows is anything but the ledger less what has gone out, added up the plainest way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT item_id, quantity FROM supplies_movement")
        on_hand = dict.fromkeys(Item.objects.values_list("pk", flat=True), 0)
        for item, quantity in cursor.fetchall():
            on_hand[item] += quantity
        cursor.execute("SELECT item_id, quantity FROM supplies_outgoing")
        for item, quantity in cursor.fetchall():
            on_hand[item] -= quantity
    return on_hand != {item.pk: item.on_hand for item in Item.objects.with_on_hand()}
