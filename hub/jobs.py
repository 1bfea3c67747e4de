"""Collects the jobs of the parts: the worker finds a job by importing this module, which it looks for in every app."""

from hub.desk.jobs import fold, take_picture
from hub.months.jobs import seal
from hub.operations.jobs import delete_daily, delete_hourly, pick_up, send_stock_digest
from hub.people.jobs import ask_or_erase_inactive_people
from hub.reports.jobs import make_drafts

__all__ = [
    "ask_or_erase_inactive_people",
    "delete_daily",
    "delete_hourly",
    "fold",
    "make_drafts",
    "pick_up",
    "seal",
    "send_stock_digest",
    "take_picture",
]
