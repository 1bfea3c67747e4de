"""The form for one visit, for a browser without scripts. It makes the payload that a device would send."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.desk.exceptions import VisitDiffers
from hub.desk.models.questions import AskedQuestion
from hub.desk.question_types import NOT_ASKED, QUESTION_TYPES
from hub.desk.visit_payload import MAX_OF_ONE_ITEM, VisitPayload, read_visit
from supplies.models import Item
from volunteers.shared.forms.fields import WholeField

PEOPLE_SHOWN = 10
LAST_VISIT_TTL = 300
LAST_VISIT_COOKIE = f"{settings.COOKIE_PREFIX}last"
SALT = "hub.desk.last"


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

    talk = forms.BooleanField(label=_("Only a talk"), required=False)

    def __init__(self, items: Iterable[Item], *args: Any, asked: Iterable[AskedQuestion] = (), **kwargs: Any) -> None:
        """Add a number for each of these items, and a field for each question that is asked."""
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for question in self.asked:
            self.fields[f"said-{question.slug}"] = _build_answer_field(question)
        self.items = list(items)
        self.tiles = [item for item in self.items if item.desk_order is not None]
        self.more = [item for item in self.items if item.desk_order is None]
        for item in self.items:
            self.fields[f"item-{item.pk}"] = WholeField(
                label=item.tile_name,
                min_value=0,
                max_value=MAX_OF_ONE_ITEM,
                required=False,
            )
        self.bundles = [item for item in self.items if item.is_bundle]
        for bundle in self.bundles:
            self.fields[f"without-{bundle.pk}"] = forms.TypedMultipleChoiceField(
                label=_("Not included"),
                choices=[(part.item_id, part.item.name) for part in bundle.parts],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def build_payload(self) -> VisitPayload:
        """The visit as a payload. Call it on a valid form."""
        cleaned = self.cleaned_data
        tapped = self._read_tapped(cleaned)
        return VisitPayload(
            id=cleaned["id"],
            opening=cleaned["opening"],
            people=cleaned["people"],
            items=dict(sorted(Item.objects.replace_bundles(tapped, without=self._left_out()).items())),
            answers={
                question.slug: tuple(sorted(answers))
                for question in sorted(self.asked, key=lambda question: question.slug)
                if (answers := _read_answers(cleaned[f"said-{question.slug}"]))
            },
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a visit with nothing in it, unless somebody says that it was a talk: none is logged by accident."""
        cleaned: dict[str, Any] = super().clean() or {}
        said = any(_read_answers(cleaned.get(f"said-{one.slug}", "")) != [NOT_ASKED] for one in self.asked)
        if not (self.errors or cleaned.get("talk") or said or self._read_tapped(cleaned)):
            raise ValidationError(_("This visit is empty. Add what they took, or tick “Only a talk”."))
        return cleaned

    def _read_tapped(self, cleaned: dict[str, Any]) -> dict[int, int]:
        return {item.pk: n for item in self.items if (n := cleaned.get(f"item-{item.pk}"))}

    def refuse_key(self, differs: VisitDiffers) -> None:
        """Show both visits that came under one key, and give this one a key of its own: sent again, it counts."""
        self.add_error(None, [str(differs), *differs.versions])
        self.add_error(None, _("If both are right, log this one again. Then it counts as another visit."))
        data = cast("QueryDict", self.data).copy()
        data["id"] = str(uuid.uuid4())
        self.data = data

    def left_out_fields(self) -> list[tuple[Item, forms.BoundField]]:
        """Each bundle with a tile, and the field for parts left out of it."""
        return [(bundle, self[f"without-{bundle.pk}"]) for bundle in self.bundles]

    def _left_out(self) -> dict[int, list[int]]:
        return {bundle.pk: self.cleaned_data[f"without-{bundle.pk}"] for bundle in self.bundles}

    def answer_fields(self) -> list[forms.BoundField]:
        """The fields for answers, in the order of the questions."""
        return [self[f"said-{question.slug}"] for question in self.asked]


def _build_answer_field(asked: AskedQuestion) -> forms.Field:
    if asked.several:
        # No tick means that nobody asked.
        answers = [(value, label) for value, label in asked.answers if value != NOT_ASKED]
        return forms.MultipleChoiceField(
            label=asked.label, choices=answers, required=False, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(
        label=asked.label, choices=asked.answers, initial=NOT_ASKED, required=False, widget=forms.RadioSelect
    )


def _read_answers(cleaned: str | list[str]) -> list[str]:
    """The answers somebody chose; without one, that it was not asked."""
    answers = cleaned if isinstance(cleaned, list) else [cleaned]
    return [answer for answer in answers if answer] or [NOT_ASKED]


def build_initial(opening: int, payload: VisitPayload | None = None) -> dict[str, Any]:
    """Initial values of an unsent form: a new random id, one person, and the content of an undone visit."""
    initial: dict[str, Any] = {"id": uuid.uuid4(), "opening": opening, "people": 1}
    if payload is not None:
        initial |= {"people": min(payload.people, PEOPLE_SHOWN), "talk": not payload.items}
        initial |= {f"item-{item}": n for item, n in payload.items.items()}
        initial |= {
            f"said-{slug}": list(answers) if QUESTION_TYPES[slug].several else answers[0]
            for slug, answers in payload.answers.items()
        }
    return initial


def sign_last_visit(payload: VisitPayload, *, undone: bool) -> str:
    """The last visit as a signed cookie: it stays on the device for five minutes and nowhere else."""
    return signing.dumps({"entry": payload.as_json(), "undone": undone}, salt=SALT)


def read_last_visit(cookie: str) -> tuple[VisitPayload | None, bool]:
    """The last visit and whether it was undone, or nothing once the five minutes are over."""
    try:
        last = signing.loads(cookie, salt=SALT, max_age=LAST_VISIT_TTL)
        return read_visit(last["entry"]), last["undone"]
    except (signing.BadSignature, ValueError, KeyError):
        return None, False
