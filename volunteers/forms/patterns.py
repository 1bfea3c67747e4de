"""Forms for patterns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers import recurrence
from volunteers.forms.refusing import RefusableForm, clock_input
from volunteers.forms.rota import EARLIEST, LATEST, DayRangeForm
from volunteers.forms.shifts import posts_form
from volunteers.models import Pattern, Shift
from volunteers.shared import locality
from volunteers.shared.forms.edits import EditedValue, EditForm
from volunteers.shared.forms.fields import DayField
from volunteers.shared.forms.readers import write_day
from volunteers.shared.name_queries import NameFormField

DAYS = (
    ("MO", _("Monday")),
    ("TU", _("Tuesday")),
    ("WE", _("Wednesday")),
    ("TH", _("Thursday")),
    ("FR", _("Friday")),
    ("SA", _("Saturday")),
    ("SU", _("Sunday")),
)


def list_weekdays() -> list[tuple[str, str]]:
    """The days to tick, from the hub's first day of the week on."""
    first = locality.known().first_weekday
    return [(code, str(name)) for code, name in (*DAYS[first:], *DAYS[:first])]


# How often, and which of each ticked day in a month.
RHYTHMS = {
    "1": ("FREQ=WEEKLY", ""),
    "2": ("FREQ=WEEKLY;INTERVAL=2", ""),
    "4": ("FREQ=WEEKLY;INTERVAL=4", ""),
    "first": ("FREQ=MONTHLY", "1"),
    "second": ("FREQ=MONTHLY", "2"),
    "third": ("FREQ=MONTHLY", "3"),
    "fourth": ("FREQ=MONTHLY", "4"),
    "fifth": ("FREQ=MONTHLY", "5"),
    "last": ("FREQ=MONTHLY", "-1"),
}
WORDS = (
    ("1", _("Every week")),
    ("2", _("Every two weeks")),
    ("4", _("Every four weeks")),
    ("first", _("The first in a month")),
    ("second", _("The second in a month")),
    ("third", _("The third in a month")),
    ("fourth", _("The fourth in a month")),
    ("fifth", _("The fifth in a month")),
    ("last", _("The last in a month")),
    ("own", _("By your own rule")),
)
MAX_EXCEPTIONS = 200


