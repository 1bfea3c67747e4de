"""The hub itself, its openings with their visits, what they add up to, and the logs that stand alone."""

from hub.models.alerts import Alert
from hub.models.choices import Choice
from hub.models.desk_settings import DeskSettings
from hub.models.devices import DeskDevice
from hub.models.digests import StockDigest
from hub.models.drafts import Draft
from hub.models.editions import Edition
from hub.models.emergency import EmergencyCard
from hub.models.erased import Erased
from hub.models.feeds import Feed
from hub.models.handovers import Handover
from hub.models.hubs import Hub
from hub.models.ideas import Idea, SeenTap
from hub.models.incidents import Incident, IncidentNeed
from hub.models.languages import Language
from hub.models.months import Month
from hub.models.naloxone import NaloxoneGiven
from hub.models.notices import Notice
from hub.models.openings import Closed, Opening, Totals
from hub.models.pathways import Pathway, PathwayKind
from hub.models.pictures import Picture, Shelf
from hub.models.questions import Question
from hub.models.reversals import Reversal
from hub.models.strips import Strip, StripResult
from hub.models.tallies import Measure, Tally
from hub.models.texts import Text
from hub.models.translations import Translation
from hub.models.visits import Differs, Logged, SeenVisit, Visit, VisitItem

__all__ = [
    "Alert",
    "Choice",
    "Closed",
    "DeskDevice",
    "DeskSettings",
    "Differs",
    "Draft",
    "Edition",
    "EmergencyCard",
    "Erased",
    "Feed",
    "Handover",
    "Hub",
    "Idea",
    "Incident",
    "IncidentNeed",
    "Language",
    "Logged",
    "Measure",
    "Month",
    "NaloxoneGiven",
    "Notice",
    "Opening",
    "Pathway",
    "PathwayKind",
    "Picture",
    "Question",
    "Reversal",
    "SeenTap",
    "SeenVisit",
    "Shelf",
    "StockDigest",
    "Strip",
    "StripResult",
    "Tally",
    "Text",
    "Totals",
    "Translation",
    "Visit",
    "VisitItem",
]
