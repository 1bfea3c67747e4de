"""Needs: how long each item lasts, how much is on its way, how much to order, and why, in words."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

from django.conf import settings
from django.db.models import DateField, F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, TruncMonth
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from supplies import forecast
from supplies.models.items import Item
from supplies.models.ledger import Movement
from supplies.models.lots import Lot
from supplies.models.orders import OrderLine
from supplies.models.outgoing import Outgoing
from supplies.models.shortfalls import Shortfall

MAX_DAYS_SHOWN = 21
MAX_WEEKS_SHOWN = 52


@dataclass(frozen=True)
class Need:
    """The need of one item: its usable stock, its orders on their way, and the advice that follows from its use."""

    item: Item
    stock: forecast.Stock
    advice: forecast.Advice | None
    missed: int
    """The number of requests while there was none, in the months of the forecast."""

    @property
    def per_week(self) -> Fraction | None:
        """The number that goes out in a week when we open as usual."""
        return self.stock.per_week

    @property
    def weekly_cost(self) -> Decimal | None:
        """The cost of a week's use; None if the cost of one is not known. Needs `with_last_cost`."""
        if not self.per_week:
            return Decimal(0)
        if self.item.last_cost is None:
            return None
        week = Decimal(self.per_week.numerator) / Decimal(self.per_week.denominator)
        return (week * self.item.last_cost).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @cached_property
    def lasts(self) -> str:
        """The time the stock lasts, in words; empty if it is not known."""
        days = self.stock.days_left
        return "" if days is None else describe_days(days)

    @property
    def to_give(self) -> int:
        """The number of units that can be given out."""
        return max(self.stock.usable, 0)

    @property
    def why(self) -> str:
        """The reason to order it, in one sentence without a full stop."""
        if self.advice is None:
            return ""
        return " · ".join(self._list_reasons())

    def _list_reasons(self) -> Iterable[str]:
        if self.item.on_hand < 0:
            yield _("below zero: please count it")
        elif self.stock.usable <= 0:
            yield _("none left to give out")
        elif self.lasts:
            yield _("%(about_so_long)s left at this rate") % {"about_so_long": self.lasts}
        minimum = self.item.minimum
        if minimum is not None and 0 <= self.stock.usable < minimum:
            yield _("below the minimum of %(minimum)d") % {"minimum": minimum}
        if self.missed:
            yield ngettext("asked for %(n)d time while out", "asked for %(n)d times while out", self.missed) % {
                "n": self.missed
            }


@dataclass(frozen=True)
class WeeklyCost:
    """The cost of a week of all items at today's use, as far as prices are known."""

    amount: Decimal
    unknown: int
    """The number of items in use without a known price."""

    @classmethod
    def of(cls, needs: Iterable[Need]) -> WeeklyCost:
        """The sum over these needs, whose items come `with_last_cost`."""
        costs = [need.weekly_cost for need in needs]
        return cls(sum((cost for cost in costs if cost), Decimal(0)), sum(cost is None for cost in costs))

    def lasts(self, money: Decimal) -> str:
        """The time this money lasts, in words; empty if it is not known."""
        if not self.amount:
            return ""
        return describe_days(max(int(money * forecast.WEEK / self.amount), 0))


def describe_days(days: int) -> str:
    """A duration in everyday words: “less than a day”, “about 9 days”, “about 5 weeks”, “over a year”."""
    if days < 1:
        return _("less than a day")
    if days < MAX_DAYS_SHOWN:
        return ngettext("about %(n)d day", "about %(n)d days", days) % {"n": days}
    weeks = days // forecast.WEEK
    if weeks > MAX_WEEKS_SHOWN:
        return _("over a year")
    return ngettext("about %(n)d week", "about %(n)d weeks", weeks) % {"n": weeks}


