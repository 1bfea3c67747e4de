"""Forms for the answers that our forms offer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from hub.core.choices import Choice
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import WholeField


class UniqueInListForm(forms.ModelForm):
    """An answer whose words stand only once in its list. Another list may have them too."""

    def clean(self) -> dict[str, Any]:
        """Refuse words that another answer of the list has."""
        cleaned: dict[str, Any] = super().clean() or {}
        others = Choice.objects.filter(of=self.instance.of).exclude(pk=self.instance.pk)
        if others.filter(name=cleaned.get("name", "")).exists():
            self.add_error("name", _("This list already has these words."))
        return cleaned


class NewChoiceForm(UniqueInListForm):
    """A new answer of a list."""

    class Meta:
        model = Choice
        fields = ("name",)


class ChoiceForm(EditForm, UniqueInListForm):
    """An answer: its words, its place, and whether it is still offered."""

    class Meta:
        model = Choice
        fields = ("name", "order", "withdrawn")
        field_classes = {"order": WholeField}
