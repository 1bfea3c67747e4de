"""The form that brings a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.directory.forms.services import KindField
from hub.directory.models.services import PathwayKind

ACCEPTED = ".csv,.xlsx,.tsv,.txt,text/csv"


class UploadForm(forms.Form):
    """A file with a list, and what to do with headings that are not here yet."""

    file = forms.FileField(
        label=_("Your file"),
        help_text=_("CSV or XLSX, at most 5 MB and 5,000 lines. We read it, and do not keep the file."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )
    adds_headings = forms.BooleanField(label=_("Add groups that are not here yet"), required=False)
    heading = KindField(
        PathwayKind.objects.all(),
        label=_("Heading for services that come without one of yours"),
        required=False,
        empty_label=_("None: show me those lines"),
        to_field_name="slug",
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        """Ask only what this kind of list needs."""
        super().__init__(*args, **kwargs)
        accepted = f"{ACCEPTED},.json" if kind == "services" else ACCEPTED
        self.fields["file"].widget.attrs["accept"] = accepted
        if kind != "services":
            del self.fields["heading"]
        else:
            self.fields["adds_headings"].label = _("Add headings that are not here yet")
        if kind not in ("services", "items"):
            del self.fields["adds_headings"]
