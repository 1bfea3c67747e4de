"""Collects the jobs of the parts: the worker finds a job by importing this module, which it looks for in every app."""

from hub.desk.jobs import aggregate_visits, rewrite_tables, update_public_stock
from hub.months.jobs import complete_months
from hub.operations.jobs import delete_daily, delete_hourly, pick_up, send_stock_digest
from hub.people.jobs import ask_or_erase_inactive_people

__all__ = [
    "aggregate_visits",
    "ask_or_erase_inactive_people",
    "complete_months",
    "delete_daily",
    "delete_hourly",
    "pick_up",
    "rewrite_tables",
    "send_stock_digest",
    "update_public_stock",
]
