"""The desk's plain form, for a browser without scripts: the same visit as a device would send."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from hub.desk.models.questions import Asked
from hub.desk.question_types import KINDS, NOT_ASKED
from hub.desk.visit_payload import MOST_OF_ONE_ITEM, Entry, read
from supplies.models import Item

PEOPLE_SHOWN = 10
REMEMBERED_SECONDS = 30
REMEMBERED_COOKIE = "last"


class VisitForm(forms.Form):
    """One visit: how many people, and how many of each thing on the desk."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    opening = forms.IntegerField(widget=forms.HiddenInput)
    people = forms.TypedChoiceField(
        label=_("People in this visit"),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, PEOPLE_SHOWN + 1)],
        widget=forms.RadioSelect,
    )

    def __init__(self, items: Iterable[Item], *args: Any, asked: Iterable[Asked] = (), **kwargs: Any) -> None:
        """One number for each of these items, and the questions that are asked, besides the fixed fields."""
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for question in self.asked:
            self.fields[f"said-{question.slug}"] = _question(question)
        self.tiles = list(items)
        for item in self.tiles:
            self.fields[f"item-{item.pk}"] = forms.IntegerField(
                label=item.name,
                min_value=0,
                max_value=MOST_OF_ONE_ITEM,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        self.bundles = [item for item in self.tiles if item.is_bundle]
        for bundle in self.bundles:
            self.fields[f"without-{bundle.pk}"] = forms.TypedMultipleChoiceField(
                label=_("Left out of it"),
                choices=[(part.item_id, part.item.name) for part in bundle.parts],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def entry(self) -> Entry:
        """The visit as an entry; call it on a valid form."""
        cleaned = self.cleaned_data
        tapped = {item.pk: n for item in self.tiles if (n := cleaned[f"item-{item.pk}"])}
        return Entry(
            id=cleaned["id"],
            opening=cleaned["opening"],
            people=cleaned["people"],
            items=dict(sorted(Item.objects.replace_bundles(tapped, without=self._left_out()).items())),
            said={
                question.slug: tuple(sorted(answers))
                for question in sorted(self.asked, key=lambda one: one.slug)
                if (answers := _answers(cleaned[f"said-{question.slug}"]))
            },
        )

    def left_out_fields(self) -> list[tuple[Item, forms.BoundField]]:
        """For each bundle with a tile, what can be left out of it."""
        return [(bundle, self[f"without-{bundle.pk}"]) for bundle in self.bundles]

    def _left_out(self) -> dict[int, list[int]]:
        return {bundle.pk: self.cleaned_data[f"without-{bundle.pk}"] for bundle in self.bundles}

    def said_fields(self) -> list[forms.BoundField]:
        """The questions, in their order."""
        return [self[f"said-{question.slug}"] for question in self.asked]


def _question(asked: Asked) -> forms.Field:
    if asked.several:
        # To say nothing is to tick nothing.
        answers = [one for one in asked.answers if one[0] != NOT_ASKED]
        return forms.MultipleChoiceField(
            label=asked.label, choices=answers, required=False, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(
        label=asked.label, choices=asked.answers, initial=NOT_ASKED, required=False, widget=forms.RadioSelect
    )


def _answers(cleaned: str | list[str]) -> list[str]:
    """Of a question nobody answered, that it was not asked."""
    answers = cleaned if isinstance(cleaned, list) else [cleaned]
    return [answer for answer in answers if answer] or [NOT_ASKED]


def fresh(opening: int, entry: Entry | None = None) -> dict[str, Any]:
    """What an unsent form starts with: a new random id, one person, and whatever is to be put right."""
    start: dict[str, Any] = {"id": uuid.uuid4(), "opening": opening, "people": 1}
    if entry is not None:
        start |= {"people": min(entry.people, PEOPLE_SHOWN)}
        start |= {f"item-{item}": n for item, n in entry.items.items()}
        start |= {
            f"said-{slug}": list(answers) if KINDS[slug].several else answers[0] for slug, answers in entry.said.items()
        }
    return start


def remember(entry: Entry, *, undone: bool) -> str:
    """The last visit as a signed cookie: it stays on the device for half a minute and nowhere else."""
    return signing.dumps({"entry": entry.as_json(), "undone": undone}, salt="hub.desk.last")


def recall(cookie: str) -> tuple[Entry | None, bool]:
    """The last visit and whether it was undone, or nothing once the half minute is over."""
    try:
        last = signing.loads(cookie, salt="hub.desk.last", max_age=REMEMBERED_SECONDS)
        return read(last["entry"]), last["undone"]
    except (signing.BadSignature, ValueError, KeyError):
        return None, False
