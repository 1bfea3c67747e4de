"""The reports: one file for each table. They read tallies, logs, the ledger and hours, and nothing finer."""

from hub.reports import (
    bins,
    given,
    kits,
    money,
    naloxone,
    openings,
    said,
    schooling,
    shortfalls,
    strips,
    visits,
    volunteering,
    wasted,
)
from hub.reports.lines import Section

SECTIONS: tuple[Section, ...] = (
    visits.SECTION,
    openings.SECTION,
    given.SECTION,
    kits.SECTION,
    bins.SECTION,
    naloxone.SECTION,
    strips.SECTION,
    said.SECTION,
    shortfalls.LAW,
    shortfalls.MISSING,
    volunteering.SECTION,
    schooling.SECTION,
    wasted.SECTION,
    money.SECTION,
)
