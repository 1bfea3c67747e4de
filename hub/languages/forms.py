"""Forms of languages: adding one, switching it on, and translating an object into it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.languages.models.languages import Language
from hub.languages.models.translations import TranslationUnit
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.name_queries import alphabetical_key

MAX_ONE_LINE = 200


def list_languages() -> list[tuple[str, str]]:
    """Choices of every language, each by its own name and its name in the language of the page."""
    known = {code: info for code, info in LANG_INFO.items() if "name_local" in info and not code.startswith("en")}
    named = [(code, f"{info['name_local']} ({_now(info['name'])})") for code, info in known.items()]
    configured = [
        (code, str(name)) for code, name in settings.LANGUAGES if code not in known and code != settings.LANGUAGE_CODE
    ]
    return sorted([*named, *configured], key=lambda choice: alphabetical_key(choice[1]))


class LanguageForm(forms.Form):
    """A language to add."""

    code = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Ask the people who come here which languages they read. Nobody sees it until you switch it on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every language that is not there yet."""
        super().__init__(*args, **kwargs)
        existing = set(Language.objects.values_list("code", flat=True))
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose one")),
            *(choice for choice in list_languages() if choice[0] not in existing),
        ]


class SwitchOnForm(forms.Form):
    """The word that a speaker has checked the language."""

    checked = forms.BooleanField(
        label=_("A person who speaks it has read everything. No machine wrote the words that keep people safe."),
        error_messages={"required": _("Somebody who speaks it must check it first.")},
    )


def _build_field(unit: TranslationUnit, column: str, attributes: dict[str, str]) -> forms.CharField:
    model_field = unit.kind.get_field(column)
    max_length = model_field.max_length or 8000
    lines = unit.source[column].count("\n") + 1
    is_one_line = lines == 1 and max_length <= MAX_ONE_LINE
    widget = forms.TextInput(attributes) if is_one_line else forms.Textarea({**attributes, "rows": str(lines + 1)})
    label = str(model_field.verbose_name).capitalize()
    return forms.CharField(label=label, max_length=max_length * 2, required=False, widget=widget)


class TranslationForm(EditForm, forms.Form):
    """The translation of one object: a field for each of its texts."""

    checked = forms.BooleanField(
        label=_("A person who speaks it has checked these words. No machine wrote them."),
        required=False,
        help_text=_("If you do not tick this, we keep the words but show them to nobody."),
    )

    def __init__(self, *args: Any, unit: TranslationUnit, language: Language, **kwargs: Any) -> None:
        """Allow twice the length of each source, as other languages need more room."""
        super().__init__(*args, **kwargs)
        self.unit = unit
        attributes = {"lang": language.code, "dir": "rtl" if language.is_right_to_left else "ltr"}
        self.fields = {column: _build_field(unit, column, attributes) for column in unit.source} | self.fields
        if unit.translation:
            self.initial = {**unit.translation.words, "checked": unit.translation.checked_on is not None}

    def clean(self) -> dict[str, Any]:
        """Refuse a checked translation with an empty text: it would not be shown."""
        words = self.cleaned_data
        missing = [column for column in self.unit.source if not words.get(column)]
        if words.get("checked"):
            for column in missing:
                if column not in self.errors:
                    self.add_error(column, _now("Write this one too, or do not tick the box yet."))
        return words

    @property
    def translated_words(self) -> dict[str, str]:
        """The translated text of each column."""
        return {column: self.cleaned_data[column] for column in self.unit.source}

    @property
    def fields_with_source(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with the text that it translates."""
        return [(self[column], text) for column, text in self.unit.source.items()]
