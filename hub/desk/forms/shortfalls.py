"""The form for a shortfall at the desk: asked for, and not there."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core import periods
from hub.desk.access import UNDO_TTL
from hub.desk.exceptions import EveningUnclear
from supplies.models import Item, Shortfall, Wish

LAST_SHORTFALL_COOKIE = f"{settings.COOKIE_PREFIX}asked"
SALT = "hub.missing.last"


class DeskShortfallForm(forms.Form):
    """One tap for the thing, one for the reason. It counts by month, beside no visit.

    `unlike` is the sentence for two that do not fit: a thing we do not stock cannot have run out.
    """

    OUT = Shortfall.Reason.OUT
    unlike = Shortfall.NOT_STOCKED_NOT_OUT

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    thing = forms.ChoiceField(
        label=_("What was asked for?"), error_messages={"required": _("Choose what was asked for.")}
    )
    reason = forms.ChoiceField(
        label=_("Why not?"),
        choices=Shortfall.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why not.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer items with a tile first, then the other items, then wishes."""
        super().__init__(*args, **kwargs)
        items = list(Item.objects.stocked().order_by("name__sorted").only("name", "desk_order"))
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

    def build_shortfall(self) -> dict[str, Any]:
        """The arguments of the verb that counts it. Call it on a valid form."""
        thing = self.cleaned_data["thing"]
        return {
            "reason": self.cleaned_data["reason"],
            "key": self.cleaned_data["key"],
            "item": self.items.get(thing),
            "wish": self.wishes.get(thing),
        }

    def refuse_key(self, why: str, versions: list[str]) -> None:
        """Show both versions that came under one key, and give this one a key of its own: sent again, it counts."""
        self.add_error(None, [why, *versions])
        self.add_error(None, _("If both are right, press the button again. Then we count this one too."))
        data = cast("QueryDict", self.data).copy()
        data["key"] = str(uuid.uuid4())
        self.data = data


def month_of_evening(evening: dt.date) -> dt.date:
    """The month in which a shortfall counts that a device kept since that evening.

    Raises EveningUnclear for an evening that has not come, and for one so long ago that a copy could not be recognised
    any more: the date of a device may be wrong, and it asks again.
    """
    days_ago = (periods.tonight() - evening).days
    if days_ago < 0:
        raise EveningUnclear(_now("That evening has not come yet. Check the date on this device."))
    if days_ago > periods.LATE_DAYS:
        raise EveningUnclear(_now("That evening is too long ago. Check the date on this device."))
    return periods.month_of(evening)


def sign_last_shortfall(form: DeskShortfallForm, month: dt.date) -> str:
    """The last shortfall as a signed cookie: it stays on the device for two minutes and nowhere else."""
    cleaned = form.cleaned_data
    last = {
        "key": str(cleaned["key"]),
        "thing": cleaned["thing"],
        "reason": cleaned["reason"],
        "month": month.isoformat(),
    }
    return signing.dumps(last, salt=SALT)


def read_last_shortfall(cookie: str) -> tuple[DeskShortfallForm, dt.date] | None:
    """The last shortfall and its month; None once the two minutes are over."""
    try:
        last = signing.loads(cookie, salt=SALT, max_age=UNDO_TTL)
        return DeskShortfallForm(last), dt.date.fromisoformat(last["month"])
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None
