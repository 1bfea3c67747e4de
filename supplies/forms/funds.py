"""Forms of funds: contributions and payments."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supplies.forms.fields import set_choices
from supplies.forms.orders import KeyForm
from supplies.models import Contribution, Fund
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField, MoneyField, MonthField


class FundForm(EditForm, forms.ModelForm):
    """The name, purpose and end of a fund."""

    class Meta:
        model = Fund
        fields = ("name", "purpose", "spend_by")
        field_classes = {"spend_by": DayField}


class ContributionForm(KeyForm):
    """A contribution that came in."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Contribution.Kind, widget=forms.RadioSelect)
    amount = MoneyField(label=_("Amount"))
    month = MonthField(label=_("Month"))
    about = forms.CharField(
        label=_("About it"),
        max_length=120,
        required=False,
        help_text=_(
            "Which organisation, which collection, or why you correct it. Donations from people have no words."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start with this month."""
        super().__init__(*args, **kwargs)
        self.fields["month"].initial = timezone.localdate


class PaymentForm(KeyForm):
    """A payment from a fund for a delivery."""

    fund = forms.ModelChoiceField(label=_("Which fund"), queryset=Fund.objects.none(), empty_label=_("Choose a fund"))
    amount = MoneyField(label=_("Amount"), help_text=_("Write a minus for money that came back."))
    about = forms.CharField(
        label=_("About it"),
        max_length=120,
        required=False,
        help_text=_("The number of the invoice, or why it came back."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every fund: a refund may belong to a closed one."""
        super().__init__(*args, **kwargs)
        set_choices(self, "fund", Fund.objects.all())
