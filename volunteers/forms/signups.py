"""Forms for putting a person on, moving them, finding cover, and marking who came."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.forms.refusing import RefusableForm
from volunteers.models import Post, Shift, Signup, User


class MarkForm(forms.Form):
    """Whether a person came."""

    came = forms.ChoiceField(choices=[("yes", _("Came")), ("no", _("Not there"))])


class PutOnForm(forms.Form):
    """A person, and whether to put them on or to ask them."""

    person = forms.ModelChoiceField(queryset=User.objects.active())
    how = forms.ChoiceField(choices=[("put", _("Add")), ("ask", _("Ask"))])


class MoveSignupForm(RefusableForm):
    """The post to move a person to, on this shift or a coming one."""

    post = forms.ModelChoiceField(label=_("Move to"), queryset=Post.objects.none(), empty_label=None)

    def __init__(self, data: Any = None, *, signup: Signup) -> None:
        """The posts with room: those of the person's own shift first, then the soonest."""
        super().__init__(data)
        shifts = list(Shift.objects.planned().upcoming(timezone.now()).with_people().order_by("starts_at", "pk")[:120])
        choices = []
        for shift in sorted(shifts, key=lambda shift: (shift.pk != signup.shift_id, shift.starts_at)):
            roles = [
                (post.pk, post.role)
                for post in shift.all_posts
                if post.pk != signup.post_id
                and sum(taken.post_id == post.pk and taken.counts for taken in shift.on_it) < post.maximum
            ]
            if roles:
                choices.append((str(shift), roles))
        field = self.fields["post"]
        field.queryset = Post.objects.select_related("shift", "needs")  # type: ignore[attr-defined]
        field.choices = choices  # type: ignore[attr-defined]
        self.has_choices = bool(choices)


class CoverForm(RefusableForm):
    """The form to find cover: ask everybody, ask some people, or offer a swap."""

    how = forms.ChoiceField(
        choices=[("everybody", _("Everybody")), ("people", _("Some people")), ("swap", _("A swap"))]
    )
    all = forms.BooleanField(required=False)
    people = forms.ModelMultipleChoiceField(label=_("Who"), queryset=User.objects.none(), required=False)
    others = forms.ModelMultipleChoiceField(label=_("For which"), queryset=Signup.objects.none(), required=False)

    def __init__(self, data: Any = None, *, people: list[User], others: list[Signup]) -> None:
        """Offer only people and shifts that could: both sides were checked before anybody is asked."""
        super().__init__(data)
        self.fields["people"].queryset = User.objects.filter(pk__in=[person.pk for person in people])  # type: ignore[attr-defined]
        self.fields["others"].queryset = Signup.objects.filter(  # type: ignore[attr-defined]
            pk__in=[signup.pk for signup in others]
        ).select_related("shift", "person", "post")

    def clean(self) -> dict[str, Any]:
        """There has to be somebody to ask."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if asked.get("how") == "swap" and asked.get("all"):
            asked["others"] = self.fields["others"].queryset  # type: ignore[attr-defined]
        needed = {"people": "people", "swap": "others"}.get(asked.get("how", ""))
        if needed and needed not in self.errors and not asked.get(needed):
            raise ValidationError(_now("Choose one or more, so that we know whom to ask."))
        return asked
