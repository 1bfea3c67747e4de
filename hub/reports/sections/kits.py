"""Items given out, loose and in packs together: arithmetic on the buckets of loose items and of packs."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.reports.rows import Figures, ReportRow, Section


def build_rows(figures: Figures) -> Sequence[ReportRow]:
    """All sets, and every item that is in a pack."""
    parts: dict[int, dict[str, int]] = {}
    for pack in figures.items.values():
        for part in pack.components.all() if pack.is_pack else ():
            parts.setdefault(part.item_id, {})[f"given:{pack.pk}"] = part.quantity
    if not parts:
        return []
    sets: dict[str, int] = {}
    for item in figures.items.values():
        if item.counts_as_set:
            for name, times in ({f"given:{item.pk}": 1} | parts.get(item.pk, {})).items():
                sets[name] = sets.get(name, 0) + times
    label = _now("Sets: all syringes and barrels, loose and in packs")
    return [
        *([ReportRow(label, sets, is_total=True, is_optional=True)] if sets else []),
        *(
            ReportRow(
                item.name,
                {f"given:{item.pk}": 1} | parts[item.pk],
                group=item.category.name,
                is_optional=True,
            )
            for item in figures.items.values()
            if item.pk in parts
        ),
    ]


SECTION = Section(
    "kits",
    _("With packs counted as what is in them"),
    _("The numbers above, added up. We count what is in a pack today, and not the pack itself."),
    build_rows,
)