def openings_held(since: dt.date) -> Mapping[dt.date, int]:
    """Openings held in each month since then, by the function named in `settings.OPENINGS_HELD`.

    Supplies imports no other app; the hub names a function of its own there.
    """
    ask: Callable[[dt.date], Mapping[dt.date, int]] = import_string(settings.OPENINGS_HELD)
    return ask(since)


def calculate_needs(items: Iterable[Item], today: dt.date | None = None) -> list[Need]:
    """The need of each item, in their order; the items come `with_on_hand`. A constant number of statements."""
    today = today or timezone.localdate()
    months = forecast.months_back(today)
    held = openings_held(months[0])
    missed = Shortfall.objects.count_missed(months[0])
    used = _sum_used(months[0])
    known_since = _known_since(months[0], used)
    on_order = OrderLine.objects.to_come()
    items = list(items)
    Lot.objects.mark_unusable(items, today)
    pace = forecast.openings_a_week(
        forecast.OpeningCount(held.get(month, 0), forecast.days_of(month, today)) for month in months
    )
    needs = []
    for item in items:
        # Before it first stood on the shelf nobody could take it, and that says nothing.
        mine = [month for month in months if month >= known_since.get(item.pk, months[0])]
        rate = forecast.use_per_opening(
            forecast.MonthUse(held.get(month, 0), used[item.pk, month], missed.get((item.pk, month), 0))
            for month in mine
        )
        stock = forecast.Stock(
            usable=item.on_hand - item.unusable,
            on_order=on_order.get(item.pk, 0),
            minimum=item.minimum,
            target=item.target,
            pack_size=item.pack_size,
            lead_days=item.supplier.lead_days if item.supplier else forecast.LEAD_DAYS,
            per_week=forecast.a_week(rate, pace),
        )
        advice = forecast.advise(stock) if item.is_bought else None
        times = sum(missed.get((item.pk, month), 0) for month in months)
        needs.append(Need(item=item, stock=stock, advice=advice, missed=times))
    return needs


def _sum_used(since: dt.date) -> Mapping[tuple[int, dt.date], int]:
    """The number of each item used in each month since then: given out, or made up into packs.

    Completed months are in the ledger, the others in the outgoing. A part counts when a pack is made of it, and not
    when the pack is given out: it is no longer on its shelf.
    """
    rows = Movement.objects.order_by()
    given = rows.filter(kind=Movement.Kind.GIVEN_OUT, month__gte=since).values_list("item", "month")
    into_packs = rows.filter(kind=Movement.Kind.ASSEMBLED, item__kind=Item.Kind.THING, made_on__gte=since)
    packed = into_packs.annotate(in_month=Cast(TruncMonth("made_on"), DateField())).values_list("item", "in_month")
    still = Outgoing.objects.filter(month__gte=since).order_by().values_list("item", "month")
    used: dict[tuple[int, dt.date], int] = defaultdict(int)
    for item, month, n in given.annotate(n=Sum(-F("quantity"))).union(
        packed.annotate(n=Sum(-F("quantity"))), still.annotate(n=Sum("quantity")), all=True
    ):
        used[item, month] += n
    return used


def _known_since(since: dt.date, used: Mapping[tuple[int, dt.date], int]) -> Mapping[int, dt.date]:
    """The month in which an item came, was counted or went out first, for items new since then.

    The ten years of ledger before are not read for it: the first older row found of an item is enough.
    """
    older = Movement.objects.filter(Q(made_on__lt=since) | Q(month__lt=since), item=OuterRef("pk"))
    young = Item.objects.alias(older=Subquery(older.values("pk")[:1])).filter(older=None)
    days = young.annotate(first=Min("movements__made_on"), given=Min("movements__month"))
    first_used = dict(sorted(used, key=lambda use: use[1], reverse=True))
    return {
        item: min((day.replace(day=1) for day in (first, given, first_used.get(item)) if day), default=dt.date.max)
        for item, first, given in days.order_by().values_list("pk", "first", "given")
    }
