"""Issuing: the verbs that pick lots: giving out, taking back, moving between stores, completing a month."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from supplies.models.ledger import Movement, Row, check_quantities, list_stock
from supplies.models.lots import Lot
from supplies.models.outgoing import CompletedMonth, Issued, Outgoing
from supplies.models.stores import Store

if TYPE_CHECKING:
    from supplies.models.items import Item

MAX_ISSUED = 999


class IssuingQuerySet(models.QuerySet["Item"]):
    """The verbs on items that pick lots. Each locks its items first."""

    def lock(self) -> list[Item]:
        """Lock these items until the transaction ends, always in one order, so that two desks cannot deadlock.

        The lock still lets foreign keys to an item be checked: writing a visit's lines waits for nobody.
        """
        return list(self.order_by("pk").select_for_update(no_key=True))

    @transaction.atomic
    def issue(
        self, lines: Mapping[int, int], *, month: dt.date, store: Store | None = None, naloxone: bool = False
    ) -> list[Issued]:
        """Give out these quantities by item; returns the lots they came from.

        Lots that expire first are used first; lots past their date or set aside are left. A shortage goes below zero on
        “lot not known”: nothing is refused for want of stock. The quantities count into the month's outgoing; in a
        completed month they are correction rows of the ledger. An impossible line is refused in a sentence, and nothing
        changes. `naloxone` serves the naloxone log, which takes nothing else; a visit never takes it.
        """
        _check_lines(lines)
        items = self.filter(pk__in=[pk for pk in lines if type(pk) is int]).lock()
        if len(items) < len(lines) or any(item.withdrawn or item.is_bundle for item in items):
            raise ValidationError(_("One of these is no longer on our list. Load the page again."), code="unknown")
        if any(item.naloxone != naloxone for item in items):
            raise ValidationError(_("Naloxone goes into its own log, and nothing else does."), code="naloxone")
        store = store or Store.objects.for_the_desk()
        issued = _allocate_lots(lines, store)
        _write_outgoing(issued, month=month, store=store)
        return issued

    @transaction.atomic
    def take_back(self, issued: Iterable[Issued], *, month: dt.date, store: Store | None = None) -> None:
        """Undo a giving out: each quantity goes back to its lot.

        Without a store it goes back to the store it came from. In a month completed meanwhile it is a correction row of
        the ledger. More than went out is refused.
        """
        issued = list(issued)
        self.filter(pk__in={line.item_id for line in issued}).lock()
        if CompletedMonth.objects.filter(month=month).exists():
            _write_corrections(issued, +1, month=month, store=store or Store.objects.for_the_desk())
        elif not Outgoing.objects.decrease(issued, month=month, store=store):
            raise ValidationError(_("We did not give out that much."), code="not_given_out")

    @transaction.atomic
    def guess_issued_lots(
        self, lines: Mapping[int, int], *, month: dt.date, store: Store | None = None
    ) -> list[Issued]:
        """The lots these quantities, given out in this month, may have come from: the lots reached last come first.

        Serves taking back without a record of the lots. Quantities that the month's outgoing does not hold, as in
        a completed month, are on “lot not known”. The items are locked: the answer holds until it is taken back.
        """
        self.filter(pk__in=lines).lock()
        gone = Outgoing.objects.filter(item__in=list(lines), month=month, **({"store": store} if store else {}))
        left = dict(lines)
        issued = []
        for row in gone.order_by(F("lot__expires_on").desc(nulls_first=True), F("lot").desc(nulls_first=True)):
            if back := min(left[row.item_id], row.quantity):
                issued.append(Issued(row.item_id, row.lot_id, back))
                left[row.item_id] -= back
        return issued + [Issued(item_id, None, quantity) for item_id, quantity in left.items() if quantity]

    @transaction.atomic
    def complete_month(self, month: dt.date) -> bool:
        """Turn the month's outgoing into ledger rows; False if the month was complete before, and nothing changes.

        All items are locked first, in the order giving out locks them, so that no visit falls between the two.
        Rows are written in the order of items: a dump shows the order of writing, which would be an evening's.
        A month that is still running is refused, since each of its visits would then be a row of its own.
        """
        if month >= timezone.localdate().replace(day=1):
            raise ValidationError(_("This month is not over yet. You can seal it afterwards."), code="running")
        self.model.objects.lock()
        if not CompletedMonth.objects.get_or_create(month=month)[1]:
            return False
        gone = Outgoing.objects.filter(month=month).order_by("item_id", "lot_id", "store_id")
        Movement.objects.bulk_create(
            Movement(
                kind=Movement.Kind.GIVEN_OUT,
                item_id=row.item_id,
                lot_id=row.lot_id,
                store_id=row.store_id,
                quantity=-row.quantity,
                month=month,
            )
            for row in gone
        )
        gone.delete()
        return True

    def pick_lots(self, lines: Mapping[int, int], store: Store, *, lot: Lot | None = None) -> list[Issued]:
        """Lock these items and pick the lots for these quantities; refused where the books know of fewer.

        The lots that expire first are picked; none past its date or set aside, unless a lot is named.
        """
        items = {item.pk: item for item in self.filter(pk__in=lines).lock()}
        here = {row[:2]: row.quantity for row in list_stock(item__in=list(lines), store=store)}
        if lot is not None:
            picked = [Issued(item_id, lot.pk, quantity) for item_id, quantity in lines.items()]
        else:
            picked = _allocate_lots(lines, store)
        for line in picked:
            known = max(here.get((line.item_id, line.lot_id), 0), 0)
            if (lot is not None or line.lot_id is None) and line.quantity > known:
                item = items[line.item_id]
                raise ValidationError(
                    _("%(item)s: our records say there are %(amount)s in this place. If there are more, count first."),
                    params={
                        "item": item.name,
                        "amount": item.amount(lines[line.item_id] - line.quantity + known),
                    },
                    code="not_there",
                )
        return picked

    @transaction.atomic
    def move_stock(
        self,
        lines: Mapping[int, int],
        *,
        source: Store,
        destination: Store,
        lot: Lot | None = None,
        by: models.Model | None = None,
    ) -> uuid.UUID:
        """Move these quantities of these items to another store; returns the act of the ledger.

        More than the books know to be in the source is refused: only giving out goes below zero.
        """
        if destination.pk == source.pk:
            raise ValidationError(_("It is already there. Choose another place."), code="same")
        if not lines:
            raise ValidationError(_("Say what, and how many."), code="nothing")
        check_quantities(lines.values())
        rows = [
            Row(line.item_id, line.lot_id, store.pk, sign * line.quantity)
            for line in self.pick_lots(lines, source, lot=lot)
            for store, sign in ((source, -1), (destination, +1))
        ]
        return Movement.objects.write(Movement.Kind.MOVED, rows, by=by)


def _check_lines(lines: Mapping[int, int]) -> None:
    if any(type(quantity) is not int or not 1 <= quantity <= MAX_ISSUED for quantity in lines.values()):
        raise ValidationError(
            _("Choose a number from 1 to %(most)d for each thing."),
            params={"most": MAX_ISSUED},
            code="quantity",
        )


def _allocate_lots(lines: Mapping[int, int], store: Store) -> list[Issued]:
    """The lots these quantities come from. The caller holds the items' locks, so that the stock cannot change."""
    lots = Lot.objects.filter(item__in=list(lines)).usable(timezone.localdate()).in_stock(store)
    left = dict(lines)
    issued = []
    for lot in lots.first_expiring_first():
        if taken := min(left[lot.item_id], lot.on_hand):
            issued.append(Issued(lot.item_id, lot.pk, taken))
            left[lot.item_id] -= taken
    return issued + [Issued(item_id, None, quantity) for item_id, quantity in left.items() if quantity]


