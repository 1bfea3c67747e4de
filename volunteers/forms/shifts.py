"""Forms for one shift and its posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers import recurrence
from volunteers.forms.refusing import RefusableForm, clock_input
from volunteers.forms.rota import EARLIEST, LATEST
from volunteers.models import Post, Qualification, Shift
from volunteers.models.posts import MAX_PEOPLE, Wanted
from volunteers.shared.forms.edits import EditedValue, EditForm
from volunteers.shared.forms.fields import DayField, WholeField
from volunteers.shared.name_queries import NameFormField
from volunteers.shared.names import fold_name

Row = tuple[str, str, str, str]


class CancelShiftForm(RefusableForm):
    """The reason why a shift is cancelled."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_(
            "Everybody who was on it reads this. About the evening, not about a person: “The boiler is broken.”"
        ),
    )


class PostForm(forms.Form):
    """One post: role, numbers and qualification. A row without a role is left out."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    role = NameFormField(label=_("Role"), max_length=60, required=False)
    minimum = WholeField(label=_("At least"), min_value=0, max_value=MAX_PEOPLE, initial=1, required=False)
    maximum = WholeField(label=_("At most"), min_value=1, max_value=MAX_PEOPLE, initial=1, required=False)
    needs = forms.ModelChoiceField(
        label=_("Needs"), queryset=Qualification.objects.none(), required=False, empty_label=_("The School")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The qualifications are read once for all rows."""
        needs = kwargs.pop("qualifications")
        super().__init__(*args, **kwargs)
        self.fields["needs"].queryset = needs  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """True: a row left as it was suggested is wanted, too."""
        return True

    def clean(self) -> dict[str, Any]:
        """A row with a role needs both numbers."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if not asked.get("role"):
            return asked
        least, most = asked.get("minimum"), asked.get("maximum")
        for name, value in (("minimum", least), ("maximum", most)):
            if value is None and name not in self.errors:
                self.add_error(name, ValidationError(_("How many?")))
        if least is not None and most is not None and least > most:
            self.add_error("maximum", ValidationError(_("The least cannot be more than the most.")))
        return asked

    @property
    def wanted(self) -> Wanted | None:
        """The post for the model; None for a row without a role."""
        asked = self.cleaned_data
        if not asked.get("role"):
            return None
        return Wanted(asked["role"], asked["minimum"], asked["maximum"], asked.get("needs"), asked.get("key"))


class BasePosts(BaseFormSet):
    """All the posts of a shift or of a pattern."""

    def clean(self) -> None:
        """There has to be a post, and no role twice."""
        if any(self.errors):
            return
        roles = [fold_name(wanted.role) for wanted in self.wanted]
        if not roles:
            raise ValidationError(_("Add one role or more, or nobody can be on it."))
        if len(set(roles)) < len(roles):
            raise ValidationError(_("Two roles have the same name. Make one of them, for more people."))

    def edited_value(self) -> EditedValue:
        """All rows as one thing: a post that somebody added is missing in a form opened before."""
        saved, typed = (_list_posts(rows) for rows in (self.initial or [], self._list_rows()))
        say = partial(_say_posts, saved, typed)
        return EditedValue(str(self.prefix), _now("Posts"), key=str(saved), differs=saved != typed, say=say)

    def _list_rows(self) -> list[dict[str, Any]]:
        return [{name: form[name].value() for name in ("role", "minimum", "maximum", "needs")} for form in self.forms]

    @property
    def wanted(self) -> list[Wanted]:
        """The posts of all rows with a role."""
        return [row for form in self.forms if (row := form.wanted) is not None]


def _list_posts(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Role, least, most and qualification of each row with a role, as one types them."""
    return [
        (
            str(row["role"]),
            str(row["minimum"]),
            str(row["maximum"]),
            str(getattr(row["needs"], "pk", row["needs"] or "")),
        )
        for row in rows
        if row.get("role")
    ]


def _say_posts(saved: list[Row], typed: list[Row]) -> tuple[str, str]:
    """“Lead: 1–1, Shift lead”, a line for each post."""
    known = {str(qualification.pk): f", {qualification}" for qualification in Qualification.objects.all()}
    first, second = (
        "\n".join(f"{role}: {least}–{most}{known.get(needs, '')}" for role, least, most, needs in posts)
        for posts in (saved, typed)
    )
    return first, second


