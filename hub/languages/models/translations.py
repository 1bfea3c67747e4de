"""Translations of texts that people here wrote, which no message catalogue can hold.

One row holds the texts of one object in one language. The translation is shown if it is complete, a speaker has
checked it, and no text has changed since. Otherwise the object is shown as it was written: half an alert in each
language helps nobody, and an old one may harm.
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
from volunteers.shared.name_queries import alphabetical_key
from volunteers.shared.registries import retention, row_order


@dataclass(frozen=True)
class TranslatableModel:
    """A model with columns that are translated: its label, its name for people, and which rows are shown."""

    of: str
    name: str | Promise
    columns: tuple[str, ...]
    shown: Q = field(default_factory=Q)

    @property
    def model(self) -> type[models.Model]:
        """The model class."""
        return apps.get_model(self.of)

    def get_field(self, name: str) -> models.Field[Any, Any]:
        """The field of a translated column."""
        field = self.model._meta.get_field(name)  # noqa: SLF001 -- Django's own public name for it
        assert isinstance(field, models.Field)  # noqa: S101 -- for the reader: a text is never a relation
        return field

    def sources(self) -> QuerySet[Any, Any]:
        """Label, key and texts of every row that anybody is shown."""
        return (
            self.model._default_manager.filter(self.shown)  # noqa: SLF001 -- Django's own public name for it
            .order_by()
            .values_list(
                Value(self.of),
                Cast("pk", CharField()),
                JSONObject(**{column: column for column in self.columns}),
            )
        )


MAX_KEY_DIGITS = 17
HUB_COLUMNS = ("words_for_999", "address", "ask_where", "way_in", "usual_hours", "door", "nearest_naloxone")
# In the order in which translators work through them.
TRANSLATABLE_MODELS = (
    TranslatableModel("hub.hub", _("The hub itself"), HUB_COLUMNS),
    TranslatableModel("hub.notice", _("Notices about one evening, on the front page"), ("words",)),
    TranslatableModel("hub.alert", _("Alerts"), ("what", "area", "source", "what_to_do"), Q(state="published")),
    TranslatableModel("hub.emergencycard", _("Emergency cards"), ("title", "body")),
    TranslatableModel("hub.text", _("Texts of the public pages"), ("title", "body")),
    TranslatableModel("hub.pathwaykind", _("Headings of “Where else to go”"), ("name",)),
    TranslatableModel(
        "hub.pathway", _("Where else to go"), ("name", "who_for", "how_to_reach", "hours"), Q(withdrawn=False)
    ),
    TranslatableModel("supplies.category", _("Headings of supplies"), ("name",)),
    TranslatableModel("supplies.item", _("Supplies"), ("name", "public_name"), Q(withdrawn=False, public=True)),
)
TRANSLATABLE_BY_LABEL = {kind.of: kind for kind in TRANSLATABLE_MODELS}


class TranslationStatus(StrEnum):
    """Progress of a translation."""

    MISSING = "missing"
    CHANGED = "changed"
    UNCHECKED = "unchecked"
    DONE = "done"


@dataclass(frozen=True)
class TranslationUnit:
    """An object to translate: its texts by column, and its translation into one language, if any."""

    kind: TranslatableModel
    key: str
    source: dict[str, str]
    translation: Translation | None

    @property
    def title(self) -> str:
        """The first text, to name the object in a list."""
        return next(iter(self.source.values()))

    @property
    def status(self) -> TranslationStatus:
        """Progress of the translation."""
        translation = self.translation
        if translation is None or any(not translation.words.get(column) for column in self.source):
            return TranslationStatus.MISSING
        if any(translation.source.get(column) != text for column, text in self.source.items()):
            return TranslationStatus.CHANGED
        return TranslationStatus.DONE if translation.checked_on else TranslationStatus.UNCHECKED


class TranslationQuerySet(models.QuerySet["Translation"]):
    """Queries on translations, writing them, and showing objects in them."""

    def units(self, language: Language) -> list[TranslationUnit]:
        """Every object to translate into this language, in two statements."""
        translations = {(row.of, row.key): row for row in self.filter(language=language)}
        first, *others = [kind.sources() for kind in TRANSLATABLE_MODELS]
        order = {kind.of: number for number, kind in enumerate(TRANSLATABLE_MODELS)}
        units = [
            TranslationUnit(TRANSLATABLE_BY_LABEL[of], key, source, translations.get((of, key)))
            for of, key, texts in first.union(*others, all=True)
            if (source := {column: texts[column] for column in TRANSLATABLE_BY_LABEL[of].columns if texts[column]})
        ]
        return sorted(units, key=lambda unit: (order[unit.kind.of], alphabetical_key(unit.title), unit.key))

    def get_unit(self, language: Language, of: str, key: str) -> TranslationUnit | None:
        """One object to translate; None without it, or without texts."""
        kind = TRANSLATABLE_BY_LABEL.get(of)
        if kind is None or not key.isdecimal() or len(key) > MAX_KEY_DIGITS:
            return None
        row = kind.sources().filter(pk=int(key)).first()
        source = {column: row[2][column] for column in kind.columns if row[2][column]} if row else {}
        translation = self.filter(language=language, of=of, key=key).first() if source else None
        return TranslationUnit(kind, key, source, translation) if source else None

    @transaction.atomic
    def write(self, language: Language, unit: TranslationUnit, words: dict[str, str], *, checked: bool) -> None:
        """Save the translation of a unit, with its source of now. An unchecked one is shown to nobody."""
        self.update_or_create(
            language=language,
            of=unit.kind.of,
            key=unit.key,
            defaults={
                "words": {column: words.get(column, "") for column in unit.source},
                "source": unit.source,
                "checked_on": timezone.localdate() if checked else None,
            },
        )

    def translate(self, *objects: models.Model) -> None:
        """Put texts in the language of the page into these objects, which must not be saved afterwards.

        An object without a complete, current and checked translation stays as it was written. A translated one
        carries its language in `translated_into`. One statement; none while the page is in English.
        """
        code = get_language() or settings.LANGUAGE_CODE
        if code == settings.LANGUAGE_CODE or not objects:
            return
        keys: dict[str, list[str]] = defaultdict(list)
        for thing in objects:
            keys[thing._meta.label_lower].append(str(thing.pk))  # noqa: SLF001 -- Django's own public name for it
        wanted = Q()
        for of, keys_of_model in keys.items():
            wanted |= Q(of=of, key__in=keys_of_model)
        translations = {(row.of, row.key): row for row in self.filter(wanted, language__code=code)}
        for thing in objects:
            of = thing._meta.label_lower  # noqa: SLF001 -- Django's own public name for it
            _apply(translations.get((of, str(thing.pk))), thing, TRANSLATABLE_BY_LABEL[of], code)

    def forget_orphans(self) -> int:
        """Delete translations of objects that are gone. Returns their number."""
        deleted = 0
        for kind in TRANSLATABLE_MODELS:
            rows = kind.model._default_manager.annotate(key=Cast("pk", CharField())).values("key")  # noqa: SLF001 -- Django's own public name for it
            deleted += self.filter(of=kind.of).exclude(key__in=rows).delete()[0]
        return deleted


def _apply(translation: Translation | None, thing: models.Model, kind: TranslatableModel, code: str) -> None:
    source = {column: getattr(thing, column) for column in kind.columns if getattr(thing, column)}
    unit = TranslationUnit(kind, str(thing.pk), source, translation)
    if source and translation is not None and unit.status == TranslationStatus.DONE:
        for column in source:
            setattr(thing, column, translation.words[column])
        thing.translated_into = code  # type: ignore[attr-defined]


def translate_objects(objects: Iterable[Any]) -> list[Any]:
    """The objects as a list, in the language of the page where they are translated."""
    translated = list(objects)
    Translation.objects.translate(*translated)
    return translated


class Translation(models.Model):
    """The texts of one object in one language, and their `source` at the time of writing."""

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
