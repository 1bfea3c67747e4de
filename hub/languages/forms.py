"""Adding a language, and saying one thing in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.languages.models.languages import Language
from hub.languages.models.translations import Piece


def languages() -> list[tuple[str, str]]:
    """Every language that could be added, by its own name and the one it has in the language of the page."""
    known = {code: info for code, info in LANG_INFO.items() if "name_local" in info and not code.startswith("en")}
    named = [(code, f"{info['name_local']} ({_now(info['name'])})") for code, info in known.items()]
    brought = [
        (code, str(name)) for code, name in settings.LANGUAGES if code not in known and code != settings.LANGUAGE_CODE
    ]
    return sorted([*named, *brought], key=lambda one: one[1].casefold())


class LanguageForm(forms.Form):
    """One more language to prepare."""

    code = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Ask the people who come here which ones they read. Nobody sees it before it is switched on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """All but those that are there already."""
        super().__init__(*args, **kwargs)
        there = set(Language.objects.values_list("code", flat=True))
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose one")),
            *(one for one in languages() if one[0] not in there),
        ]


class SwitchOnForm(forms.Form):
    """Whether somebody has checked it."""

    checked = forms.BooleanField(
        label=_("A person who speaks it has read all of it. No machine wrote what is there to keep people safe."),
        error_messages={"required": _("Somebody who speaks it has to check it first.")},
    )


def _box(piece: Piece, column: str, marks: dict[str, str]) -> forms.CharField:
    field = piece.kind.column(column)
    longest = field.max_length or 8000
    lines = piece.words[column].count("\n") + 1
    one_line = lines == 1 and longest <= 200  # noqa: PLR2004 -- what fits in a line
    widget = forms.TextInput(marks) if one_line else forms.Textarea({**marks, "rows": str(lines + 1)})
    label = str(field.verbose_name).capitalize()
    return forms.CharField(label=label, max_length=longest * 2, required=False, widget=widget)


class PieceForm(forms.Form):
    """What is written about one thing, in another language: a box for each of its texts."""

    checked = forms.BooleanField(
        label=_("A person who speaks it has checked these words. They did not come from a machine."),
        required=False,
        help_text=_("Without this they are kept, and shown to nobody."),
    )

    def __init__(self, *args: Any, piece: Piece, language: Language, **kwargs: Any) -> None:
        """Boxes twice as long as what they translate may be: other languages need more room."""
        super().__init__(*args, **kwargs)
        self.piece = piece
        marks = {"lang": language.code, "dir": "rtl" if language.is_right_to_left else "ltr"}
        self.fields = {column: _box(piece, column, marks) for column in piece.words} | self.fields
        if piece.said:
            self.initial = {**piece.said.words, "checked": piece.said.checked_on is not None}

    def clean(self) -> dict[str, Any]:
        """Checked means all of it: a half is not shown."""
        words = self.cleaned_data
        missing = [column for column in self.piece.words if not words.get(column)]
        if words.get("checked"):
            for column in missing:
                if column not in self.errors:
                    self.add_error(column, _now("Write this one too, or leave the tick away for now."))
        return words

    @property
    def said(self) -> dict[str, str]:
        """What was written in each box."""
        return {column: self.cleaned_data[column] for column in self.piece.words}

    @property
    def beside(self) -> list[tuple[forms.BoundField, str]]:
        """Each box with what it translates."""
        return [(self[column], words) for column, words in self.piece.words.items()]
