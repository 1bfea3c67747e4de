"""Lots: things that came together, with the number and the date on their box."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.ledger import Movement, list_stock, sum_movements, sum_on_hand
from supplies.models.stores import Store
from volunteers.shared.name_queries import NameField, has_words
from volunteers.shared.registries import retention, row_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplies.models.items import Item


MOST_YEARS_AHEAD = 20
"""The years between a use-by date and now beyond which somebody has mistyped it."""


def _format_day(day: dt.date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else _now("no date")


def _build_filter(store: Store | None) -> dict[str, Any]:
    """The filter for a lot's own rows of the ledger; with its item, since the index begins with that."""
    return {"item": OuterRef("item"), "lot": OuterRef("pk")} | ({"store": store.pk} if store else {})


class LotQuerySet(models.QuerySet["Lot"]):
    """Questions about lots."""

    def with_on_hand(self, store: Store | None = None) -> LotQuerySet:
        """Annotate `on_hand`: the stock of each lot, in all stores or in one."""
        counted: dict[str, Any] = {"on_hand": sum_on_hand(**_build_filter(store))}
        lots: LotQuerySet = self.annotate(**counted)
        return lots

    def in_stock(self, store: Store | None = None) -> LotQuerySet:
        """Lots with stock left, in all stores or in one, with `on_hand`.

        Most lots of ten years are used up in the ledger already: asking it first spares them the rest.
        """
        return (
            self.alias(written=sum_movements(**_build_filter(store)))
            .filter(Q(written__gt=0))
            .with_on_hand(store)
            .filter(Q(on_hand__gt=0))
        )

    def usable(self, on: dt.date) -> LotQuerySet:
        """Lots that may be given out on this day: not past their date, not set aside. The day itself counts."""
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on), quarantined_since__isnull=True)

    def unusable(self, on: dt.date) -> LotQuerySet:
        """Lots that may not be given out on this day: past their date, or set aside."""
        return self.filter(Q(expires_on__lt=on) | Q(quarantined_since__isnull=False))

    def mark_unusable(self, items: Iterable[Item], on: dt.date) -> None:
        """Tell each item how many of it may not be given out: past their date, or set aside. One statement."""
        unusable: Counter[int] = Counter()
        for lot in self.unusable(on).in_stock():
            unusable[lot.item_id] += lot.on_hand
        for item in items:
            item.unusable = unusable[item.pk]

    def expired(self, on: dt.date) -> LotQuerySet:
        """Lots past their date on this day."""
        return self.filter(expires_on__lt=on)

    def expiring(self, within: dt.timedelta) -> LotQuerySet:
        """Lots that are good today and expire within this time."""
        today = timezone.localdate()
        return self.filter(expires_on__gte=today, expires_on__lte=today + within)

    def named(self, words: str) -> LotQuerySet:
        """Lots whose number or item holds every one of these words."""
        return self.filter(has_words(words, "number", "item__name"))

    def set_aside(self) -> LotQuerySet:
        """Lots that are set aside."""
        return self.filter(quarantined_since__isnull=False)

    def old_editions(self) -> LotQuerySet:
        """Lots of leaflets whose edition is not the current one."""
        return self.filter(item__leaflet__isnull=False).exclude(number=F("item__leaflet__edition"))

    def to_look_at(self, until: dt.date) -> LotQuerySet:
        """Lots in stock that are set aside, past their date or expire by that day; with their items."""
        looked = self.filter(Q(quarantined_since__isnull=False) | Q(expires_on__lte=until))
        return looked.in_stock().select_related("item").first_expiring_first()

    def first_expiring_first(self) -> LotQuerySet:
        """In the order to use them up; without a date last."""
        return self.order_by(F("expires_on").asc(nulls_last=True), "pk")


