"""Forms of sessions and cohorts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from school.models import Cohort, Course, Module, Session
from school.models.sessions import ACCESS_LABELS
from volunteers.models import User
from volunteers.models.namesakes import label_people
from volunteers.models.people_queryset import RoleName
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField, NumberInput, WholeField

SOONEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)
# As many weeks as a term has, and no typing error makes a hundred sessions.
MAX_WEEKS = 12


class ModulesField(forms.ModelMultipleChoiceField):
    """Modules, each said with its course where there are several courses."""

    several_courses = False

    def label_from_instance(self, obj: Any) -> str:
        """Its title, and the course if there could be a doubt."""
        return f"{obj.title} · {obj.course.name}" if self.several_courses else obj.title


class SessionForm(EditForm, forms.ModelForm):
    """A session: what, when, where, for how many, and what makes it possible to come."""

    teaches = ModulesField(
        label=_("Teaches"),
        queryset=Module.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    day = DayField(label=_("Day"))
    begins = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    gives = forms.ModelMultipleChoiceField(
        label=_("Who gives it"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They can take its register, even if they are not a trainer."),
    )

    class Meta:
        model = Session
        fields = (
            "title",
            "cohort",
            "place",
            "link",
            "places",
            "public",
            "hold_hours",
            *ACCESS_LABELS,
            "access_notes",
        )
        field_classes = {"places": WholeField, "hold_hours": WholeField}
        widgets = {"access_notes": forms.Textarea(attrs={"rows": 2})}

    field_order = (
        "teaches",
        "title",
        "day",
        "begins",
        "ends",
        "places",
        "place",
        "link",
        "gives",
        "cohort",
        "public",
        "hold_hours",
        *ACCESS_LABELS,
        "access_notes",
        "weeks",
    )

    weeks = WholeField(
        label=_("How many more, every week"),
        required=False,
        min_value=0,
        max_value=MAX_WEEKS,
        initial=0,
        widget=NumberInput({"class": "short"}),
        help_text=_("0: only this one. You can change or call off each one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is taught, and who may give it."""
        super().__init__(*args, **kwargs)
        session = self.instance
        here = session.pk is not None
        modules = Module.objects.filter(Q(retired=False, course__retired=False) | Q(sessions=session.pk)).distinct()
        teaches = self.fields["teaches"]
        teaches.several_courses = Course.objects.taught().count() > 1  # type: ignore[attr-defined]
        teaches.queryset = modules.select_related("course")  # type: ignore[attr-defined]
        self.fields["cohort"].empty_label = _("No group")  # type: ignore[attr-defined]
        givers = find_givers(session if here else None)
        gives = self.fields["gives"]
        gives.queryset = givers  # type: ignore[attr-defined]
        gives.choices = [(key, label) for key, label in label_people(givers, timezone.now()).items()]  # type: ignore[attr-defined]
        if here or session.starts_at:
            begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
            self.initial.update({"day": begins.date(), "begins": begins.time(), "ends": ends.time()})
        if here:
            del self.fields["weeks"]
            self.initial.update({"teaches": session.modules.all(), "gives": session.facilitators.all()})

    def about(self) -> list[forms.BoundField]:
        """The fields for topics, places and venue; times stand side by side, and access in a group."""
        apart = {"day", "begins", "ends", *ACCESS_LABELS}
        return [field for field in self if field.name not in apart]

    def times(self) -> list[forms.BoundField]:
        """Day, beginning, end."""
        return [self[name] for name in ("day", "begins", "ends")]

    def access(self) -> list[forms.BoundField]:
        """The fields that say how accessible the session is."""
        return [self[name] for name in ACCESS_LABELS]

    def clean_day(self) -> dt.date:
        """A day somebody can have meant."""
        day: dt.date = self.cleaned_data["day"]
        if not SOONEST <= day < LATEST:
            raise ValidationError(_("Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        """Day and times together; a session that ends before it begins goes past midnight."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if {"day", "begins", "ends"} <= asked.keys():
            day, begins, ends = asked["day"], asked["begins"], asked["ends"]
            if begins == ends:
                self.add_error("ends", ValidationError(_("It must end after it begins.")))
            next_day = day + dt.timedelta(days=1) if ends < begins else day
            asked["starts_at"] = self.instance.starts_at = timezone.make_aware(dt.datetime.combine(day, begins))
            asked["ends_at"] = self.instance.ends_at = timezone.make_aware(dt.datetime.combine(next_day, ends))
        return asked

    def fields_of_session(self) -> dict[str, Any]:
        """The values for the session's own fields."""
        names = (*self._meta.fields, "starts_at", "ends_at")  # type: ignore[misc]
        return {name: self.cleaned_data[name] for name in names}


def find_givers(session: Session | None) -> Any:
    """The people who can give a session: trainers, people with a completed course, and its present facilitators."""
    able = Q(groups__name=RoleName.TRAINER) | Q(completions__course__isnull=False)
    if session is not None:
        able |= Q(gives=session)
    return User.objects.active().filter(able).distinct().order_by("chosen_name__sorted", "pk")


class CallOffForm(forms.Form):
    """The form that calls a session off, with a reason."""

    because = forms.CharField(
        label=_("Why it is called off"), max_length=200, help_text=_("The people on it read this.")
    )


class SessionSearch(forms.Form):
    """The search among sessions."""

    when = forms.ChoiceField(label=_("When"), choices=[("ahead", _("Ahead")), ("over", _("Over"))], required=False)
    words = forms.CharField(label=_("What"), max_length=60, required=False, widget=forms.SearchInput())


class CohortForm(EditForm, forms.ModelForm):
    """A cohort's name and course."""

    class Meta:
        model = Cohort
        fields = ("name", "course")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is taught."""
        super().__init__(*args, **kwargs)
        self.fields["course"].empty_label = _("Choose")  # type: ignore[attr-defined]
        self.fields["course"].queryset = Course.objects.taught()  # type: ignore[attr-defined]
