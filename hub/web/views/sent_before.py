"""The page for a form that was sent before with something else in it: both versions, and what to do now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils.translation import gettext as _

from hub.core.form_keys import FirstAnswer

Sent = Mapping[str, list[str]]


@dataclass(frozen=True)
class ChangedField:
    """A field that was sent with two contents, both as people read them."""

    label: str
    before: str
    now: str


def show_other_content(request: HttpRequest, first: FirstAnswer | None, sent: Sent) -> HttpResponse:
    """Nothing was changed; what was sent now can be sent on as a form of its own."""
    before = first.sent if first else None
    shown = {
        "changed": list(_compare(request, before, sent)) if before is not None else [],
        "before_is_known": before is not None,
        "sent": [(name, value) for name, values in sent.items() for value in values],
        "with_files": bool(request.FILES),
        "location": first.location if first else "",
    }
    return render(request, "hub/web/sent_before/page.html", shown, status=HTTPStatus.CONFLICT)


def _compare(request: HttpRequest, before: Sent, sent: Sent) -> Iterator[ChangedField]:
    fields = find_fields(resolve(request.path_info).func.__module__)
    for name in dict.fromkeys([*before, *sent]):
        if before.get(name, []) != sent.get(name, []):
            field = fields.get(name) or fields.get(name.rpartition("-")[2])
            label = str((field and field.label) or name.replace("_", " ").replace("-", " ").capitalize())
            yield ChangedField(label, _say(field, before.get(name, [])), _say(field, sent.get(name, [])))


def find_fields(module: str) -> dict[str, forms.Field]:
    """The form fields, by name, of the app or the part of the hub that this module of views is in."""
    part = module.partition(".views")[0]
    found: dict[str, forms.Field] = {}
    for form in _subclasses(forms.BaseForm):
        if form.__module__.startswith(part):
            found |= getattr(form, "base_fields", {})
    return found


def _subclasses(of: type[Any]) -> Iterator[type[Any]]:
    each: type[Any]
    for each in of.__subclasses__():
        yield each
        yield from _subclasses(each)


def _say(field: forms.Field | None, values: list[str]) -> str:
    """What was sent, in the words of its choices where it has some."""
    choices = getattr(field, "choices", None) or ()
    words = {str(value): str(label) for value, label in choices if not isinstance(label, list | tuple)}
    return ", ".join(words.get(value, value) for value in values if value) or _("nothing")
