"""Forms for opening a period, answering, filling it, and accepting a proposal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from volunteers.board import say_what
from volunteers.fill import FillAnswer
from volunteers.models import Availability, Shift
from volunteers.models.availability import MAX_WANTED
from volunteers.shared.clock import get_week_start
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField, NumberInput, WholeField

A_WEEK = dt.timedelta(days=7)
ANSWERS = [choice for choice in Availability.Answer.choices if choice[0] != Availability.Answer.OPEN]


class PeriodForm(forms.Form):
    """The days people are asked about. The model checks them."""

    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))
    answer_by = DayField(label=_("Answers by"), help_text=_("Later answers count too, until the rota is published."))

    def __init__(self, data: QueryDict | None = None) -> None:
        """Next month, to be answered a week before it starts."""
        first = (timezone.localdate() + relativedelta(months=1)).replace(day=1)
        last = first + relativedelta(months=1) - dt.timedelta(days=1)
        by = max(first - A_WEEK, timezone.localdate())
        super().__init__(data, initial={"first_day": first, "last_day": last, "answer_by": by})


class AnswersForm(EditForm, forms.Form):
    """One question per shift, one for all left open, and how many shifts the person would like."""

    rest = forms.ChoiceField(
        label=_("All the others"),
        required=False,
        choices=[("", _("Not answered")), *ANSWERS],
        widget=forms.RadioSelect,
    )
    wanted = WholeField(
        label=_("How many would you like?"),
        required=False,
        min_value=0,
        max_value=MAX_WANTED,
        widget=NumberInput({"class": "short"}),
        help_text=_("Empty: as many as you get. Nobody gets more than they say."),
    )

    # The shifts that this page shows: one that comes in while somebody answers was not left open by them.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        shifts: Iterable[Shift],
        answers: Mapping[int, str],
        wanted: int | None,
    ) -> None:
        """One field for each of these shifts, filled in with earlier answers."""
        self.shifts = list(shifts)
        shown = " ".join(str(shift.pk) for shift in self.shifts)
        super().__init__(data, initial={"wanted": wanted, "rest": "", "shown": shown})
        self.new = {shift.pk for shift in self.shifts if answers and shift.asked_anew and shift.pk not in answers}
        for shift in self.shifts:
            self.fields[_name_field(shift)] = forms.ChoiceField(
                label=f"{shift.when} · {say_what(shift)}",
                required=False,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                initial=answers.get(shift.pk),
                help_text=_("New since you answered") if shift.pk in self.new else "",
            )

    def weeks(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions by week, each week named by its first day."""
        weeks: dict[dt.date, list[forms.BoundField]] = {}
        for shift in self.shifts:
            weeks.setdefault(get_week_start(shift.day), []).append(self[_name_field(shift)])
        return [(date_format(first, "MONTH_DAY_FORMAT"), questions) for first, questions in weeks.items()]

    def answers(self) -> dict[int, FillAnswer | None]:
        """The answer to each shift the page showed; None where there is none."""
        rest, shown = self.cleaned_data["rest"], self.cleaned_data["shown"].split()
        answers = {
            shift.pk: self.cleaned_data[_name_field(shift)] or rest
            for shift in self.shifts
            if not shown or str(shift.pk) in shown
        }
        return {shift: FillAnswer(answer) if answer else None for shift, answer in answers.items()}


class FillForm(forms.Form):
    """The form that says how far to fill the posts."""

    brim = forms.BooleanField(
        label=_("Fill more than needed"),
        required=False,
        help_text=_("Up to the most a post takes, with people who said yes."),
    )


class AcceptProposalForm(forms.Form):
    """A choice for every place: the proposed person, another who could, or nobody for now."""

    def __init__(self, data: QueryDict | None = None, *, places: Iterable[Any]) -> None:
        """One field for each place, with its options and the proposed person."""
        super().__init__(data)
        self.places = list(places)
        for place in self.places:
            self.fields[place.name] = forms.ChoiceField(
                label=place.label,
                required=False,
                choices=[("", _("Nobody for now")), *place.options],
                initial=place.proposed or "",
            )

    def clean(self) -> dict[str, Any]:
        """Nobody has two places on one shift."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        names = {key: label for place in self.places for key, label in place.options}
        seen: set[tuple[int, str]] = set()
        for place in self.places:
            person = cleaned.get(place.name)
            if person and (place.shift, person) in seen:
                self.add_error(place.name, _("%(name)s is chosen twice on this shift.") % {"name": names[person]})
            elif person:
                seen.add((place.shift, person))
        return cleaned

    def chosen(self, shift: int) -> list[tuple[int, int]]:
        """Post and person of each place of this shift that is filled."""
        return [
            (place.post, int(self.cleaned_data[place.name]))
            for place in self.places
            if self.cleaned_data[place.name] and place.shift == shift
        ]

    def choices(self) -> dict[int, list[int | None]]:
        """By post: the person for each of its places, or None."""
        choices: dict[int, list[int | None]] = {}
        for place in self.places:
            person = self.cleaned_data[place.name]
            choices.setdefault(place.post, []).append(int(person) if person else None)
        return choices


def _name_field(shift: Shift) -> str:
    return f"shift-{shift.pk}"
