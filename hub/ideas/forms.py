"""Forms of ideas: submitting one without a name, filtering, moderating and answering."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.ideas.agenda import MAX_POINT_LENGTH, AgendaPoint
from hub.ideas.form_tokens import InvalidToken, TokenTooYoung, make_token, read_token
from hub.ideas.models import MAX_ANSWER_LENGTH, MAX_WORDS_LENGTH, Idea, IdeaQuerySet
from volunteers.shared.forms.edits import EditForm

MAX_CHOICES = 200
# Control characters, and those that are invisible or turn the writing direction.
INVISIBLE = re.compile(r"[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")

PUBLISHED_STATES = [choice for choice in Idea.State.choices if choice[0] != Idea.State.AWAITING_MODERATION.value]


def clean_words(words: str) -> str:
    """Strip invisible characters and repeated empty lines."""
    return re.sub(r"\n{3,}", "\n\n", INVISIBLE.sub("", words.replace("\r\n", "\n").replace("\t", " "))).strip()


class WordsField(forms.CharField):
    """A text of a few sentences, where a line break counts as one character. A longer text is an error, never cut."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        """Check the length on the server only: a browser would cut the end of a pasted text without a word."""
        too_long = _("You wrote %(show_value)d characters. Only %(limit_value)d fit. Write less, or send two.")
        super().__init__(validators=[MaxLengthValidator(max_length, too_long)], **kwargs)

    def to_python(self, value: Any) -> str:
        """The cleaned words, so that the length is the stored one."""
        return clean_words(super().to_python(value) or "")


class SubmitIdeaForm(forms.Form):
    """A new idea. The hidden box `website` catches machines, which fill in every box."""

    words = WordsField(
        label=_("What do you need, or what should change?"),
        max_length=MAX_WORDS_LENGTH,
        help_text=_(
            "Please no names, and nothing that shows who somebody is. You can write a few sentences: 500 characters."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write a few words first.")},
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    number: uuid.UUID

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start a new page with a token of its own."""
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", make_token())

    @property
    def page_token(self) -> str:
        """The token for the page: the submitted one, or a new one if that is invalid."""
        if self.is_bound:
            token = str(self.data.get("token", ""))
            try:
                read_token(token)
            except InvalidToken:
                return str(self.initial["token"])
            except TokenTooYoung:
                return token
            return token
        return str(self.initial["token"])

    def clean_website(self) -> str:
        """Refuse a form with the hidden box filled in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_now("There is text in a hidden box. Please press Send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Check the token, once every field is valid."""
        if self.errors:
            return self.cleaned_data
        try:
            self.number = read_token(str(self.cleaned_data.get("token", "")))
        except TokenTooYoung:
            raise ValidationError(_now("That was very quick. Please press Send again.")) from None
        except InvalidToken:
            raise ValidationError(_now("This page was open for a long time. Please press Send again.")) from None
        return self.cleaned_data


class IdeaFilter(forms.Form):
    """Search and filter of the public ideas; every field may be empty."""

    words = forms.CharField(
        label=_("Search"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *PUBLISHED_STATES],
    )

    def filter_ideas(self) -> IdeaQuerySet:
        """Published ideas that match; an invalid field is ignored."""
        self.is_valid()
        ideas = Idea.objects.published().search(self.cleaned_data.get("words", ""))
        if state := self.cleaned_data.get("state"):
            ideas = ideas.filter(state=state)
        return ideas.order_for_public()


class PublishIdeaForm(EditForm, forms.Form):
    """The words that a moderator publishes."""

    words = WordsField(
        label=_("What everybody will read"),
        max_length=MAX_WORDS_LENGTH,
        help_text=_("Remove names, and anything that shows who somebody is. Keep the rest in their own words."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class IdeaField(forms.ModelChoiceField):
    """A choice of ideas, each by its first words."""

    def label_from_instance(self, obj: Any) -> str:
        """The first 80 characters, which fit in a line."""
        return Truncator(obj.words).chars(80)


class MergeIdeaForm(forms.Form):
    """The open idea that another idea repeats."""

    other = IdeaField(
        Idea.objects.none(),
        label=_("The same as"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose one.")},
    )

    def __init__(self, *args: Any, idea: Idea, **kwargs: Any) -> None:
        """Offer every other open idea; beyond `MAX_CHOICES`, the most wanted."""
        super().__init__(*args, **kwargs)
        first = Idea.objects.open().exclude(pk=idea.pk).order_for_public().values("pk")[:MAX_CHOICES]
        self.fields["other"].queryset = Idea.objects.filter(pk__in=first).order_by("words", "pk")  # type: ignore[attr-defined]


class AnswerIdeaForm(EditForm, forms.Form):
    """The public answer to an idea, and its state."""

    state = forms.ChoiceField(
        label=_("How far is it?"),
        choices=PUBLISHED_STATES,
        widget=forms.RadioSelect,
    )
    answer = WordsField(
        label=_("What we say to it"),
        max_length=MAX_ANSWER_LENGTH,
        required=False,
        help_text=_("Everybody reads it, with the day. If we cannot do it, say why. If it is done, say what we did."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse “done” and “can’t” without an answer."""
        if self.cleaned_data.get("state") in (Idea.State.DONE, Idea.State.CANT) and not self.cleaned_data.get("answer"):
            self.add_error("answer", _now("Write an answer: say why, or what we did."))
        return self.cleaned_data


class AddPointForm(forms.Form):
    """A point of our own for the agenda. The key makes a form that is sent twice one point."""

    words = WordsField(
        label=_("Something else to talk about"),
        max_length=MAX_POINT_LENGTH,
        help_text=_("No names: everybody at the meeting reads it."),
        error_messages={"required": _("Write a few words first.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class DecidePointForm(forms.Form):
    """What came out of a point of the agenda."""

    decision = WordsField(label=_("What we decided"), max_length=MAX_POINT_LENGTH, required=False)
    state = forms.ChoiceField(label=_("How far is it?"), choices=AgendaPoint.State.choices, widget=forms.RadioSelect)


class IdListField(forms.TypedMultipleChoiceField):
    """Ids of rows that were on the page, whether or not they still exist."""

    def valid_value(self, value: Any) -> bool:
        """Accept every id: the query ignores rows that are gone."""
        return True


class RejectIdeasForm(forms.Form):
    """The ideas to delete from the moderation queue."""

    ideas = IdListField(coerce=uuid.UUID, error_messages={"required": _("Tick the ones that you want to delete.")})
