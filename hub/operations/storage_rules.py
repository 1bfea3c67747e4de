"""Rules about what PostgreSQL keeps beside the rows: transactions, their times, and samples of values."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from hub.core.pending_rewrites import PendingRewrite
from hub.desk.models.openings import Opening
from volunteers.shared.registries import row_order

LATE = dt.timedelta(days=2)


def is_a_transaction_told() -> bool:
    """Whether a table of the desk tells its rows' transactions apart, with no desk open and nothing pending."""
    if Opening.objects.open().exists() or PendingRewrite.objects.exists():
        return False
    return not all(table.is_clean(settled=True) for table in row_order.find_registered())


def is_a_rewrite_late() -> bool:
    """Whether a table should have been written anew long ago."""
    return PendingRewrite.objects.filter(since__lt=timezone.localdate() - LATE).exists()


def is_a_sample_kept() -> bool:
    """Whether PostgreSQL keeps a sample of what the desk wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stats WHERE schemaname = current_schema() AND tablename = ANY (%s))",
            [[table.table for table in row_order.find_registered()]],
        )
        return bool(cursor.fetchone()[0])
