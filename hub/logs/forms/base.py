"""The base of the four logs' forms: a random id, a month, optional answers, and the cookie that can undo a row."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hub.core.choices import Choice
from hub.core.periods import month_of
from hub.desk.access import UNDO_TTL

LAST_ROWS_COOKIE = f"{settings.COOKIE_PREFIX}log"
SALT = "hub.logs.last"

NOT_ASKED = _("Not asked")
YES_NO = [("", NOT_ASKED), ("yes", _("Yes")), ("no", _("No"))]


class LogForm(forms.Form):
    """One row of a log. `months` are those it may count in, the default first."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    month = forms.TypedChoiceField(label=_("Counts in"), coerce=dt.date.fromisoformat)

    def __init__(self, months: Iterable[dt.date], *args: Any, **kwargs: Any) -> None:
        """Ask last which month it counts in, or not at all when there is no choice."""
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "month"])
        month = cast("forms.ChoiceField", self.fields["month"])
        choices = [(first.isoformat(), format_month(first)) for first in months]
        month.choices = choices
        if len(choices) == 1:
            month.widget = forms.HiddenInput()
            month.initial = choices[0][0]

    def write(self) -> list[uuid.UUID]:
        """Write it down, once. Returns the ids of its rows. Call it on a valid form.

        Raises EntryDiffers, EntryUndone and ValidationError as the log does.
        """
        raise NotImplementedError

    def renew_key(self) -> None:
        """Give it a new key, so that to send it again means another entry. What was typed stays."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("id")] = str(uuid.uuid4())
        self.data = data


def build_choice_field(of: str, label: Any, *, required: bool = False) -> forms.ModelChoiceField:
    """A field for one answer out of a list of the hub's own."""
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
        """Without an answer it says that nobody asked."""
        super().__init__(
            label=label,
            choices=YES_NO,
            coerce=lambda value: value == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )


def format_month(month: dt.date) -> str:
    """The month as people say it: November 2026."""
    return date_format(month, "YEAR_MONTH_FORMAT")


def find_writable_months(
    this: dt.date, chosen: dt.date | None, *, last_is_complete: bool, may_choose: bool
) -> list[dt.date]:
    """Months that a row may be written into: this one, the last one while it is not complete, or a chosen one.

    Only a person who may correct months can choose.
    """
    last = month_of(this - dt.timedelta(days=1))
    months = [this] if last_is_complete else [this, last]
    if may_choose and chosen and chosen <= this:
        return [chosen, *(month for month in months if month != chosen)]
    return months


def sign_last_rows(log: str, ids: Iterable[uuid.UUID]) -> str:
    """The last rows as a signed cookie: they stay on the device for two minutes and nowhere else."""
    return signing.dumps({"log": log, "ids": [str(id_) for id_ in ids]}, salt=SALT)


def read_last_rows(cookie: str) -> tuple[str, list[uuid.UUID]]:
    """The log and ids of the last rows, or nothing once the two minutes are over."""
    try:
        last = signing.loads(cookie, salt=SALT, max_age=UNDO_TTL)
        return last["log"], [uuid.UUID(id_) for id_ in last["ids"]]
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return "", []
