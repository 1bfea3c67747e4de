"""Forms that name people and record what they have done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from school.completion import OutcomeState
from school.models import Course, Module
from school.models.find_or_create_person import LINE_REFUSALS
from school.person_lines import LineProblem, PersonLine, read_lines
from volunteers.shared.forms.fields import DayField
from volunteers.shared.name_queries import NameFormField

NOTHING = PersonLine(1, "", problem=LineProblem.NO_NAME)


class PersonLineForm(forms.Form):
    """One person by name; an e-mail only where they have one."""

    name = NameFormField(
        label=_("Name"),
        max_length=70,
        help_text=_("What people call them is enough. If we know them already, we find them by it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "known"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("If they have one, we invite them by e-mail. They can do without."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """The line this comes to."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if "name" in asked and "email" in asked:
            line = asked["line"] = next(iter(read_lines(f"{asked['name']},{asked['email']}".rstrip(","))), NOTHING)
            if line.problem:
                self.add_error("name", LINE_REFUSALS[line.problem]())
        return asked


class LinesForm(forms.Form):
    """Several people, one a line."""

    lines = forms.CharField(
        label=_("One person on each line"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_(
            "A name, or a name, a comma and an e-mail. You can paste a list from a spreadsheet or an e-mail. Write "
            "+ first for a new person with a name we know."
        ),
    )


class WalkInForm(forms.Form):
    """Somebody who came without a place."""

    name = NameFormField(
        label=_("Somebody else is here"),
        max_length=70,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "known"}),
        help_text=_("Their name. Write + first for a new person with a name we know."),
    )
    # Why there is room for one more: a button in a full room, or another reason in words.
    room = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    other = forms.CharField(
        label=_("Why is there space for one more?"),
        required=False,
        max_length=120,
        help_text=_("About the room, not the person."),
    )

    @property
    def reason(self) -> str:
        """Why one more is taken in; empty where nobody gave a reason."""
        return str(self.cleaned_data["room"] or self.cleaned_data["other"])


class MadeUpForm(forms.Form):
    """The outcome of a module outside the registers."""

    module = forms.ChoiceField(label=_("What"))
    state = forms.ChoiceField(label=_("How it went"), widget=forms.RadioSelect)
    on = DayField(label=_("On"))
    note = forms.CharField(label=_("How we know"), max_length=200, help_text=_("About the training, not the person."))

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        """Offer the modules of a course that came `with_modules`, and its own words."""
        super().__init__(*args, **kwargs)
        self.modules = {str(module.pk): module for module in course.taught_modules}
        self.fields["module"].choices = [  # type: ignore[attr-defined]
            (key, module.title) for key, module in self.modules.items()
        ]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (state.value, course.outcome_labels[state])
            for state in (OutcomeState.DONE, OutcomeState.TOGETHER, OutcomeState.NOT_YET)
        ]
        self.initial.setdefault("on", timezone.localdate())

    def clean_module(self) -> Module:
        """The module itself."""
        return self.modules[self.cleaned_data["module"]]

    def clean_on(self) -> dt.date:
        """A day that has been."""
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("That day has not come yet."))
        return day


class BeforeForm(forms.Form):
    """A course, or some of it, that several people did before it was kept here."""

    modules = forms.ModelMultipleChoiceField(
        label=_("What they did"), queryset=Module.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    on = DayField(label=_("When, about"))
    note = forms.CharField(
        label=_("How we know"),
        max_length=200,
        help_text=_("Founding volunteers, say. Not about the person."),
    )
    lines = LinesForm.base_fields["lines"]

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        """Offer this course's modules."""
        super().__init__(*args, **kwargs)
        modules = course.modules.filter(retired=False)
        self.fields["modules"].queryset = modules  # type: ignore[attr-defined]
        self.initial.setdefault("modules", [module.pk for module in modules if module.required])

    def clean_on(self) -> dt.date:
        """A day that has been."""
        day: dt.date = self.cleaned_data["on"]
        if not dt.date(1990, 1, 1) <= day <= timezone.localdate():
            raise ValidationError(_("Choose a day in the past."))
        return day


class InvitationEmailForm(forms.Form):
    """Another e-mail for somebody who has not come in yet."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
