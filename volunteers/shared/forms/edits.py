"""Edit forms: each knows the values it was opened on, and does not save over newer ones unseen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.formats import localize
from django.utils.translation import gettext as _

OPENED = "opened"
DIGITS = 8


@dataclass(frozen=True)
class EditedValue:
    """One thing that a form edits: what tells its saved value from another, and both values as people read them.

    `say` makes the words, which may need the database, only where somebody reads them.
    """

    name: str
    label: str
    key: str
    differs: bool
    say: Callable[[], tuple[str, str]]

    @property
    def mark(self) -> str:
        """Tells this saved value from another, and not what it is."""
        return make_mark(self.name, self.key)

    @property
    def saved(self) -> str:
        """What is saved now."""
        return self.say()[0]

    @property
    def typed(self) -> str:
        """What stands in the form."""
        return self.say()[1]


def make_mark(name: str, key: str) -> str:
    """A few digits that tell one value from another."""
    return salted_hmac("volunteers.shared.forms.edits", f"{name}={key}").hexdigest()[:DIGITS]


class StaleForm(Exception):
    """A form was opened before somebody else saved. Nothing was changed; the form is ready to be sent again."""

    def __init__(self, form: EditForm, changed: list[EditedValue]) -> None:
        """Take the form, and what is different now."""
        self.form, self.changed = form, changed
        super().__init__()


class OpenedField(forms.CharField):
    """The values that a form was opened on, as marks. It is part of the form and not of what is edited."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """It is never a change of anybody's."""
        return False


class EditForm(forms.BaseForm):
    """Put before `Form` or `ModelForm`: `is_valid` raises StaleForm where saving would undo a newer value.

    Only values count that differ from what stands in the form: where both wrote the same, nothing is lost. With
    `saves_changes_only` a form saves only what its sender changed, and only that can undo anything.
    """

    saves_changes_only = False
    edited: Model | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the marks, which are made when the page is."""
        super().__init__(*args, **kwargs)
        self.fields[OPENED] = OpenedField(required=False, initial=self.make_marks)

    def is_valid(self) -> bool:
        """Whether the form is valid; raises StaleForm if what it edits was saved by somebody else since."""
        valid = super().is_valid()
        if self.is_bound:
            self._refuse_if_stale()
        return valid

    def edited_values(self) -> Iterator[EditedValue]:
        """Everything that the form edits; a form with rows of its own adds them."""
        for name, field in self.fields.items():
            # One that is made when the page is, such as today, is no saved value.
            known = name in self.initial or not callable(field.initial)
            if known and not isinstance(field, OpenedField | forms.FileField) and not field.widget.is_hidden:
                yield self._edited_value(name)

    def make_marks(self) -> str:
        """Marks of all that is edited; none while it is not saved for the first time."""
        if self.is_new:
            return ""
        return " ".join(f"{value.name}:{value.mark}" for value in self.edited_values())

    @property
    def is_new(self) -> bool:
        """Whether the form adds something. Settings that were never saved yet are edited all the same."""
        instance = getattr(self, "instance", None)
        if not isinstance(instance, Model) or not instance._state.adding:  # noqa: SLF001 -- Django's own public name for it
            return False
        return instance.pk is None or instance._meta.pk.has_default()  # noqa: SLF001 -- the same

    def _refuse_if_stale(self) -> None:
        opened = dict(pair.rpartition(":")[::2] for pair in self._read_marks().split())
        if not opened or self.is_new:
            return
        changed = [
            value
            for value in self.edited_values()
            if value.differs and opened.get(value.name) not in (None, value.mark) and self._may_undo(value, opened)
        ]
        if changed:
            self._reopen()
            raise StaleForm(self, changed)

    def _may_undo(self, value: EditedValue, opened: dict[str, str]) -> bool:
        """Whether the sender changed it: what they typed is not what the form was opened on."""
        if not self.saves_changes_only:
            return True
        return make_mark(value.name, self._typed_key(value.name)) != opened[value.name]

    def _read_marks(self) -> str:
        # Two forms on one page are sent together, and each reads its own of the marks.
        name = self.add_prefix(OPENED)
        return " ".join(self.data.getlist(name)) if isinstance(self.data, QueryDict) else self.data.get(name) or ""

    def _reopen(self) -> None:
        """From now on the form is opened on what is saved now: sent once more, it is meant."""
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix(OPENED)] = self.make_marks()

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        self.cleaned_data.pop(OPENED, None)

    def _edited_value(self, name: str) -> EditedValue:
        bound, field = self[name], self.fields[name]
        saved = bound.initial
        differs = self.is_bound and field.has_changed(saved, bound.data)
        typed = bound.data if self.is_bound else saved
        key = json.dumps(_normalise(field.prepare_value(saved)))
        say = partial(_say_both, field, saved, typed)
        return EditedValue(name, str(bound.label), key, differs, say)

    def _typed_key(self, name: str) -> str:
        field, data = self.fields[name], self[name].data
        try:
            return json.dumps(_normalise(field.prepare_value(field.clean(data))))
        except forms.ValidationError:
            return json.dumps(_normalise(data))


def _normalise(value: Any) -> list[str]:
    """The value as sorted words, whatever kind it is; one that is not there is no word."""
    if isinstance(value, QuerySet):
        value = list(value)
    values = value if isinstance(value, list | tuple | set) else [value]
    return sorted(str(getattr(each, "pk", each)) for each in values if each not in (None, ""))


def _say_both(field: forms.Field, saved: Any, typed: Any) -> tuple[str, str]:
    return _say(field, saved), _say(field, typed)


def _say(field: forms.Field, value: Any) -> str:
    """The value as people read it: the words of its choices, yes or no, a day as we write days."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if field.to_python(value) else _("no")
    words = {str(choice): str(label) for choice, label in _flatten(getattr(field, "choices", ()))}
    if words:
        return ", ".join(words.get(each, each) for each in _normalise(field.prepare_value(value))) or _("nothing")
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(str(localize(each)) for each in values if each not in (None, "")) or _("nothing")


def _flatten(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flatten(label)
        else:
            yield value, label
