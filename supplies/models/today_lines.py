"""What the shelf puts on Today: orders to place, and items that need looking at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from supplies.models.items import Item
from supplies.models.ledger import Movement
from supplies.models.orders import Order
from supplies.models.watch import Glance
from volunteers.shared.registries import today_lines
from volunteers.shared.registries.asking import as_row
from volunteers.shared.registries.today_lines import TodayLine

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import QuerySet


def find_draft_orders(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the orders that nobody has placed."""
    drafts = Order.objects.filter(state=Order.State.DRAFT).order_by("pk")
    return drafts.values(row=as_row(pk="pk", supplier="supplier__name"))


def read_draft_orders(_person: Any, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say for whom each draft is."""
    for row in rows:
        supplier = row["supplier"] or ""
        yield TodayLine(
            title=_("An order for %(supplier)s is not placed") % {"supplier": supplier}
            if supplier
            else _("An order without a supplier is not placed"),
            address=reverse("supplies:order", args=[row["pk"]]),
            label=_("Finish the order"),
            more=supplier,
        )


def read_stock(_person: Any, _now: dt.datetime, _rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say how many items are set aside, below zero, out, low, past their dates, or soon to be."""
    shelf = Glance.at(Item.objects.active())
    watch, orders, lots = reverse("supplies:watch"), reverse("supplies:orders"), reverse("supplies:lots")
    below = ngettext("%(n)d item is below zero", "%(n)d items are below zero", shelf.below_zero)
    aside = ngettext("%(n)d item is set aside or recalled", "%(n)d items are set aside or recalled", shelf.set_aside)
    out = ngettext("%(n)d item is out", "%(n)d items are out", shelf.out)
    low = ngettext("%(n)d item is low", "%(n)d items are low", shelf.low)
    past = ngettext("%(n)d item is past its date", "%(n)d items are past their dates", shelf.past)
    soon = ngettext("%(n)d item expires within 60 days", "%(n)d items expire within 60 days", shelf.soon)
    for number, words, address, label in (
        (shelf.set_aside, aside, lots, _("See the lots")),
        (shelf.below_zero, below, reverse("supplies:counts"), _("Count")),
        (shelf.out, out, orders, _("Order")),
        (shelf.low, low, orders, _("Order")),
        (shelf.past, past, watch, _("See what to take away")),
        (shelf.soon, soon, watch, _("See what to use first")),
    ):
        if number:
            title = words % {"n": number}
            yield TodayLine(title=title, address=address, label=label, more=title, count=number)


def find_tiles(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find an item that has a tile on the desk, if there is one."""
    return Item.objects.on_the_desk().values(row=as_row(pk="pk"))[:1]


def read_tiles(_person: Any, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say that nothing has a place on the desk."""
    if not rows:
        yield TodayLine(
            title=_("Nothing has a place on the desk yet."),
            words=_("Choose which supplies have a tile."),
            address=reverse("supplies:shelf"),
            label=_("See the supplies"),
        )


def find_movements(_now: dt.datetime) -> QuerySet[Any, Any]:
    """Find one line of the ledger, if there is one."""
    return Movement.objects.order_by().values(row=as_row(pk="pk"))[:1]


def read_movements(_person: Any, _now: dt.datetime, rows: list[dict[str, Any]]) -> Iterator[TodayLine]:
    """Say how the shelf comes into the books."""
    if not rows:
        yield TodayLine(
            title=_("Nothing on the shelf has been counted yet."),
            words=_("Count what is there once. From then on the app keeps the numbers."),
            address=reverse("supplies:counts"),
            label=_("Start counting"),
        )


today_lines.register("orders", "supplies.manage_orders", read_draft_orders, find_draft_orders)
today_lines.register("stock", "supplies.manage_orders", read_stock)
today_lines.register("tiles", "supplies.manage_orders", read_tiles, find_tiles, to_set_up=True)
today_lines.register("movements", "supplies.manage_orders", read_movements, find_movements, to_set_up=True)
