"""The hub itself, its openings with their visits, what they add up to, and the logs that stand alone."""

import hub.directory.models.searching
import hub.public.leaflet_stock  # noqa: F401 -- it registers what it knows of
from hub.core.choices import Choice
from hub.core.form_keys import FormKey
from hub.core.hub import Hub
from hub.core.pending_rewrites import PendingRewrite
from hub.desk.exceptions import DeskClosed, VisitDiffers
from hub.desk.models.devices import DeskDevice
from hub.desk.models.handovers import Handover
from hub.desk.models.openings import Opening, Totals
from hub.desk.models.public_stock import PublicStock
from hub.desk.models.questions import Question
from hub.desk.models.settings import DeskSettings
from hub.desk.models.tallies import Measure, Tally
from hub.desk.models.visits import LogResult, SeenVisit, Visit, VisitItem
from hub.directory.models.alerts import Alert
from hub.directory.models.emergency_cards import EmergencyCard
from hub.directory.models.services import Pathway, PathwayKind
from hub.ideas.agenda import AgendaPoint
from hub.ideas.models import Idea, SeenTap
from hub.imports.models.imports import Import
from hub.imports.models.lines import ImportLine
from hub.languages.models.languages import Language
from hub.languages.models.translations import Translation
from hub.logs.models.incidents import Incident, IncidentNeed
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.seen_entries import SeenEntry
from hub.logs.models.strips import Strip, StripResult
from hub.months.models import Month
from hub.operations.stock_digest import StockDigest
from hub.people.models.calendar_feed import Feed
from hub.people.models.tombstones import Erased
from hub.public.models.notices import Notice
from hub.public.models.texts import Text
from hub.reports.models.drafts import Draft
from hub.reports.models.editions import Edition
from hub.reports.models.figures import PublishedFigure
from hub.reports.models.grains import MeasureGrain

__all__ = [
    "AgendaPoint",
    "Alert",
    "Choice",
    "DeskClosed",
    "DeskDevice",
    "DeskSettings",
    "Draft",
    "Edition",
    "EmergencyCard",
    "Erased",
    "Feed",
    "FormKey",
    "Handover",
    "Hub",
    "Idea",
    "Import",
    "ImportLine",
    "Incident",
    "IncidentNeed",
    "Language",
    "LogResult",
    "Measure",
    "MeasureGrain",
    "Month",
    "NaloxoneGiven",
    "Notice",
    "Opening",
    "Pathway",
    "PathwayKind",
    "PendingRewrite",
    "PublicStock",
    "PublishedFigure",
    "Question",
    "Reversal",
    "SeenEntry",
    "SeenTap",
    "SeenVisit",
    "StockDigest",
    "Strip",
    "StripResult",
    "Tally",
    "Text",
    "Totals",
    "Translation",
    "Visit",
    "VisitDiffers",
    "VisitItem",
]
