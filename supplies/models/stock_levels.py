"""The shelf: how much of each item there is, giving it out, and taking it back."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supplies import catalogue
from supplies.models.ledger import Movement, balance, standing
from supplies.models.lots import Lot
from supplies.models.outgoing import Issued, Outgoing, SealedMonth
from supplies.models.stores import Store

if TYPE_CHECKING:
    from supplies.models.catalogue import Item

MOST_AT_ONCE = 999


class State(models.TextChoices):
    """How an item stands. “Below zero” is no mistake to hide: more went out than we knew of, and a count settles it."""

    FINE = "fine", gettext_lazy("Fine")
    LOW = "low", gettext_lazy("Low")
    OUT = "out", gettext_lazy("Out")
    BELOW_ZERO = "below_zero", gettext_lazy("Below zero: please count")

    @property
    def look(self) -> str:
        """The stylesheet's word for it."""
        return {State.FINE: "full", State.LOW: "part"}.get(self, "empty")

    @classmethod
    def of(cls, on_hand: int, minimum: int | None) -> State:
        """The one place that decides. Without a minimum nothing is ever low."""
        if on_hand < 0:
            return cls.BELOW_ZERO
        if on_hand == 0:
            return cls.OUT
        return cls.LOW if minimum is not None and on_hand < minimum else cls.FINE


