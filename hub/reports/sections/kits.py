"""Items given out, loose and in packs together: a pack counts as its components."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.reports.rows import Figures, ReportRow, Section


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """All sets, and every item that is in a pack."""
    given = {name for name, _month in figures.numbers}
    parts: dict[int, dict[str, int]] = {}
    for item in figures.items.values():
        for part in item.components.all() if f"given:{item.pk}" in given and item.is_pack else ():
            parts.setdefault(part.item_id, {})[f"given:{item.pk}"] = part.quantity
    if not parts:
        return []
    loose = {item: {f"given:{item.pk}": 1} for item in figures.items.values() if f"given:{item.pk}" in given}
    sets: dict[str, int] = {}
    for item in figures.items.values():
        if item.counts_as_set:
            for name, times in (loose.get(item, {}) | parts.get(item.pk, {})).items():
                sets[name] = sets.get(name, 0) + times
    return [
        *([ReportRow(_now("Sets: all syringes and barrels, loose and in packs"), sets, is_total=True)] if sets else []),
        *(
            ReportRow(item.name, {f"given:{item.pk}": 1} | parts[item.pk], group=item.category.name)
            for item in figures.items.values()
            if item.pk in parts
        ),
    ]


SECTION = Section(
    "kits",
    _("With packs counted as what is in them"),
    _("The same tallies. Each pack is counted as what goes into one today, and not as a pack: never both."),
    build_rows,
)
