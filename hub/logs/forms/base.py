"""What the forms of the four logs share: a random id, a month, answers that can be passed over, and half a tap each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core import signing
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.core.periods import month_of

UNDO_SECONDS = 120
UNDO_COOKIE = "log"
SALT = "hub.logs.last"

NOT_ASKED = _("Not asked")
YES_NO = [("", NOT_ASKED), ("yes", _("Yes")), ("no", _("No"))]


class LogForm(forms.Form):
    """One row of a log. `months` are those it may count in, the one it counts in by itself first."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    month = forms.TypedChoiceField(label=_("Counts in"), coerce=dt.date.fromisoformat)

    def __init__(self, months: Iterable[dt.date], *args: Any, **kwargs: Any) -> None:
        """Ask last which month it counts in, or not at all when there is no choice."""
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "month"])
        month = cast("forms.ChoiceField", self.fields["month"])
        choices = [(first.isoformat(), in_words(first)) for first in months]
        month.choices = choices
        if len(choices) == 1:
            month.widget = forms.HiddenInput()
            month.initial = choices[0][0]


def answers(of: str, label: Any, *, required: bool = False) -> forms.ModelChoiceField:
    """One answer out of a list of the hub's own."""
    return forms.ModelChoiceField(
        Choice.objects.offered(of),
        label=label,
        required=required,
        empty_label=None if required else NOT_ASKED,
        blank=not required,
        widget=forms.RadioSelect,
    )


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or nobody asked: three different things."""

    def __init__(self, label: Any) -> None:
        """Nobody asked is what it says by itself."""
        super().__init__(
            label=label,
            choices=YES_NO,
            coerce=lambda value: value == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )


def in_words(month: dt.date) -> str:
    """As people say it: November 2026."""
    return date_format(month, "YEAR_MONTH_FORMAT")


def months_for(this: dt.date, asked: dt.date | None, *, last_sealed: bool, anything: bool) -> list[dt.date]:
    """The months somebody may write into: this one, the one before while it is not complete, or the one asked for.

    Only who may put months right can ask for another.
    """
    last = month_of(this - dt.timedelta(days=1))
    months = [this] if last_sealed else [this, last]
    if anything and asked and asked <= this:
        return [asked, *(month for month in months if month != asked)]
    return months


def remember(log: str, ids: Iterable[uuid.UUID]) -> str:
    """What was written last, as a signed cookie: it stays on the device for two minutes and nowhere else."""
    return signing.dumps({"log": log, "ids": [str(one) for one in ids]}, salt=SALT)


def recall(cookie: str) -> tuple[str, list[uuid.UUID]]:
    """Which log and which rows, or nothing once the two minutes are over."""
    try:
        last = signing.loads(cookie, salt=SALT, max_age=UNDO_SECONDS)
        return last["log"], [uuid.UUID(one) for one in last["ids"]]
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return "", []
