"""The leaflets that materials are printed as. The School knows no stock: what does registers its answer here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class LeafletStock:
    """A leaflet and how many of it can be handed out; `address` is its page for those who look after the stock."""

    slug: str
    name: str
    left: int
    address: str


Ask: TypeAlias = Callable[[Collection[str] | None], list[LeafletStock]]
_SOURCES: list[Ask] = []


def register(ask: Ask) -> None:
    """Register what knows the leaflets: those of these short names, or for None all in use."""
    _SOURCES.append(ask)


def list_leaflets() -> list[LeafletStock]:
    """List every leaflet in use, by name."""
    return [leaflet for ask in _SOURCES for leaflet in ask(None)]


def find_leaflets(slugs: Collection[str]) -> dict[str, LeafletStock]:
    """Find these leaflets by their short names; one statement, or none where there are no names."""
    return {leaflet.slug: leaflet for ask in _SOURCES for leaflet in ask(slugs)} if slugs else {}
