"""Asked for, and not there: what, and why not."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.logs.forms.base import UNDO_SECONDS
from supplies.models import Item, Shortfall, Wish

UNDO_COOKIE = "asked"
SALT = "hub.missing.last"


class MissingForm(forms.Form):
    """One tap for the thing, one for the reason. It counts by month, beside no visit.

    `unlike` is said where the two do not fit: what we do not stock cannot have run out.
    """

    OUT = Shortfall.Reason.OUT
    unlike = Shortfall.NOT_STOCKED_NOT_OUT

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    thing = forms.ChoiceField(label=_("What was asked for?"))
    reason = forms.ChoiceField(label=_("Why not?"), choices=Shortfall.Reason, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what has a tile first, then the rest, then what we do not stock."""
        super().__init__(*args, **kwargs)
        items = list(Item.objects.stocked().order_by("name").only("name", "desk_order"))
        self.wishes = {f"wish-{wish.pk}": wish for wish in Wish.objects.filter(withdrawn=False)}
        self.items = {f"item-{item.pk}": item for item in items}
        field = self.fields["thing"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above; for mypy
        field.choices = [
            ("", _now("Choose")),
            (_now("On the desk"), [(f"item-{item.pk}", item.name) for item in items if item.desk_order is not None]),
            (_now("On the shelf"), [(f"item-{item.pk}", item.name) for item in items if item.desk_order is None]),
            (_now("We don’t stock"), [(name, wish.name) for name, wish in self.wishes.items()]),
        ]

    def said(self) -> dict[str, Any]:
        """In the words of the verb that counts it; call it on a valid form."""
        thing = self.cleaned_data["thing"]
        return {
            "reason": self.cleaned_data["reason"],
            "key": self.cleaned_data["key"],
            "item": self.items.get(thing),
            "wish": self.wishes.get(thing),
        }


def remember(form: MissingForm, month: dt.date) -> str:
    """What was counted last, as a signed cookie: it stays on the device for two minutes and nowhere else."""
    said = form.cleaned_data
    last = {"key": str(said["key"]), "thing": said["thing"], "reason": said["reason"], "month": month.isoformat()}
    return signing.dumps(last, salt=SALT)


def recall(cookie: str) -> tuple[MissingForm, dt.date] | None:
    """What it was and its month; None once the two minutes are over."""
    try:
        last = signing.loads(cookie, salt=SALT, max_age=UNDO_SECONDS)
        return MissingForm(last), dt.date.fromisoformat(last["month"])
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None
