"""Forms of a person who would like to join a session."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from school.models import Feedback, Proposal, Session
from volunteers.models import User
from volunteers.shared.clock import format_day_and_time
from volunteers.shared.name_queries import NameFormField


class SessionChoice(forms.ModelChoiceField):
    """Sessions, said with their day."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the label of a session: its time and its name."""
        return f"{format_day_and_time(obj.starts_at)} · {obj.name}"


class JoinForm(forms.Form):
    """A name, an e-mail, and which session. Nothing else, and nothing legal."""

    name = NameFormField(
        label=_("What should we call you?"),
        max_length=60,
        help_text=_("Any name you like."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_(
            "We send one link. The e-mail says nothing about this place. If you do not open the link, we delete "
            "what you typed."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    session = SessionChoice(
        label=_("Which session?"),
        queryset=Session.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=_("I’ll choose later"),
        blank=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the sessions anybody can ask to join, if there are any."""
        super().__init__(*args, **kwargs)
        public = Session.objects.public(timezone.now())
        if public.exists():
            self.fields["session"].queryset = public.with_modules()  # type: ignore[attr-defined]
        else:
            del self.fields["session"]


class ComeInForm(forms.ModelForm):
    """The form of a person who comes in for the first time."""

    class Meta:
        model = User
        fields = ("chosen_name", "pronouns")


class FeedbackForm(forms.ModelForm):
    """Feedback on a session."""

    useful = forms.TypedChoiceField(
        label=_("How useful was it?"), choices=Feedback.Useful.choices, coerce=int, widget=forms.RadioSelect
    )

    class Meta:
        model = Feedback
        fields = ("useful", "keep", "change")
        widgets = {"keep": forms.Textarea(attrs={"rows": 3}), "change": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"change": _("No names, please: not yours, not other people’s.")}


class ProposalForm(forms.ModelForm):
    """A session somebody would give."""

    class Meta:
        model = Proposal
        fields = ("title", "about")
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}


class DeclineProposalForm(forms.Form):
    """Why not now."""

    why = forms.CharField(label=_("Why not now"), max_length=300, validators=[ProhibitNullCharactersValidator()])
