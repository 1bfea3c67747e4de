"""Forms that ask once more before something that cannot be undone."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.models import User


class SureForm(forms.Form):
    """A tick that nobody sets by accident."""

    sure = forms.BooleanField(
        label=_("Yes, erase everything"), error_messages={"required": _("Tick this, or go back: then nothing happens.")}
    )


class Record(forms.ModelChoiceField):
    """A person, told from others of that name by what they type to sign in."""

    def label_from_instance(self, obj: Any) -> str:
        """Both names, and pronouns and the month they were here: two records of one person are of one name."""
        month = date_format(obj.last_here, "YEAR_MONTH_FORMAT")
        names = f"{obj.chosen_name} ({obj.username})"
        return ", ".join(filter(None, [names, obj.pronouns, _now("here in %(month)s") % {"month": month}]))


class ChooseRecordForm(forms.Form):
    """The choice of the other record that belongs to this person; nothing is done by it."""

    goes = Record(
        label=_("The record to delete"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
        help_text=_("Everything in it moves here. Nobody can sign in with it any more."),
    )

    def __init__(self, *args: Any, stays: User, **kwargs: Any) -> None:
        """Everybody but the one that stays."""
        super().__init__(*args, **kwargs)
        self.fields["goes"].queryset = User.objects.exclude(pk=stays.pk)  # type: ignore[attr-defined]


class MergeForm(ChooseRecordForm):
    """The tick of somebody who has read what becomes of the record that was chosen."""

    sure = forms.BooleanField(
        label=_("Yes, they are the same person"),
        error_messages={"required": _("Tick this, or go back: then nothing happens.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The record was chosen on the page before."""
        super().__init__(*args, **kwargs)
        self.fields["goes"].widget = forms.HiddenInput()
