"""The shifts as one person sees them: cards with the people on each, and the places they may take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from volunteers.eligibility import WhyNot
from volunteers.models import Post, Shift, Signup, User
from volunteers.models.eligibility_queries import check_posts


@dataclass(frozen=True)
class Card:
    """One shift for one viewer. `names` is empty if they may see no names, `why` if they can take a place."""

    shift: Shift
    mine: Signup | None = None
    names: list[str] = field(default_factory=list)
    takes: list[Post] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The word the stylesheet knows for how well it is staffed."""
        return "off" if self.shift.is_cancelled else self.shift.staffing.kind

    @property
    def short(self) -> list[Post]:
        """The posts below their minimum."""
        on = [signup.post_id for signup in self.shift.on_it if signup.counts]
        return [post for post in self.shift.all_posts if on.count(post.pk) < post.minimum]

    @property
    def button(self) -> str:
        """The kind of the button: quiet where every place that is needed is filled."""
        return "quiet" if self.kind == "full" else ""


def say_what(shift: Shift) -> str:
    """What and where a shift is, for whoever is asked about it."""
    return ", ".join(filter(None, [shift.title, shift.place]))


def cards(
    person: User, shifts: Sequence[Shift], now: dt.datetime, *, choosing: bool = True, sees: bool | None = None
) -> list[Card]:
    """Cards for shifts that come `with_staffing`. Without `choosing` no places to take are looked up.

    `sees` says whether they may read names, where that was asked already.
    """
    if sees is None:
        sees = person.sees_people(timezone.localdate(now))
    ahead = [shift for shift in shifts if shift.starts_at > now and not shift.is_cancelled and not shift.is_draft]
    choices = check_posts(person, ahead) if choosing else {}
    return [_build_card(person, shift, choices, sees=sees) for shift in shifts]


def _build_card(person: User, shift: Shift, choices: dict[int, list[WhyNot]], *, sees: bool) -> Card:
    mine = next((signup for signup in shift.on_it if signup.person_id == person.pk), None)
    asked = [post for post in shift.all_posts if post.pk in choices]
    takes = [post for post in asked if not choices[post.pk]] if mine is None else []
    return Card(
        shift=shift,
        mine=mine,
        names=[signup.person.chosen_name for signup in shift.on_it] if sees else [],
        takes=takes,
        why=[] if takes or mine else list_sentences([(post, choices[post.pk]) for post in asked]),
    )


def list_sentences(asked: Iterable[tuple[Post, list[WhyNot]]]) -> list[str]:
    """Every reason of several posts, once: shared ones first, the others with the name of the post."""
    asked = list(asked)
    sets = [[item.sentence for item in why] for _post, why in asked]
    shared = [sentence for sentence in (sets[0] if sets else []) if all(sentence in other for other in sets)]
    own = [
        f"{post.role}: {sentence}"
        for (post, _why), sentences in zip(asked, sets, strict=True)
        for sentence in sentences
        if sentence not in shared
    ]
    return shared + own


def by_day(first: dt.date, days: int, card_list: Iterable[Card]) -> list[tuple[dt.date, list[Card]]]:
    """Every day from `first` on with its cards, days without any included."""
    sorted_in: dict[dt.date, list[Card]] = {first + dt.timedelta(days=n): [] for n in range(days)}
    for card in card_list:
        sorted_in[card.shift.day].append(card)
    return list(sorted_in.items())
