"""The hub's own words in other languages: what the app cannot bring, because people here wrote it.

One row for a thing and a language. A thing is shown in another language only when all that is written about it stands
in that language, none of it has changed since, and a person who speaks it has checked it: half an alert in one
language and half in another helps nobody, and an old one may harm. Until then it is shown as it was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.languages.models.languages import Language
from volunteers.shared.registries import retention, row_order


@dataclass(frozen=True)
class Kind:
    """Things of one kind whose words can be put into other languages: which columns, and what people call them."""

    of: str
    name: str | Promise
    columns: tuple[str, ...]
    shown: Q = field(default_factory=Q)

    @property
    def model(self) -> type[models.Model]:
        """Where they are."""
        return apps.get_model(self.of)

    def column(self, name: str) -> models.Field[Any, Any]:
        """The column of one of its texts."""
        found = self.model._meta.get_field(name)  # noqa: SLF001 -- Django's own public name for it
        assert isinstance(found, models.Field)  # noqa: S101 -- for the reader: a text is never a relation
        return found

    def sources(self) -> QuerySet[Any, Any]:
        """Kind, key and words of all of them that anybody is shown."""
        return (
            self.model._default_manager.filter(self.shown)  # noqa: SLF001 -- Django's own public name for it
            .order_by()
            .values_list(
                Value(self.of),
                Cast("pk", CharField()),
                JSONObject(**{column: column for column in self.columns}),
            )
        )


HUB = ("words_for_999", "address", "ask_where", "way_in", "usual_hours", "door", "nearest_naloxone")
# What matters most comes first: the list is worked through from the top.
KINDS = (
    Kind("hub.hub", _("The hub itself"), HUB),
    Kind("hub.notice", _("Lines about one evening, on the front page"), ("words",)),
    Kind("hub.alert", _("Alerts"), ("what", "area", "source", "what_to_do"), Q(state="published")),
    Kind("hub.emergencycard", _("Emergency cards"), ("title", "body")),
    Kind("hub.text", _("Texts of the public pages"), ("title", "body")),
    Kind("hub.pathwaykind", _("Headings of “Where else to go”"), ("name",)),
    Kind("hub.pathway", _("Where else to go"), ("name", "who_for", "how_to_reach", "hours"), Q(withdrawn=False)),
    Kind("supplies.category", _("Headings of supplies"), ("name",)),
    Kind("supplies.item", _("Supplies"), ("name", "public_name"), Q(withdrawn=False, public=True)),
)
BY_NAME = {kind.of: kind for kind in KINDS}


class How(StrEnum):
    """How far the words of one thing are in one language."""

    MISSING = "missing"
    CHANGED = "changed"
    UNCHECKED = "unchecked"
    DONE = "done"


@dataclass(frozen=True)
class Piece:
    """One thing: its words as they were written, and what there is of them in one language."""

    kind: Kind
    key: str
    words: dict[str, str]
    said: Translation | None

    @property
    def title(self) -> str:
        """What it is called in a list."""
        return next(iter(self.words.values()))

    @property
    def how(self) -> How:
        """How far it is."""
        said = self.said
        if said is None or any(not said.words.get(column) for column in self.words):
            return How.MISSING
        if any(said.source.get(column) != words for column, words in self.words.items()):
            return How.CHANGED
        return How.DONE if said.checked_on else How.UNCHECKED


class TranslationQuerySet(models.QuerySet["Translation"]):
    """Questions about the hub's words in other languages, and saying things in them."""

    def pieces(self, language: Language) -> list[Piece]:
        """Everything there is to say in this language, and how far it is. Two statements."""
        said = {(one.of, one.key): one for one in self.filter(language=language)}
        first, *others = [kind.sources() for kind in KINDS]
        order = {kind.of: number for number, kind in enumerate(KINDS)}
        found = [
            Piece(BY_NAME[of], key, written, said.get((of, key)))
            for of, key, words in first.union(*others, all=True)
            if (written := {column: words[column] for column in BY_NAME[of].columns if words[column]})
        ]
        return sorted(found, key=lambda piece: (order[piece.kind.of], piece.title.casefold(), piece.key))

    def piece(self, language: Language, of: str, key: str) -> Piece | None:
        """One thing of those, if it is there."""
        kind = BY_NAME.get(of)
        found = kind.sources().filter(pk=int(key)).first() if kind and key.isdecimal() and len(key) < 18 else None  # noqa: PLR2004 -- what a key can be
        if kind is None or found is None:
            return None
        words = {column: found[2][column] for column in kind.columns if found[2][column]}
        return Piece(kind, key, words, self.filter(language=language, of=of, key=key).first()) if words else None

    @transaction.atomic
    def write(self, language: Language, piece: Piece, words: dict[str, str], *, checked: bool) -> None:
        """Keep these words for that piece as it stood when they were written. Unchecked ones are shown to nobody."""
        self.update_or_create(
            language=language,
            of=piece.kind.of,
            key=piece.key,
            defaults={
                "words": {column: words.get(column, "") for column in piece.words},
                "source": piece.words,
                "checked_on": timezone.localdate() if checked else None,
            },
        )

    def say(self, *things: models.Model) -> None:
        """Say these in the language of the page, where all of it is there, as it is, and checked.

        Never save them after that. One statement, and none while the page is in English. What is said carries its
        language in `spoken`.
        """
        code = get_language() or settings.LANGUAGE_CODE
        if code == settings.LANGUAGE_CODE or not things:
            return
        keys: dict[str, list[str]] = defaultdict(list)
        for thing in things:
            keys[thing._meta.label_lower].append(str(thing.pk))  # noqa: SLF001 -- Django's own public name for it
        wanted = Q()
        for of, those in keys.items():
            wanted |= Q(of=of, key__in=those)
        said = {(one.of, one.key): one for one in self.filter(wanted, language__code=code)}
        for thing in things:
            of = thing._meta.label_lower  # noqa: SLF001 -- the same
            _say(thing, BY_NAME[of], said.get((of, str(thing.pk))), code)

    def forget_orphans(self) -> int:
        """Delete what was written for things that are gone; how many."""
        gone = 0
        for kind in KINDS:
            there = kind.model._default_manager.annotate(key=Cast("pk", CharField())).values("key")  # noqa: SLF001 -- the same
            gone += self.filter(of=kind.of).exclude(key__in=there).delete()[0]
        return gone


def _say(thing: models.Model, kind: Kind, said: Translation | None, code: str) -> None:
    words = {column: getattr(thing, column) for column in kind.columns if getattr(thing, column)}
    if words and Piece(kind, str(thing.pk), words, said).how == How.DONE and said is not None:
        for column in words:
            setattr(thing, column, said.words[column])
        thing.spoken = code  # type: ignore[attr-defined]


def spoken(things: Iterable[Any]) -> list[Any]:
    """These, said in the language of the page where they can be."""
    found = list(things)
    Translation.objects.say(*found)
    return found


class Translation(models.Model):
    """What is written about one thing, in one language. `source` is what it said when that was written."""

    language = models.ForeignKey(Language, on_delete=models.CASCADE, related_name="translations")
    of = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    source = models.JSONField(default=dict)
    checked_on = models.DateField(null=True, blank=True)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("words in another language")
        verbose_name_plural = _("words in other languages")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["language", "of", "key"], name="translation_once_a_thing")]

    def __str__(self) -> str:
        return f"{self.of} {self.key}"


retention.keep(
    Translation,
    until="until what it translates is gone",
    every=retention.Every.DAY,
    delete=Translation.objects.forget_orphans,
)
row_order.leave(Translation, because=row_order.LIST)
