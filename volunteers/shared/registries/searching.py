"""Search from every page: each app registers its searchers, and its pages by name. Nothing about visitors is searched.

A searcher is one statement and finds only what the person who asks may open. The words are kept and logged nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlencode

from django.urls import reverse

from volunteers.shared.names import contains_words, fold_search

LIMIT = 8
"""The number of hits of each kind that are shown."""


@dataclass(frozen=True)
class SearchHit:
    """One thing that was found: its name, its page, and what tells it from others of that name."""

    name: str
    address: str
    about: str = ""


Find: TypeAlias = Callable[[Any, str], Iterable[SearchHit]]


@dataclass(frozen=True)
class Searcher:
    """How one kind of thing is found. `needs` is the permission without which nobody is asked for.

    `all_of_them` is the page that lists this kind by `words`, for those with the permission `all_needs`.
    """

    title: Any
    icon: str
    find: Find
    needs: str = ""
    all_of_them: str = ""
    all_needs: str = ""


@dataclass(frozen=True)
class NamedPage:
    """A page that can be found by its name or by other words for it, for people with the permission it `needs`."""

    name: Any
    view: str
    needs: str = ""
    words: Any = ""

    @property
    def address(self) -> str:
        """The address of the page."""
        return reverse(self.view)


@dataclass(frozen=True)
class SearchGroup:
    """What was found of one kind, and the page that lists all of it where there is more."""

    kind: str
    title: Any
    icon: str
    hits: list[SearchHit]
    all_of_them: str = ""


_SEARCHERS: dict[str, Searcher] = {}
_PAGES: list[NamedPage] = []


def register(kind: str, searcher: Searcher) -> None:
    """Register how things of this kind are found."""
    _SEARCHERS[kind] = searcher


def register_pages(*pages: NamedPage) -> None:
    """Register pages to be found by name."""
    _PAGES.extend(pages)


def kinds() -> list[str]:
    """The kinds of things that can be found."""
    return [*_SEARCHERS, "pages"]


def pages_for(person: Any) -> list[NamedPage]:
    """The pages this person may open, in the order in which they were registered."""
    return [page for page in _PAGES if not page.needs or person.has_perm(page.needs)]


def find_pages(person: Any, words: str) -> list[SearchHit]:
    """The pages this person may open whose name, or other words for it, hold every one of these words."""
    return [
        SearchHit(str(page.name), page.address)
        for page in pages_for(person)
        if contains_words(f"{page.name} {page.words}", words)
    ]


def search(person: Any, words: str) -> list[SearchGroup]:
    """What this person may open, kind by kind, pages first. Words without a letter that can be seen find nothing."""
    if not fold_search(words).strip():
        return []
    groups = [_search_kind(kind, searcher, person, words) for kind, searcher in _SEARCHERS.items()]
    return [group for group in groups if group.hits]


def _search_kind(kind: str, searcher: Searcher, person: Any, words: str) -> SearchGroup:
    allowed = not searcher.needs or person.has_perm(searcher.needs)
    hits = list(searcher.find(person, words)) if allowed else []
    lists = (
        len(hits) > LIMIT and searcher.all_of_them and (not searcher.all_needs or person.has_perm(searcher.all_needs))
    )
    address = f"{reverse(searcher.all_of_them)}?{urlencode({'words': words})}" if lists else ""
    return SearchGroup(kind, searcher.title, searcher.icon, hits[:LIMIT], address)
