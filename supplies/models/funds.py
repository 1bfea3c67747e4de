"""Funds: contributions that came in, and payments for deliveries. Corrections are new rows."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import personal_data, retention, row_order

if TYPE_CHECKING:
    from supplies.models.deliveries import Delivery

NOTHING = Decimal(0)

# What was written stays; only the name of somebody who is erased may be blanked.
STAYS = """
    unsigned := NEW;
    unsigned.by_id := OLD.by_id;
    IF OLD.by_id IS NOT NULL AND NEW.by_id IS NULL AND unsigned IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The books stay as written.' USING ERRCODE = 'check_violation';
"""


def _sum_amounts(model: type[models.Model]) -> Coalesce:
    rows = model._default_manager.filter(fund=OuterRef("pk")).order_by()  # noqa: SLF001 -- Django's own public name for it
    added = rows.annotate(total=Func(F("amount"), function="SUM")).values("total")
    return Coalesce(Subquery(added), NOTHING, output_field=models.DecimalField(max_digits=12, decimal_places=2))


class FundQuerySet(models.QuerySet["Fund"]):
    """Questions about funds."""

    def with_money(self) -> FundQuerySet:
        """Annotate `came_in`, `spent` and `left`. `left` may be less than nothing: it warns, and blocks nobody."""
        money: dict[str, Any] = {"came_in": _sum_amounts(Contribution), "spent": _sum_amounts(Payment)}
        funds: FundQuerySet = self.annotate(**money).annotate(left=F("came_in") - F("spent"))
        return funds

    def in_use(self) -> FundQuerySet:
        """Funds a delivery may be paid from."""
        return self.filter(closed_on__isnull=True)


@pghistory.track()
class Fund(models.Model):
    """A pot of money with a purpose: a grant, the sum of donations, the bucket at the door."""

    name = NameField(_("name"), max_length=80)
    purpose = models.CharField(
        _("for what"),
        max_length=200,
        blank=True,
        help_text=_("What you may spend it on, as agreed with the people who gave it."),
    )
    spend_by = models.DateField(
        _("spend by"), null=True, blank=True, help_text=_("If a grant has an end. Empty: no end.")
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = FundQuerySet.as_manager()

    # Filled by `with_money`.
    came_in: Decimal
    spent: Decimal
    left: Decimal

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = [F("closed_on").desc(nulls_first=True), "name__sorted"]
        default_permissions = ()
        permissions = [("see_money", "Can see and write down what things cost and who paid")]
        constraints = [
            OneName(of="name", name="fund_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""), name="fund_name_given", violation_error_message=_("Write a name.")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def add_contribution(  # noqa: PLR0913 -- what came in is said by name
        self,
        amount: Decimal,
        *,
        kind: str,
        month: dt.date,
        key: uuid.UUID,
        about: str = "",
        by: models.Model | None = None,
    ) -> Contribution:
        """Write down a contribution, once for each key. Only a correction may be negative."""
        row = Contribution(pk=key, fund=self, amount=amount, kind=kind, month=month.replace(day=1), about=about.strip())
        row.by_id = by.pk if by else None
        row.full_clean(validate_unique=False)
        return Contribution.objects.get_or_create(pk=key, defaults=_values(row))[0]

    @transaction.atomic
    def add_payment(
        self,
        delivery: Delivery,
        amount: Decimal,
        *,
        key: uuid.UUID,
        about: str = "",
        by: models.Model | None = None,
    ) -> None:
        """Write down a payment for a delivery, negative for a refund; once for each key."""
        if not delivery.is_received:
            raise ValidationError(_now("Put it on the shelf first, then say who paid."), code="state")
        row = Payment(pk=key, fund=self, delivery=delivery, amount=amount, made_on=timezone.localdate())
        row.about, row.by_id = about.strip(), by.pk if by else None
        row.full_clean(validate_unique=False)
        Payment.objects.get_or_create(pk=key, defaults=_values(row))

    @transaction.atomic
    def close(self) -> None:
        """Close it: no more is paid from it, and its rows stay."""
        self._close(timezone.localdate())

    @transaction.atomic
    def reopen(self) -> None:
        """Open it again for payments."""
        self._close(None)

    def _close(self, day: dt.date | None) -> None:
        self.refresh_from_db(from_queryset=Fund.objects.select_for_update(no_key=True))
        if (self.closed_on is None) != (day is None):
            self.closed_on = day
            self.save(update_fields=["closed_on"])


class ContributionKind(models.TextChoices):
    """The kind of a contribution."""

    GRANT = "grant", _("grant")
    DONATION = "donation", _("donations from people")
    COLLECTION = "collection", _("collection")
    CORRECTION = "correction", _("correction")


class Contribution(models.Model):
    """Money that came in. A giver is named only if it is an organisation; people's gifts are an amount and a month."""

    Kind = ContributionKind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fund = models.ForeignKey(Fund, verbose_name=_("fund"), on_delete=models.PROTECT, related_name="contributions")
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind)
    amount = models.DecimalField(_("amount"), max_digits=9, decimal_places=2)
    month = models.DateField(_("month"))
    about = models.CharField(
        _("about it"),
        max_length=120,
        blank=True,
        help_text=_(
            "Which organisation, which collection, or why you correct it. Never the name of a person who gave."
        ),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written down by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-month", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(kind="correction", amount__lt=0),
                name="contribution_brings_something",
                violation_error_message=_("Write an amount above zero. Only a correction may be less."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["grant", "donation", "collection", "correction"]), name="contribution_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="donation") | Q(about=""),
                name="contribution_names_no_giver",
                violation_error_message=_("For gifts from people we keep the amount and the month, and no words."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction", about=""),
                name="contribution_correction_says_why",
                violation_error_message=_("Say what you correct."),
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="contribution_month_is_its_first_day"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_as_written",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("unsigned", "supplies_contribution")],
                func=STAYS,
            ),
            pgtrigger.Trigger(
                name="is_never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="RAISE EXCEPTION 'The books stay as written.' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.amount}"


class Payment(models.Model):
    """Money that a fund paid for a delivery. A mistake is corrected by another row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fund = models.ForeignKey(Fund, verbose_name=_("fund"), on_delete=models.PROTECT, related_name="payments")
    delivery = models.ForeignKey(
        "supplies.Delivery", verbose_name=_("delivery"), on_delete=models.PROTECT, related_name="payments"
    )
    amount = models.DecimalField(_("amount"), max_digits=9, decimal_places=2)
    made_on = models.DateField(_("day"))
    about = models.CharField(
        _("about it"), max_length=120, blank=True, help_text=_("The number of an invoice, or why.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written down by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-made_on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="payment_amount_not_zero",
                violation_error_message=_("Write an amount that is not zero."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | ~Q(about=""),
                name="payment_back_says_why",
                violation_error_message=_("Say why this money came back."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stays_as_written",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("unsigned", "supplies_payment")],
                func=STAYS,
            ),
            pgtrigger.Trigger(
                name="is_never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="RAISE EXCEPTION 'The books stay as written.' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_on} {self.amount}"

    def clean(self) -> None:
        """Refuse a payment from a closed fund, unless it is a refund."""
        if self.fund.closed_on is not None and self.amount is not None and self.amount > 0:
            raise ValidationError({"fund": _now("That fund is closed. Open it again, or choose another.")})


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}  # noqa: SLF001 -- Django's own public name for it


retention.keep(Fund, until=retention.FOR_GOOD)
retention.keep(Contribution, Payment, until=retention.BOOKS, promise="stock-books")
row_order.leave(Fund, Contribution, Payment, because=row_order.BOOKS)
personal_data.hold(Payment, "by", part="deeds", counted_as=_("Payments you wrote down"), order=60)
personal_data.hold(Contribution, "by", part="deeds", counted_as=_("Contributions you wrote down"), order=70)