@pghistory.track()
class Lot(models.Model):
    """A lot. The item says whether it needs a number and a date; the database checks that too.

    A lot that is set aside stays where it is and is not given out: a recall, or a doubt.
    """

    item = models.ForeignKey("supplies.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="lots")
    number = NameField(_("lot number"), max_length=60, blank=True, help_text=_("As printed on the box."))
    expires_on = models.DateField(_("use by"), null=True, blank=True)
    unit_cost = models.DecimalField(
        _("cost of one"), max_digits=9, decimal_places=4, null=True, blank=True, help_text=_("In pounds, if you know.")
    )
    quarantined_since = models.DateField(
        _("set aside since"), null=True, blank=True, help_text=_("From this day on we do not give it out.")
    )

    objects = LotQuerySet.as_manager()

    # Filled by `with_on_hand`.
    on_hand: int

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        permissions = [
            ("set_aside_lot", "Can set a lot aside"),
            ("recall_lot", "Can recall a lot, and let one that was set aside go out again"),
        ]
        constraints = [
            # Starts with the item, and so serves looking up its lots too.
            models.UniqueConstraint(
                fields=["item", "number", "expires_on"],
                nulls_distinct=False,
                name="lot_once_per_item",
                violation_error_message=_("That lot is already on the shelf."),
            ),
            models.CheckConstraint(
                condition=Q(unit_cost__isnull=True) | Q(unit_cost__gte=0),
                name="lot_cost_not_negative",
                violation_error_message=_("A cost cannot be less than zero."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="says_what_its_item_asks",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("asked", "supplies_item")],
                # The item's row is held, so that it cannot begin to ask for a date while this lot comes without one.
                func="""
                    SELECT * INTO asked FROM supplies_item WHERE id = NEW.item_id FOR SHARE;
                    IF asked.kind = 'bundle' THEN
                        RAISE EXCEPTION 'A bundle is no stock.' USING ERRCODE = 'check_violation';
                    END IF;
                    IF (asked.tracks_expiry AND NEW.expires_on IS NULL) OR (asked.tracks_lot AND NEW.number = '') THEN
                        RAISE EXCEPTION 'That item needs the number or the date on the box.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="stays_aside_while_recalled",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("quarantined_since"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__quarantined_since__isnull=True),
                func="""
                    IF EXISTS (SELECT FROM supplies_recall WHERE lot_id = NEW.id AND ended_on IS NULL) THEN
                        RAISE EXCEPTION 'That lot is recalled.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="keeps_its_item",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__item__df=pgtrigger.F("new__item")),
                func="RAISE EXCEPTION 'A lot keeps its item.' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return self.number or _now("no number")

    @property
    def is_old_edition(self) -> bool:
        """Whether it is a leaflet of another edition than the current one."""
        leaflet = getattr(self.item, "leaflet", None)
        return leaflet is not None and leaflet.edition != self.number

    @transaction.atomic
    def set_aside(self) -> None:
        """Stop giving it out; a second call keeps the first day. Anybody may: it does no harm."""
        self._lock()
        if self.quarantined_since is None:
            self.quarantined_since = timezone.localdate()
            self.save(update_fields=["quarantined_since"])

    @transaction.atomic
    def release(self) -> None:
        """Let it be given out again; refused while it is recalled."""
        self._lock()
        if self.recalls.live().exists():
            raise ValidationError(_now("It is recalled. Cancel the recall first."), code="recalled")
        self.quarantined_since = None
        self.save(update_fields=["quarantined_since"])

    @transaction.atomic
    def correct_date(self, day: dt.date | None, *, reason: str, by: models.Model | None = None) -> Lot:
        """Put a wrong use-by date right: what is here of it is carried to the lot with that date, which is returned.

        The ledger stays as written and tells both dates and why, and undoing that act carries it back. A recall finds
        both lots by their number.
        """
        self._lock()
        self._refuse_date(day, reason)
        rows = [row for row in list_stock(item=self.item_id, lot=self.pk) if row.quantity > 0]
        if not rows:
            raise ValidationError(_now("None of it is here any more, so there is no date to correct."), code="gone")
        about = {"unit_cost": self.unit_cost, "quarantined_since": self.quarantined_since}
        right, _new = Lot.objects.get_or_create(item=self.item, number=self.number, expires_on=day, defaults=about)
        if bool(right.quarantined_since) != bool(self.quarantined_since):
            raise ValidationError(
                _now("There is a lot with that date, and one of the two is set aside. Check it first.")
            )
        away = [row._replace(quantity=-row.quantity) for row in rows]
        why = _now("use by %(old)s was wrong, it is %(new)s: %(reason)s") % {
            "old": _format_day(self.expires_on),
            "new": _format_day(day),
            "reason": reason.strip(),
        }
        Movement.objects.write(
            Movement.Kind.MOVED, [*away, *(row._replace(lot_id=right.pk) for row in rows)], by=by, reason=why[:120]
        )
        return right

    def _refuse_date(self, day: dt.date | None, reason: str) -> None:
        """Refuse a date that cannot be the right one, and name the likely mistake."""
        today = timezone.localdate()
        wrong = {}
        if day == self.expires_on:
            wrong["expires_on"] = _now("It already has that date. Copy the date on the box.")
        elif day is None:
            wrong["expires_on"] = _now("Copy the date from the box.")
        elif day.year > today.year + MOST_YEARS_AHEAD:
            wrong["expires_on"] = _now("That is in %(year)d. Check the year: a digit may have slipped.") % {
                "year": day.year
            }
        elif day.year < today.year - MOST_YEARS_AHEAD:
            wrong["expires_on"] = _now("That was in %(year)d. Check the year: a digit may have slipped.") % {
                "year": day.year
            }
        if not reason.strip():
            wrong["reason"] = _now("Say what was wrong.")
        if wrong:
            raise ValidationError(wrong)
        if self.recalls.live().exists():
            raise ValidationError(_now("It is recalled. We do not give it out, whatever its date."), code="recalled")

    def _lock(self) -> None:
        """Lock the lot's item, as giving out does: nobody is in the middle of giving it out."""
        Lot.objects.select_related("item").select_for_update(no_key=True, of=("item",)).get(pk=self.pk)
        self.refresh_from_db()

    def clean(self) -> None:
        """Ask for the number and date the item needs, in a sentence."""
        missing = {}
        if self.item.tracks_expiry and self.expires_on is None:
            missing["expires_on"] = _now("Copy the date from the box. This item has a use-by date.")
        if self.item.tracks_lot and not self.number:
            missing["number"] = _now("Copy the lot number from the box, so that a recall can find it.")
        if missing:
            raise ValidationError(missing)


retention.keep(Lot, until=retention.FOR_GOOD)
row_order.leave(Lot, because=row_order.BOOKS)
