"""Changing the hub's own words on its public pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.public.models.texts import LONGEST, Text


class TextForm(forms.Form):
    """A heading and words, and what tells the words they take the place of."""

    title = forms.CharField(label=_("Heading"), max_length=80)
    body = forms.CharField(
        label=_("Words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=Text._meta.get_field("body").help_text,  # noqa: SLF001 -- Django's own public name for it
    )
    mark = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_body(self) -> str:
        """One kind of line end, as browsers send another than people type."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n").replace("\r", "\n")

    def draft(self, slug: str) -> Text:
        """The text as it would stand there."""
        return Text(slug=slug, title=self.cleaned_data["title"], body=self.cleaned_data["body"])

    def write(self, slug: str) -> Text:
        """Save it. Raises NotAllowed if somebody has changed it meanwhile."""
        new = self.cleaned_data
        return Text.write(slug, title=new["title"], body=new["body"], instead_of=new["mark"])
