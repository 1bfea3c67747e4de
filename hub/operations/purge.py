"""Deletes everything that has had its time, at once: for a hub whose worker is dead, or that was just restored.

The timetable does it bit by bit (`jobs`).
"""

from django.utils import timezone

from school.models import Completion
from volunteers.shared.registries import retention


def purge() -> None:
    """Delete what is kept only for a time, and has had it. Safe at any time, and again."""
    retention.delete_overdue()
    # What was held on somebody's word may have ended meanwhile.
    Completion.objects.recalculate_ungranted(timezone.now())
