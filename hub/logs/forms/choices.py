"""The answers our forms offer, for those who write them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from hub.core.choices import Choice


class WithinItsList(forms.ModelForm):
    """The same words may stand in two lists, and never twice in one."""

    def clean(self) -> dict[str, Any]:
        """Look through the answer's own list."""
        cleaned: dict[str, Any] = super().clean() or {}
        others = Choice.objects.filter(of=self.instance.of).exclude(pk=self.instance.pk)
        if others.filter(name=cleaned.get("name", "")).exists():
            self.add_error("name", _("That list has these words already."))
        return cleaned


class NewAnswerForm(WithinItsList):
    """One more answer of a list."""

    class Meta:
        model = Choice
        fields = ("name",)


class AnswerForm(WithinItsList):
    """An answer that is there: its words, its place, whether it is still offered."""

    class Meta:
        model = Choice
        fields = ("name", "order", "withdrawn")
