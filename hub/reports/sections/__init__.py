"""Sections of the reports, one module a table. They read tallies, logs, the ledger and hours, and nothing finer."""

from hub.reports.rows import Section
from hub.reports.sections import (
    given,
    kits,
    money,
    naloxone,
    openings,
    questions,
    school,
    sharps,
    shortfalls,
    strips,
    visits,
    volunteering,
    waste,
)

SECTIONS: tuple[Section, ...] = (
    visits.SECTION,
    openings.SECTION,
    given.SECTION,
    kits.SECTION,
    sharps.SECTION,
    naloxone.SECTION,
    strips.SECTION,
    questions.SECTION,
    shortfalls.LAW,
    shortfalls.MISSING,
    volunteering.SECTION,
    school.SECTION,
    waste.SECTION,
    money.SECTION,
)
