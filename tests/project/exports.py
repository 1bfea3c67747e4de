"""Ways out that are no statistics, each with its reason. Everything else that leaves as a file is an edition's."""

NO_STATISTICS = {
    "hub:held-json": "One's own data, to take away: about nobody else, and nothing of who came",
    "hub:held-text": "One's own data, to read: about nobody else, and nothing of who came",
    "hub:literature-file": "A leaflet, made to be handed out: the same for everybody",
    "hub:import-template": "An empty table to fill in: the same for everybody",
    "hub:import-unclear": "Lines of a list somebody brought, for that person to put right",
    "supplies:order-file": "An order for a supplier: what is wanted, and nothing of what went out or to whom",
}
"""Name of the address → why what it sends tells nothing of people who came."""

TRUE_FILES = {
    "hub:report-charts-file": "The true figures of any months for those who may see them, marked in the first row",
}
"""Files of true figures, each with its reason. They are among the pages below, and marked as those are."""

TRUE_FIGURES = {
    "hub:report",
    "hub:report-charts",
    "hub:report-charts-file",
    "hub:month",
    "hub:month-correct",
    "hub:month-log",
    "supplies:shortfalls",
}
"""Pages of true figures. They are for coordinators, and each says on itself that it is not for sharing."""