PostFormSet = formset_factory(PostForm, formset=BasePosts, extra=2, max_num=12, validate_max=True)
TO_BEGIN_WITH = (("Lead", 1, 1, "shift-lead"), ("Desk", 1, 3, None))


def posts_form(data: Any, posts: list[Any] | None, *, new: bool = False) -> BasePosts:
    """The rows of these posts, or of `new` ones like them; a new shift starts with a lead and a desk."""
    qualifications = Qualification.objects.all()
    if posts is None:
        known = {qualification.slug: qualification for qualification in qualifications}
        initial = [
            {"role": role, "minimum": least, "maximum": most, "needs": known.get(slug or "")}
            for role, least, most, slug in TO_BEGIN_WITH
        ]
    else:
        initial = [
            {
                "key": None if new else post.pk,
                "role": post.role,
                "minimum": post.minimum,
                "maximum": post.maximum,
                "needs": post.needs_id,
            }
            for post in posts
        ]
    return PostFormSet(  # type: ignore[return-value]
        data, initial=initial, prefix="posts", form_kwargs={"qualifications": qualifications}
    )


class ShiftForm(EditForm, RefusableForm):
    """A shift and its posts. An end that is not after the start is on the next day."""

    title = NameFormField(label=_("What it is"), max_length=60, initial=_("Drop-in"))
    place = forms.CharField(label=_("Place"), max_length=60, required=False)
    day = DayField(label=_("Day"))
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
    note = forms.CharField(
        label=_("Note for who is on"),
        max_length=200,
        required=False,
        help_text=_("Something to bring or to know. About the shift, not about a person."),
    )

    def __init__(self, data: Any = None, *, shift: Shift | None = None, like: Shift | None = None) -> None:
        """As the shift is, like another a week later, or empty."""
        super().__init__(data, initial=_initial(shift) if shift else _suggest_next(like) if like else None)
        self.edited = shift
        known = shift or like
        self.posts = posts_form(data, list(Post.objects.filter(shift=known)) if known else None, new=shift is None)

    @property
    def is_new(self) -> bool:
        """Whether it adds a shift. What such a form suggests is nobody's saved value."""
        return self.edited is None

    def is_valid(self) -> bool:
        """Whether both the shift and its posts are valid."""
        return super().is_valid() and self.posts.is_valid()

    def edited_values(self) -> Iterator[EditedValue]:
        """The fields, and the posts as one more."""
        yield from super().edited_values()
        yield self.posts.edited_value()

    @property
    def status(self) -> int:
        """422 if a post is wrong, otherwise as in every form."""
        return 422 if self.is_bound and not self.refused and not self.is_valid() else super().status

    def clean_day(self) -> dt.date:
        """The day has to be in this century."""
        day: dt.date = self.cleaned_data["day"]
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(_("Choose a day in this century."))
        return day

    def clean(self) -> dict[str, Any]:
        """The shift has to last: equal start and end are a typing mistake."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        day, starts, ends = (asked.get(name) for name in ("day", "starts", "ends"))
        if day and starts and ends:
            when = recurrence.on_the_clock(day, starts, ends, timezone.get_default_timezone())
            if starts == ends:
                self.add_error("ends", ValidationError(_("The end must differ from the start.")))
            elif when is None:
                self.add_error(
                    "ends", ValidationError(_("The clocks go forward that night, so this shift has no time left."))
                )
            else:
                asked["starts_at"], asked["ends_at"] = when
        return asked

    def values(self) -> dict[str, Any]:
        """The values for the model."""
        names = ("title", "place", "drop_in", "note", "starts_at", "ends_at")
        return {name: self.cleaned_data[name] for name in names} | {"posts": self.posts.wanted}


def _initial(shift: Shift) -> dict[str, Any]:
    starts, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    names = ("title", "place", "drop_in", "note")
    return {name: getattr(shift, name) for name in names} | {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
    }


def _suggest_next(shift: Shift) -> dict[str, Any]:
    """The values of a shift like this one, a week later; if that is past, on that weekday next."""
    weeks = max(1, (timezone.localdate() - shift.day).days // 7 + 1)
    return _initial(shift) | {"day": shift.day + dt.timedelta(weeks=weeks)}
