"""The reports: one file for each table. They read tallies, logs, the ledger and hours, and nothing finer."""

from hub.reports import given, money, naloxone, openings, shortfalls, strips, visits, wasted
from hub.reports.lines import Section

SECTIONS: tuple[Section, ...] = (
    visits.SECTION,
    openings.SECTION,
    given.SECTION,
    naloxone.SECTION,
    strips.SECTION,
    shortfalls.LAW,
    shortfalls.MISSING,
    wasted.SECTION,
    money.SECTION,
)