def _write_outgoing(issued: list[Issued], *, month: dt.date, store: Store) -> None:
    if CompletedMonth.objects.filter(month=month).exists():
        _write_corrections(issued, -1, month=month, store=store)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO supplies_outgoing (id, month, store_id, item_id, lot_id, quantity)
            SELECT gen_random_uuid(), %s, %s, line.* FROM unnest(%s::bigint[], %s::bigint[], %s::integer[]) AS line
            ON CONFLICT (item_id, lot_id, store_id, month)
            DO UPDATE SET quantity = supplies_outgoing.quantity + excluded.quantity
            """,
            [month, store.pk, *_as_columns(issued)],
        )


def _write_corrections(issued: list[Issued], sign: int, *, month: dt.date, store: Store) -> None:
    Movement.objects.bulk_create(
        Movement(
            kind=Movement.Kind.GIVEN_OUT,
            item_id=line.item_id,
            lot_id=line.lot_id,
            store=store,
            quantity=sign * line.quantity,
            month=month,
        )
        for line in _merge_lines(issued)
    )


def _merge_lines(issued: Iterable[Issued]) -> list[Issued]:
    """One line per item and lot, in the order of items."""
    sums: dict[tuple[int, int | None], int] = defaultdict(int)
    for line in issued:
        sums[line.item_id, line.lot_id] += line.quantity
    return [Issued(item, lot, n) for (item, lot), n in sorted(sums.items(), key=lambda e: (e[0][0], e[0][1] or 0))]


def _as_columns(issued: list[Issued]) -> tuple[list[int], list[int | None], list[int]]:
    return [line.item_id for line in issued], [line.lot_id for line in issued], [line.quantity for line in issued]
