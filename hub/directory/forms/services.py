"""Forms of the directory: searching it, and editing a service."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from hub.directory.models.services import Pathway, PathwayKind
from hub.languages.models.translations import translate_objects
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField


class TranslatedKindIterator(ModelChoiceIterator):
    """The kinds as choices, in the language of the page."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        """Start with the empty choice."""
        yield ("", self.field.empty_label)
        for kind in translate_objects(self.queryset.all()):
            yield self.choice(kind)


class KindField(forms.ModelChoiceField):
    """A choice of kinds."""

    iterator = TranslatedKindIterator


class PathwayFilter(forms.Form):
    """Search and filter of the directory; every field may be empty."""

    words = forms.CharField(
        label=_("Search"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = KindField(
        PathwayKind.objects.all(), label=_("What for"), required=False, empty_label=_("Anything"), to_field_name="slug"
    )
    safe = forms.BooleanField(label=_("Safe whatever your immigration status"), required=False)
    no_police = forms.BooleanField(label=_("No police"), required=False)


class PathwayForm(EditForm, forms.ModelForm):
    """A service of the directory."""

    website = forms.URLField(label=_("website"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Pathway
        fields = (
            "kind",
            "name",
            "phone",
            "website",
            "email",
            "address",
            "who_for",
            "how_to_reach",
            "hours",
            "may_involve_police",
            "safe_whatever_status",
            "heard",
            "checked_on",
            "hide_after",
            "withdrawn",
        )
        field_classes = {"checked_on": DayField, "hide_after": DayField}
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "may_involve_police": forms.RadioSelect,
            "safe_whatever_status": forms.RadioSelect,
            "heard": forms.Textarea(attrs={"rows": 4}),
        }
