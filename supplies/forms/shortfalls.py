"""Forms of shortfalls, from a paper tally, and of wishes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import set_choices
from supplies.forms.orders import KeyForm
from supplies.models import Item, Shortfall, Wish
from supplies.models.shortfalls import MAX_NOTED
from volunteers.shared.forms.fields import MonthField, WholeField


class ShortfallForm(KeyForm):
    """A number of shortfalls, this month or an earlier one."""

    thing = forms.ChoiceField(label=_("What people asked for"))
    reason = forms.ChoiceField(
        label=_("Why they could not have it"), choices=Shortfall.Reason, widget=forms.RadioSelect
    )
    number = WholeField(label=_("How often"), min_value=1, max_value=MAX_NOTED, initial=1)
    month = MonthField(label=_("Month"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the wishes, and everything in the catalogue."""
        super().__init__(*args, **kwargs)
        self.fields["month"].initial = timezone.localdate
        self.wishes = {f"wish-{wish.pk}": wish for wish in Wish.objects.on_the_desk()}
        self.things = {f"item-{item.pk}": item for item in Item.objects.order_by("name__sorted").only("name")}
        choices = [
            ("", _now("Choose")),
            (_now("We do not stock"), [(name, wish.name) for name, wish in self.wishes.items()]),
            (_now("In the catalogue"), [(name, item.name) for name, item in self.things.items()]),
        ]
        set_choices(self, "thing", choices)

    def clean_month(self) -> Any:
        """The first day of a month that has begun."""
        month = self.cleaned_data["month"]
        if month > timezone.localdate():
            raise ValidationError(_now("That month has not begun."))
        return month

    @property
    def note(self) -> dict[str, Any]:
        """The arguments of `Shortfall.objects.note`; call it on a valid form."""
        about = {name: self.cleaned_data[name] for name in ("reason", "number", "month", "key")}
        thing = self.cleaned_data["thing"]
        return about | {"item": self.things.get(thing), "wish": self.wishes.get(thing)}


class WishForm(forms.ModelForm):
    """One more wish for the desk."""

    class Meta:
        model = Wish
        fields = ("name",)