class ItemQuerySet(models.QuerySet["Item"]):
    """Questions about items, and the two things the desk does with them."""

    def active(self) -> ItemQuerySet:
        """What we still stock."""
        return self.filter(withdrawn=False)

    def stocked(self) -> ItemQuerySet:
        """What we still stock and what can run out: a bundle is only a tile for its parts."""
        return self.active().exclude(kind=self.model.Kind.BUNDLE)

    def bought(self) -> ItemQuerySet:
        """What comes from a supplier: packs are made up here, and bundles are only a tile."""
        return self.filter(kind=self.model.Kind.THING)

    def public(self) -> ItemQuerySet:
        """What the list of what we have may name."""
        return self.stocked().filter(public=True)

    def for_visits(self) -> ItemQuerySet:
        """What may be given out on a visit: naloxone never is, it has a log of its own."""
        return self.active().filter(naloxone=False)

    def on_the_desk(self) -> ItemQuerySet:
        """What has a tile, in the coordinator's order, each with its `parts`.

        A bundle (`is_bundle`) stands for its parts and is never given out itself. Its tile issues them: each part is
        a Component with `item` and `quantity`, and any of them can be left out before the visit is logged. What is
        logged names the parts' items only; a form without scripts adds them up with `Item.objects.unbundle`.
        """
        return self.for_visits().filter(desk_order__isnull=False).order_by("desk_order", "pk").with_parts()

    def with_parts(self) -> ItemQuerySet:
        """With `parts`: the components of a pack or bundle that we still stock; one statement for all."""
        from supplies.models.kits import Component  # noqa: PLC0415 -- kits stand on the shelf

        recipe = Component.objects.filter(item__withdrawn=False).select_related("item").order_by("order", "pk")
        return self.prefetch_related(models.Prefetch("components", queryset=recipe, to_attr="parts"))

    def unbundle(
        self, lines: Mapping[int, int], *, without: Mapping[int, Collection[int]] | None = None
    ) -> dict[int, int]:
        """The same quantities with every bundle replaced by its parts; what is no bundle stays as it is.

        `without` names, for a bundle, the parts that were left out of it.
        """
        left_out = without or {}
        bundles = {item.pk: item for item in self.filter(pk__in=lines, kind=self.model.Kind.BUNDLE).with_parts()}
        plain: Counter[int] = Counter()
        for pk, quantity in lines.items():
            if bundle := bundles.get(pk):
                taken = [part for part in bundle.parts if part.item_id not in left_out.get(pk, ())]
                plain.update({part.item_id: part.quantity * quantity for part in taken})
            else:
                plain[pk] += quantity
        return dict(plain)

    def on_the_shelf(self) -> ItemQuerySet:
        """What we stock, and what is withdrawn but not gone, with how many there are and the next date."""
        things = self.exclude(kind=self.model.Kind.BUNDLE)
        return things.with_on_hand().with_next_expiry().filter(Q(withdrawn=False) | ~Q(on_hand=0))

    def by_category(self) -> ItemQuerySet:
        """In the order of the shelf."""
        return self.select_related("category", "supplier").order_by("category__order", "category_id", "name", "pk")

    def matching(self, words: str) -> ItemQuerySet:
        """Items whose name or category holds every one of these words."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(category__name__icontains=word))
        return found

    def with_on_hand(self) -> ItemQuerySet:
        """Annotate `on_hand`, over all stores and lots. What is set aside or past its date counts: it is here."""
        counted: dict[str, Any] = {"on_hand": balance(item=OuterRef("pk"))}
        found: ItemQuerySet = self.annotate(**counted)
        return found

    def with_some_here(self, on: dt.date) -> ItemQuerySet:
        """Annotate `is_here`: whether some of it may be given out on this day. Past its date or set aside is not."""
        lots = Lot.objects.filter(item=OuterRef("pk")).in_stock()
        loose = Q(on_hand__gt=0) & ~Q(Exists(lots))
        some = ExpressionWrapper(Q(Exists(lots.usable(on))) | loose, output_field=models.BooleanField())
        seen: dict[str, Any] = {"is_here": some}
        found: ItemQuerySet = self.with_on_hand().annotate(**seen)
        return found

    def with_next_expiry(self) -> ItemQuerySet:
        """Annotate `next_expiry`: the earliest date on a lot of which something is left, past or to come."""
        left = Lot.objects.filter(item=OuterRef("pk"), expires_on__isnull=False).in_stock().first_expiring_first()
        dated: dict[str, Any] = {"next_expiry": Subquery(left.values("expires_on")[:1])}
        found: ItemQuerySet = self.annotate(**dated)
        return found

    def with_set_aside(self) -> ItemQuerySet:
        """Annotate `has_set_aside`: whether a lot of it that is here was set aside or recalled."""
        aside = Lot.objects.filter(item=OuterRef("pk"), quarantined_since__isnull=False).in_stock()
        found: ItemQuerySet = self.annotate(has_set_aside=Exists(aside))
        return found

    def with_last_cost(self) -> ItemQuerySet:
        """Annotate `last_cost`: what one cost when it last came with a price; none if nobody ever wrote one down."""
        priced = Lot.objects.filter(item=OuterRef("pk"), unit_cost__isnull=False).order_by("-pk")
        cost: dict[str, Any] = {"last_cost": Subquery(priced.values("unit_cost")[:1])}
        found: ItemQuerySet = self.annotate(**cost)
        return found

    def lock(self) -> list[Item]:
        """Lock these items until the transaction ends, always in the same order, so that desks cannot deadlock.

        The lock lets foreign keys to an item be checked meanwhile: writing a visit's lines waits for nobody.
        """
        return list(self.order_by("pk").select_for_update(no_key=True))

    @transaction.atomic
    def issue(
        self, lines: Mapping[int, int], *, month: dt.date, store: Store | None = None, naloxone: bool = False
    ) -> list[Issued]:
        """Give these quantities out of these items, and say from which lots.

        Takes the lot that expires first, passes over those past their date or set aside, and goes on below zero
        on “lot not known” rather than refuse. Counts into the month's outgoing; once the month is sealed, as
        correction rows of the ledger. A line that cannot be is refused in a sentence, and then nothing changes.
        `naloxone` is for its own log, which takes nothing else; a visit never takes it.
        """
        _check(lines)
        items = self.filter(pk__in=[pk for pk in lines if type(pk) is int]).lock()
        if len(items) < len(lines) or any(item.withdrawn or item.is_bundle for item in items):
            raise ValidationError(_("One of these is no longer on our list. Load the page again."), code="unknown")
        if any(item.naloxone != naloxone for item in items):
            raise ValidationError(_("Naloxone goes into its own log, and nothing else does."), code="naloxone")
        store = store or Store.objects.for_the_desk()
        issued = allocate(lines, store)
        _write(issued, month=month, store=store)
        return issued

    @transaction.atomic
    def take_back(self, issued: Iterable[Issued], *, month: dt.date, store: Store | None = None) -> None:
        """Undo a giving out: everything goes back to the lot it came from.

        Without a store, to wherever it went out from. If the month was sealed meanwhile, as correction rows of the
        ledger. More than went out is refused.
        """
        issued = list(issued)
        self.filter(pk__in={line.item_id for line in issued}).lock()
        if SealedMonth.objects.filter(month=month).exists():
            _correct(issued, +1, month=month, store=store or Store.objects.for_the_desk())
        elif not Outgoing.objects.lessen(issued, month=month, store=store):
            raise ValidationError(_("That much was not given out."), code="not_given_out")

    @transaction.atomic
    def lay_tiles(self, places: Mapping[int, tuple[int | None, int]]) -> None:
        """Say which of these have a tile and where, and how many one tap adds: item → (place or none, tap)."""
        for item in self.for_visits().filter(pk__in=places).lock():
            place, tap = places[item.pk]
            if (item.desk_order, item.desk_tap) != (place, tap):
                item.desk_order, item.desk_tap = place, tap
                item.save(update_fields=["desk_order", "desk_tap"])

    @transaction.atomic
    def stock_the_catalogue(self) -> int:
        """Add the stores and items we start from and do not have yet; how many items were new.

        Known by their short names, so that whatever the hub renamed or changed stays as it is.
        """
        from supplies.models.catalogue import Category  # noqa: PLC0415 -- the catalogue stands on the shelf

        if not Store.objects.exists():
            Store.objects.bulk_create(
                (Store(name=name, order=order) for order, name in enumerate(catalogue.STORES, 1)), ignore_conflicts=True
            )
        have = set(self.values_list("slug", flat=True))
        new = [item for item in catalogue.ITEMS if item.slug not in have]
        categories = {
            name: Category.objects.get_or_create(slug=slugify(name), defaults={"name": name, "order": order})[0]
            for order, name in enumerate(catalogue.CATEGORIES, 1)
            if any(item.category == name for item in new)
        }
        self.bulk_create(
            (self.model(**item.fields() | {"category": categories[item.category]}) for item in new),
            ignore_conflicts=True,
        )
        return len(new)


def _check(lines: Mapping[int, int]) -> None:
    if any(type(quantity) is not int or not 1 <= quantity <= MOST_AT_ONCE for quantity in lines.values()):
        raise ValidationError(
            _("Each thing goes out at least once and at most %(most)d times in one go."),
            params={"most": MOST_AT_ONCE},
            code="quantity",
        )


def allocate(lines: Mapping[int, int], store: Store) -> list[Issued]:
    """Which lots these come from. The items are locked by now, so the balances hold until we have written."""
    lots = Lot.objects.filter(item__in=list(lines)).usable(timezone.localdate()).in_stock(store)
    left = dict(lines)
    issued = []
    for lot in lots.first_expiring_first():
        if taken := min(left[lot.item_id], lot.on_hand):
            issued.append(Issued(lot.item_id, lot.pk, taken))
            left[lot.item_id] -= taken
    return issued + [Issued(item_id, None, quantity) for item_id, quantity in left.items() if quantity]


def take(lines: Mapping[int, int], store: Store, *, lot: Lot | None = None) -> list[Issued]:
    """The same where nothing may go below zero; refused in a sentence that says how many there are.

    A named lot is taken whatever its date. The items are locked by now.
    """
    here = {row[:2]: row.quantity for row in standing(item__in=list(lines), store=store)}
    if lot is not None:
        taken = [Issued(item_id, lot.pk, quantity) for item_id, quantity in lines.items()]
    else:
        taken = allocate(lines, store)
    for one in taken:
        known = max(here.get((one.item_id, one.lot_id), 0), 0)
        if (lot is not None or one.lot_id is None) and one.quantity > known:
            from supplies.models.catalogue import Item  # noqa: PLC0415 -- the catalogue stands on the shelf

            there = lines[one.item_id] - one.quantity + known
            item = Item.objects.get(pk=one.item_id)
            raise ValidationError(
                _("%(item)s: the books know of %(amount)s in this place. Count first if there are more."),
                params={"item": item.name, "amount": item.amount(there)},
                code="not_there",
            )
    return taken


def _write(issued: list[Issued], *, month: dt.date, store: Store) -> None:
    if SealedMonth.objects.filter(month=month).exists():
        _correct(issued, -1, month=month, store=store)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO supplies_outgoing (id, month, store_id, item_id, lot_id, quantity)
            SELECT gen_random_uuid(), %s, %s, line.* FROM unnest(%s::bigint[], %s::bigint[], %s::integer[]) AS line
            ON CONFLICT (item_id, lot_id, store_id, month)
            DO UPDATE SET quantity = supplies_outgoing.quantity + excluded.quantity
            """,
            [month, store.pk, *_columns(issued)],
        )


def _correct(issued: list[Issued], sign: int, *, month: dt.date, store: Store) -> None:
    Movement.objects.bulk_create(
        Movement(
            kind=Movement.Kind.GIVEN_OUT,
            item_id=line.item_id,
            lot_id=line.lot_id,
            store=store,
            quantity=sign * line.quantity,
            month=month,
        )
        for line in _merged(issued)
    )


def _merged(issued: Iterable[Issued]) -> list[Issued]:
    """One line per item and lot, in the catalogue's order."""
    sums: dict[tuple[int, int | None], int] = defaultdict(int)
    for line in issued:
        sums[line.item_id, line.lot_id] += line.quantity
    return [Issued(item, lot, n) for (item, lot), n in sorted(sums.items(), key=lambda e: (e[0][0], e[0][1] or 0))]


def _columns(issued: list[Issued]) -> tuple[list[int], list[int | None], list[int]]:
    return [line.item_id for line in issued], [line.lot_id for line in issued], [line.quantity for line in issued]
