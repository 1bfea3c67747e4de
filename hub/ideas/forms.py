"""Saying an idea without saying who one is, looking at it, and answering it."""

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

from hub.ideas.form_tokens import NotOurs, TooSoon, new_token, read_token
from hub.ideas.models import LONGEST, Idea, IdeaQuerySet

TO_CHOOSE_FROM = 200
# Marks that turn the writing direction of what follows, or are not seen at all.
UNSEEN = re.compile(r"[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")


def tidy(words: str) -> str:
    """The same words without what nobody sees, and without a page of empty lines."""
    return re.sub(r"\n{3,}", "\n\n", UNSEEN.sub("", words.replace("\r\n", "\n").replace("\t", " "))).strip()


class WordsField(forms.CharField):
    """A few sentences, counted as people count them: a line break is one. What is too long is told, never cut."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        """The limit is ours to keep: a browser that keeps it drops the end of what is pasted without a word."""
        too_long = _("That is %(show_value)d characters, and %(limit_value)d fit. Say what matters most, or send two.")
        super().__init__(validators=[MaxLengthValidator(max_length, too_long)], **kwargs)

    def to_python(self, value: Any) -> str:
        """Tidied, so that the length is the one that is kept."""
        return tidy(super().to_python(value) or "")


class SayForm(forms.Form):
    """What somebody needs. The box no one sees is for machines, which fill in every box there is."""

    words = WordsField(
        label=_("What do you need, or what should change?"),
        max_length=LONGEST,
        help_text=_("Please no names, and nothing that says who somebody is. A few sentences fit: 500 characters."),
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
        """A new page gets a mark of its own; one that comes back keeps the one it had."""
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", new_token())

    @property
    def page_token(self) -> str:
        """The mark for the page: the one that came back, unless it is not good any more."""
        if self.is_bound:
            token = str(self.data.get("token", ""))
            try:
                read_token(token)
            except NotOurs:
                return str(self.initial["token"])
            except TooSoon:
                return token
            return token
        return str(self.initial["token"])

    def clean_website(self) -> str:
        """Only a machine writes here."""
        if self.cleaned_data["website"]:
            raise ValidationError(_now("Something filled in a box that nobody sees. Please press Send once more."))
        return ""

    def clean(self) -> dict[str, Any]:
        """A page of ours, looked at for as long as a person looks, and not since yesterday. One thing at a time."""
        if self.errors:
            return self.cleaned_data
        try:
            self.number = read_token(str(self.cleaned_data.get("token", "")))
        except TooSoon:
            raise ValidationError(_now("That was very quick. Please press Send once more.")) from None
        except NotOurs:
            raise ValidationError(_now("This page was open for a long time. Please press Send once more.")) from None
        return self.cleaned_data


class IdeaFilter(forms.Form):
    """What somebody looks for among the ideas; any of it may be empty."""

    words = forms.CharField(
        label=_("Search"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *(one for one in Idea.State.choices if one[0] != Idea.State.HELD.value)],
    )

    def find(self) -> IdeaQuerySet:
        """Those asked for; of a question that makes no sense, what is left of it."""
        self.is_valid()
        found = Idea.objects.shown().matching(self.cleaned_data.get("words", ""))
        if state := self.cleaned_data.get("state"):
            found = found.filter(state=state)
        return found.answered_first()


class LookForm(forms.Form):
    """The words as everybody will read them."""

    words = WordsField(
        label=_("What everybody will read"),
        max_length=LONGEST,
        help_text=_("Take out names and whatever says who somebody is. Leave the rest in their own words."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class IdeaField(forms.ModelChoiceField):
    """One of the ideas, by its first words."""

    def label_from_instance(self, obj: Any) -> str:
        """As much as fits in a line."""
        return Truncator(obj.words).chars(80)


class SameForm(forms.Form):
    """Which one it is the same as."""

    other = IdeaField(
        Idea.objects.none(),
        label=_("The same as"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose one.")},
    )

    def __init__(self, *args: Any, but: Idea, **kwargs: Any) -> None:
        """Any open one but itself; of very many those that most people want."""
        super().__init__(*args, **kwargs)
        first = Idea.objects.open().exclude(pk=but.pk).answered_first().values("pk")[:TO_CHOOSE_FROM]
        self.fields["other"].queryset = Idea.objects.filter(pk__in=first).order_by("words", "pk")  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """What comes of it."""

    state = forms.ChoiceField(
        label=_("How far is it?"),
        choices=[one for one in Idea.State.choices if one[0] != Idea.State.HELD.value],
        widget=forms.RadioSelect,
    )
    answer = WordsField(
        label=_("What we say to it"),
        max_length=600,
        required=False,
        help_text=_("Everybody reads it, with the day. If it can’t be, say why; if it is done, say what was done."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """No “done” and no “can’t” without a word."""
        if self.cleaned_data.get("state") in (Idea.State.DONE, Idea.State.CANT) and not self.cleaned_data.get("answer"):
            self.add_error("answer", _now("Say why, or what was done: an answer goes with it."))
        return self.cleaned_data


class Ids(forms.TypedMultipleChoiceField):
    """Ids of things that were on the page; those that are gone meanwhile do no harm."""

    def valid_value(self, value: Any) -> bool:
        """Whatever reads as an id: the verb finds those that are still there."""
        return True


class ThrowAwayForm(forms.Form):
    """Which of the held ones go."""

    ideas = Ids(coerce=uuid.UUID, error_messages={"required": _("Tick those that should go first.")})
