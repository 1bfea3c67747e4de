"""Forms of literature and its file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from supplies.models import Item, Leaflet
from supplies.models.literature import read_pdf
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField


class LeafletForm(EditForm, forms.ModelForm):
    """A leaflet's language, edition and review day, and the file to print more from."""

    review_on = DayField(
        label=_("Check it again by"), required=False, help_text=_("From this day on, it is marked as out of date.")
    )
    pdf = forms.FileField(
        label=_("PDF to print more from"),
        required=False,
        help_text=_("At most 5 MB. Check its properties first: programs write the author’s name in there."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    drop = forms.BooleanField(label=_("Delete the file"), required=False)

    class Meta:
        model = Leaflet
        fields = ("language", "edition", "review_on")

    def __init__(self, *args: Any, has_file: bool = False, **kwargs: Any) -> None:
        """Leave out deleting the file where there is none."""
        super().__init__(*args, **kwargs)
        if not has_file:
            del self.fields["drop"]

    def clean_pdf(self) -> bytes | None:
        """The bytes of the PDF, whatever its name."""
        file = self.cleaned_data["pdf"]
        return read_pdf(file) if isinstance(file, UploadedFile) else None


class NewLeafletForm(forms.Form):
    """The item on the shelf that becomes a leaflet."""

    item = forms.ModelChoiceField(
        label=_("What is it?"),
        queryset=Item.objects.filter(leaflet__isnull=True, kind=Item.Kind.THING, withdrawn=False),
        to_field_name="slug",
        empty_label=_("Choose an item"),
    )
