"""The hub itself, its emergency cards, its openings with their visits, and what they add up to."""

from hub.models.devices import DeskDevice
from hub.models.emergency import EmergencyCard
from hub.models.hubs import Hub
from hub.models.openings import Closed, Opening, Totals
from hub.models.tallies import Measure, Tally
from hub.models.visits import Differs, Logged, SeenVisit, Visit, VisitItem

__all__ = [
    "Closed",
    "DeskDevice",
    "Differs",
    "EmergencyCard",
    "Hub",
    "Logged",
    "Measure",
    "Opening",
    "SeenVisit",
    "Tally",
    "Totals",
    "Visit",
    "VisitItem",
]
