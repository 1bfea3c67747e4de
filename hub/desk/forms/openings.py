"""Opening the desk, closing it with its sharps bins and the handover, and calling an evening off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.desk import sharps
from hub.desk.models.openings import Opening
from volunteers.models import Shift
from volunteers.shared.forms.fields import NumberInput, WholeField

ON_THE_SPOT = (Opening.Kind.UNPLANNED, Opening.Kind.OUTREACH, Opening.Kind.EVENT)


class OpenForm(forms.Form):
    """Which desk opens: the one a shift of this evening staffs, or one on the spot."""

    shift = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(kind.value, kind.label) for kind in ON_THE_SPOT],
        initial=Opening.Kind.UNPLANNED,
        required=False,
    )
    place = forms.CharField(
        label=_("Where, if not here?"),
        max_length=60,
        required=False,
        help_text=_("For example: the bus. It tells two desks on one evening apart. Never somebody’s home."),
    )

    def __init__(self, *args: Any, shifts: Sequence[Shift], **kwargs: Any) -> None:
        """`shifts` are this evening's."""
        super().__init__(*args, **kwargs)
        self.shifts = {shift.pk: shift for shift in shifts if not shift.is_cancelled}
        field = self.fields["shift"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 -- declared above; for mypy
        field.choices = [(pk, "") for pk in self.shifts]


class CloseForm(forms.Form):
    """The end of an evening. Nothing is required but to say what an evening without a visit was."""

    empty = forms.ChoiceField(
        label=_("There is no visit tonight. Which was it?"),
        choices=[
            (Opening.State.NOBODY_CAME, _("Nobody came")),
            (Opening.State.NOT_RECORDED, _("We did not write it down")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("For the next shift"),
        max_length=800,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "How it went, what is broken, where things are. Nothing about visitors. We delete it after two weeks."
        ),
    )
    to_order = forms.CharField(
        label=_("Do we need to order anything?"), max_length=300, required=False, help_text=_("Coordinators see this.")
    )
    some_bins = forms.BooleanField(label=_("Some came back, but we did not count them"), required=False)
    ring_us = forms.BooleanField(
        label=_("We would like somebody to call us"),
        required=False,
        help_text=_("A coordinator gets a message. It does not say why, and we do not keep it."),
    )

    def __init__(self, *args: Any, nobody_yet: bool, **kwargs: Any) -> None:
        """`nobody_yet` asks which kind of empty evening it was."""
        super().__init__(*args, **kwargs)
        if not nobody_yet:
            del self.fields["empty"]
        for key in sharps.KEYS:
            if key != sharps.SOME:
                self.fields[f"bins-{key}"] = WholeField(
                    label=sharps.describe_key(key),
                    min_value=0,
                    max_value=sharps.MAX_BINS,
                    required=False,
                    widget=NumberInput({"class": "few"}),
                )

    def bin_rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """The sizes, each with a box for how full."""
        return [
            (str(name), [(str(full), self[f"bins-{size}-{how}"]) for how, full in sharps.FULLNESS])
            for size, name in sharps.SIZES
        ]

    def bins(self) -> dict[str, int]:
        """The number of bins that came back, by key; call it on a valid form."""
        counted = {key: self.cleaned_data.get(f"bins-{key}") or 0 for key in sharps.KEYS}
        counted[sharps.SOME] = int(self.cleaned_data["some_bins"])
        return {key: n for key, n in counted.items() if n}


class CancelForm(forms.Form):
    """Why an evening is not happening, in words people on the shift are told."""

    reason = forms.CharField(
        label=_("Why?"), max_length=200, help_text=_("Everybody on the shift sees this when we tell them.")
    )

    def clean_reason(self) -> str:
        """Something besides spaces."""
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError(_now("Say why it is cancelled. People on the shift see it."))
        return reason