class PatternForm(EditForm, RefusableForm):
    """A pattern in plain words: which days and how often; or an RRULE."""

    title = NameFormField(label=_("What it is"), max_length=60, initial=_("Drop-in"))
    place = forms.CharField(label=_("Place"), max_length=60, required=False)
    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=WORDS,
        help_text=_("It counts for each day you tick: the second Tuesday and the second Thursday."),
    )
    days = forms.MultipleChoiceField(
        label=_("On which days"),
        choices=list_weekdays,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    rule = forms.CharField(
        label=_("Your own rule"),
        max_length=recurrence.MAX_RULE_LENGTH,
        required=False,
        help_text=_("An RRULE, as calendars write it: FREQ=MONTHLY;BYMONTHDAY=15"),
    )
    first_day = DayField(label=_("First week"), help_text=_("Every other week counts from this week."))
    starts = forms.TimeField(label=_("Starts"), widget=clock_input())
    ends = forms.TimeField(
        label=_("Ends"), widget=clock_input(), help_text=_("On the next day if it is before the start.")
    )
    drop_in = forms.BooleanField(
        label=_("People come in"),
        required=False,
        initial=True,
        help_text=_("Then it needs a lead and somebody naloxone-trained, and somebody can open the desk for it."),
    )
    on_bank_holidays = forms.BooleanField(label=_("On bank holidays, too"), required=False)
    exceptions = forms.CharField(
        label=_("Not on these days"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, like 24/12/2026."),
    )

    def __init__(self, data: Any = None, *, pattern: Pattern | None = None, **kwargs: Any) -> None:
        """As the pattern is, or empty."""
        super().__init__(data, initial=_initial(pattern) if pattern else kwargs.get("initial"))
        self.edited = pattern
        # A rule of one's own brings its days along.
        self.fields["days"].required = (data or {}).get("rhythm") != "own"
        self.posts = posts_form(data, list(pattern.posts.all()) if pattern else None)

    def is_valid(self) -> bool:
        """Whether both the pattern and its posts are valid."""
        return super().is_valid() and self.posts.is_valid()

    def edited_values(self) -> Iterator[EditedValue]:
        """The fields, and the posts as one more."""
        yield from super().edited_values()
        yield self.posts.edited_value()

    @property
    def status(self) -> int:
        """422 if a post is wrong, otherwise as in every form."""
        return 422 if self.is_bound and not self.refused and not self.is_valid() else super().status

    def clean_exceptions(self) -> list[Any]:
        """The days, one a line; a line that is not a day is named."""
        lines = filter(None, map(str.strip, self.cleaned_data["exceptions"].splitlines()))
        days = sorted({DayField().clean(line) for line in lines})
        if len(days) > MAX_EXCEPTIONS:
            raise ValidationError(_now("That is more than %(most)d days.") % {"most": MAX_EXCEPTIONS})
        return days

    def clean_first_day(self) -> Any:
        """The day has to be in this century."""
        day = self.cleaned_data["first_day"]
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(_("Choose a day in this century."))
        return day

    def clean(self) -> dict[str, Any]:
        """Make one rule of the choices; it has to repeat and to last."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if asked.get("starts") and asked.get("starts") == asked.get("ends"):
            self.add_error("ends", ValidationError(_("The end must differ from the start.")))
        rhythm = asked.get("rhythm")
        if rhythm == "own":
            asked["rule"] = (asked.get("rule") or "").strip().upper()
            if "rule" not in self.errors and asked.get("first_day"):
                self._check("rule", asked)
        elif rhythm and asked.get("days"):
            asked["rule"] = write_rule(rhythm, asked["days"])
        return asked

    def _check(self, name: str, asked: dict[str, Any]) -> None:
        try:
            recurrence.read(asked["rule"], asked["first_day"])
        except recurrence.NotARule as problem:
            self.add_error(name, ValidationError(str(problem)))

    def values(self) -> dict[str, Any]:
        """The values for the model."""
        names = ("title", "place", "rule", "first_day", "starts", "ends", "drop_in", "on_bank_holidays", "exceptions")
        return {name: self.cleaned_data[name] for name in names} | {"posts": self.posts.wanted}


class DaysField(forms.TypedMultipleChoiceField):
    """Days as a page wrote them, each with its own key or tick."""

    def __init__(self, **kwargs: Any) -> None:
        """None is fine."""
        super().__init__(coerce=dt.date.fromisoformat, required=False, empty_value=[], **kwargs)

    def validate(self, value: list[str]) -> None:
        """At most as many as are made at once, and each a day."""
        if len(value) > recurrence.MAX_AT_ONCE or not all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in value):
            raise ValidationError(_now("Choose from the list. It may have changed."))

    def valid_value(self, value: str) -> bool:
        """Whatever `validate` let pass."""
        return bool(value)


class MakeForm(DayRangeForm):
    """The days to make shifts on: of those that were seen as new the ticked ones, and those beside another shift."""

    seen = DaysField(widget=forms.MultipleHiddenInput)
    kept = DaysField(widget=forms.CheckboxSelectMultiple)
    beside = DaysField(widget=forms.CheckboxSelectMultiple)
    looked = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """The days, as `Pattern.make` takes them."""
        asked = self.cleaned_data
        seen = asked["seen"] if asked["looked"] else None
        days = {"first": asked["first"], "last": asked["last"], "beside": asked["beside"]}
        return days | {"seen": seen, "without": self.unticked}

    @property
    def unticked(self) -> set[dt.date]:
        """The days that were seen as new, and are not wanted."""
        asked = self.cleaned_data
        return set(asked.get("seen") or ()) - set(asked.get("kept") or ()) if asked.get("looked") else set()


class RealignForm(forms.Form):
    """The shifts of a pattern to bring in line with it."""

    shift = forms.ModelMultipleChoiceField(queryset=Shift.objects.none())

    def __init__(self, data: Any, *, pattern: Pattern) -> None:
        """Only its own."""
        super().__init__(data)
        self.fields["shift"].queryset = pattern.shifts.all()  # type: ignore[attr-defined]


def write_rule(rhythm: str, days: Sequence[str]) -> str:
    """The rule of a rhythm on these days. In a month each day is counted for itself."""
    frequency, which = RHYTHMS[rhythm]
    return f"{frequency};BYDAY={','.join(which + day for day in days)}"


def in_plain_words(rule: str) -> tuple[str, list[str]]:
    """The rhythm and the days of a rule, as the form has them; or “own” and no days."""
    # With one day alone, its position in the month is its number. With more it is another rule, and stays so.
    rule = re.sub(r"^FREQ=MONTHLY;BYDAY=([A-Z]{2});BYSETPOS=(-?[1-5])$", r"FREQ=MONTHLY;BYDAY=\2\1", rule)
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    days = [day[-2:] for day in parts.get("BYDAY", "").split(",")]
    for rhythm in RHYTHMS:
        if write_rule(rhythm, days) == rule and all(day in dict(DAYS) for day in days):
            return rhythm, days
    return "own", []


def _initial(pattern: Pattern) -> dict[str, Any]:
    rhythm, days = in_plain_words(pattern.rule)
    names = ("title", "place", "first_day", "starts", "ends", "drop_in", "on_bank_holidays")
    return {name: getattr(pattern, name) for name in names} | {
        "rhythm": rhythm,
        "days": days,
        "rule": pattern.rule if rhythm == "own" else "",
        "exceptions": "\n".join(write_day(day) for day in pattern.exceptions),
    }


def in_words(rule: str) -> str:
    """“Every week: Tuesday, Thursday”; or the rule as it is written."""
    rhythm, days = in_plain_words(rule)
    if rhythm == "own":
        return rule
    return f"{dict(WORDS)[rhythm]}: {', '.join(str(dict(DAYS)[day]) for day in days)}"
