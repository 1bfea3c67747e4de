"""Appeals: what the public page asks money for, from a fund. Nothing about givers, nor when a gift arrived."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.funds import NOTHING, Contribution, Fund, Payment
from volunteers.shared.name_queries import NameField
from volunteers.shared.registries import retention, row_order

MAX_WAYS = 5
# Up to which amount, in which steps. A gift is smaller than most steps, so that none can be read off the number.
STEPS = ((1_000, 50), (10_000, 100), (None, 1_000))
check_link = URLValidator(schemes=["https"])


def round_for_public(amount: Decimal) -> int:
    """A round number for everybody to read; nothing where there is nothing, or less."""
    step = next(step for top, step in STEPS if top is None or amount < top)
    return max(0, int((amount / step).to_integral_value(ROUND_HALF_UP)) * step)


def read_ways(written: str) -> list[tuple[str, str]]:
    """Ways to give, a line each: a name, then an address. Raises ValidationError that names the line."""
    ways = []
    for line in filter(None, map(str.strip, written.splitlines())):
        name, _blank, link = line.rpartition(" ")
        try:
            check_link(link)
        except ValidationError:
            raise ValidationError(
                _now("“%(line)s” does not end with an address that starts with https."), params={"line": line}
            ) from None
        ways.append((name.rstrip(" :") or link, link))
    if len(ways) > MAX_WAYS:
        raise ValidationError(_now("That is more than %(n)d ways. Choose the ones people use."), params={"n": MAX_WAYS})
    return ways


def check_ways(written: str) -> None:
    """Refuse a line without a link."""
    read_ways(written)


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Queries on appeals."""

    def shown(self, today: dt.date) -> AppealQuerySet:
        """Appeals on the public page, with what their fund held when this month began; one statement.

        Were it the amount of now, whoever keeps looking would see each gift arrive.
        """
        first = today.replace(day=1)
        held: dict[str, Any] = {
            "held": _sum(Contribution.objects.filter(month__lt=first)) - _sum(Payment.objects.filter(made_on__lt=first))
        }
        appeals: AppealQuerySet = self.filter(shown=True, fund__closed_on__isnull=True).annotate(**held)
        return appeals.order_by("title__sorted", "pk")


class Appeal(models.Model):
    """Words for everybody about what money is needed for, how much, and where to give it."""

    fund = models.OneToOneField(Fund, verbose_name=_("fund"), on_delete=models.CASCADE, related_name="appeal")
    title = NameField(_("what you ask for"), max_length=80, help_text=_("Short: “Wound care until summer”."))
    words = models.TextField(
        _("what it is for"),
        max_length=600,
        help_text=_("Everybody reads it. Say what the money buys. Name nobody who gave."),
    )
    goal = models.PositiveIntegerField(
        _("how much is needed"), null=True, blank=True, help_text=_("Leave it empty if there is no fixed amount.")
    )
    ways = models.TextField(
        _("how to give"),
        max_length=800,
        blank=True,
        validators=[check_ways],
        help_text=_("One a line: a name, a blank, and an address that starts with https."),
    )
    shown = models.BooleanField(_("on the public page"), default=True)

    objects = AppealQuerySet.as_manager()

    # Filled by `shown`.
    held: Decimal

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(words=""),
                name="appeal_says_what_for",
                violation_error_message=_("Say what you ask for, and what it is for."),
            ),
            models.CheckConstraint(
                condition=Q(goal__isnull=True) | Q(goal__gt=0),
                name="appeal_needs_something",
                violation_error_message=_("An amount is more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def links(self) -> list[tuple[str, str]]:
        """The ways to give, each a name and an address."""
        return read_ways(self.ways)

    @property
    def about_there(self) -> int:
        """How much there was when the month began, as a round number; needs `shown`."""
        return round_for_public(self.held)


def _sum(rows: models.QuerySet[Any]) -> Coalesce:
    of_fund = rows.filter(fund=OuterRef("fund")).order_by()
    added = of_fund.annotate(total=Func(F("amount"), function="SUM")).values("total")
    return Coalesce(Subquery(added), NOTHING, output_field=models.DecimalField(max_digits=12, decimal_places=2))


retention.keep(Appeal, until=retention.FOR_GOOD)
row_order.leave(Appeal, because=row_order.LIST)
