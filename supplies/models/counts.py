"""Counts: stocktakes of one store, checked by a second person and then written into the ledger."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from supplies.models.items import Item
from supplies.models.ledger import Movement, Row, check_quantities, list_stock
from supplies.models.lots import Lot
from supplies.models.stores import Store
from volunteers.shared.registries import personal_data, retention, row_order

FORGETS_AFTER = dt.timedelta(days=14)


class ItemLot(NamedTuple):
    """A thing to count: one lot of an item, or with no lot its stock that is in no known lot."""

    item_id: int
    lot_id: int | None


class CountState(models.TextChoices):
    """The state of a count. An applied count is in the ledger; one that was given up is not."""

    GOING_ON = "going_on", _("in progress")
    APPLIED = "applied", _("applied")
    GIVEN_UP = "given_up", _("cancelled")


class CountQuerySet(models.QuerySet["Count"]):
    """Questions about counts, and starting one."""

    def going_on(self) -> CountQuerySet:
        """Counts that are neither applied nor given up."""
        return self.filter(state=Count.State.GOING_ON)

    def start(self, store: Store, *, by: models.Model | None = None) -> Count:
        """Start to count a store, or return its count that is going on."""
        return self.get_or_create(
            store=store, state=Count.State.GOING_ON, defaults={"started_by_id": by.pk if by else None}
        )[0]

    @transaction.atomic
    def count_item(
        self, item: Item, quantities: Mapping[tuple[ItemLot, int], int], *, by: models.Model | None = None
    ) -> int:
        """Set one item's stock to the numbers found, by lot and store; returns in how many places it differed.

        Serves a look into one box, with nothing saved for later. Stock given out on “lot not known” is settled too.
        """
        if numbers := [number for number in quantities.values() if number]:
            check_quantities(numbers)
        Item.objects.filter(pk=item.pk).lock()
        books: defaultdict[tuple[ItemLot, int], int] = defaultdict(int)
        for row in list_stock(item=item.pk):
            books[ItemLot(row.item_id, row.lot_id), row.store_id] = row.quantity
        wanted = dict(quantities)
        for _place, store in quantities:
            if books[unknown := (ItemLot(item.pk, None), store)] < 0:
                wanted.setdefault(unknown, 0)
        rows = [
            Row(*place, store, number - books[place, store])
            for (place, store), number in wanted.items()
            if number != books[place, store]
        ]
        Movement.objects.write(Movement.Kind.COUNTED, rows, by=by)
        return len(rows)

    def forget_figures(self) -> int:
        """Delete the numbers found in counts started a fortnight ago, and keep the differences; returns how many.

        A number found, beside the stock of today, would tell how many went out meanwhile.
        """
        old = timezone.localdate() - FORGETS_AFTER
        return CountLine.objects.filter(count__started_on__lt=old, found__isnull=False).update(found=None)


class Count(models.Model):
    """A count of one store, in any number of sittings and by any number of people. A store has one at a time."""

    State = CountState

    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="counts")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.GOING_ON)
    started_on = models.DateField(_("started on"), default=timezone.localdate)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("started by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("ended by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("why nobody else checked it"), max_length=120, blank=True)
    act = models.UUIDField(_("act"), null=True, editable=False)
    counted = models.PositiveIntegerField(_("lots counted"), null=True)
    differed = models.PositiveIntegerField(_("lots that differed"), null=True)

    objects = CountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["-started_on", "-pk"]
        default_permissions = ()
        permissions = [("count_stock", "Can count what is on the shelves")]
        constraints = [
            models.UniqueConstraint(
                fields=["store"],
                condition=Q(state="going_on"),
                name="count_one_at_a_time_in_a_store",
                violation_error_message=_("Somebody is already counting that place. Continue their count."),
            ),
            models.CheckConstraint(
                condition=Q(state="going_on", ended_on__isnull=True, act__isnull=True)
                | Q(state="applied", ended_on__isnull=False, act__isnull=False, counted__isnull=False)
                | Q(state="given_up", ended_on__isnull=False, act__isnull=True),
                name="count_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.started_on}"

    @property
    def is_going_on(self) -> bool:
        """Whether lines can still be added."""
        return self.state == self.State.GOING_ON

    @transaction.atomic
    def record(self, quantities: Mapping[ItemLot, int | None], *, by: models.Model | None = None) -> None:
        """Save the numbers found; None deletes a line. It may be done any number of times, by several people.

        Each line keeps the difference from the books at this moment. Stock given out on “lot not known” before is found
        with the lots of its item, and so settled.
        """
        if numbers := [number for number in quantities.values() if number]:
            check_quantities(numbers)
        self._lock()
        Item.objects.filter(pk__in={place.item_id for place in quantities}).lock()
        books = self._sum_on_hand(quantities)
        lines = {place: number for place, number in quantities.items() if number is not None}
        for place in list(lines):
            unknown = ItemLot(place.item_id, None)
            if books[unknown] < 0 and unknown not in quantities:
                lines[unknown] = 0
        gone = [place for place, number in quantities.items() if number is None]
        for place in gone:
            self.lines.filter(item=place.item_id, lot=place.lot_id).delete()
        counted = self._sum_counted(lines)
        CountLine.objects.bulk_create(
            [
                CountLine(
                    count=self,
                    item_id=place.item_id,
                    lot_id=place.lot_id,
                    found=number,
                    difference=number - books[place],
                    counted_before=counted[place],
                    by_id=by.pk if by else None,
                )
                for place, number in lines.items()
            ],
            update_conflicts=True,
            unique_fields=["count", "item", "lot"],
            update_fields=["found", "difference", "counted_before", "by"],
        )

    @transaction.atomic
    def record_other(  # noqa: PLR0913 -- a box says all of this, and says it by name
        self,
        item: Item,
        found: int,
        *,
        number: str,
        expires_on: dt.date | None,
        sure: bool = False,
        by: models.Model | None = None,
    ) -> None:
        """Save the number found of a lot that the books did not know here; from now on they know it.

        A known number with another date is most likely a date misread, unless the counter is `sure`.
        """
        number = " ".join(number.split())
        known = item.lots.filter(number__reads=number).order_by("pk") if number else item.lots.none()
        dates = [lot.expires_on for lot in known]
        if dates and expires_on not in dates and not sure:
            day = date_format(dates[0], "SHORT_DATE_FORMAT") if dates[0] else _now("no date")
            wrong = _now("We know lot %(number)s with %(day)s. Check again, and tick this if the box says so.")
            raise ValidationError({"sure": wrong % {"number": number, "day": day}})
        lot = item.get_or_create_lot(known[0].number if known else number, expires_on)
        self.record({ItemLot(item.pk, lot.pk): found}, by=by)

    def list_places(self, category: int | None = None) -> dict[Item, list[ItemLot]]:
        """The things to count by item: each lot that should be in the store or is saved, in the order of the shelf.

        Stock in no lot has a line of its own where there is some, and where the item has no lot.
        """
        of = {"item__category": category} if category else {}
        here = {ItemLot(row.item_id, row.lot_id) for row in list_stock(store=self.store_id, **of)}
        here |= {ItemLot(*place) for place in self.lines.filter(**of).values_list("item", "lot")}
        by_item: defaultdict[int, list[ItemLot]] = defaultdict(list)
        for place in sorted(here, key=lambda place: place.lot_id or 0):
            by_item[place.item_id].append(place)
        items = Item.objects.exclude(kind=Item.Kind.BUNDLE).filter(Q(withdrawn=False) | Q(pk__in=by_item))
        if category:
            items = items.filter(category=category)
        return {item: by_item.get(item.pk) or [ItemLot(item.pk, None)] for item in items.by_category()}

    @transaction.atomic
    def apply(self, *, by: models.Model, reason: str = "") -> int:
        """Write the differences into the ledger; returns how many there were. A second call changes nothing.

        A person who counted some lines alone gives a reason why nobody else checks them. Stock that moved after a line
        was saved stays moved, and a difference corrected meanwhile is not corrected twice. The lines are deleted: only
        differences stay.
        """
        here = Count.objects.select_for_update().get(pk=self.pk)
        if here.state == self.State.APPLIED:
            self.refresh_from_db()
            return 0
        self._lock()
        lines = list(self.lines.all())
        if not lines:
            raise ValidationError(_now("You have not counted anything yet."), code="nothing")
        if not reason.strip() and any(line.by_id == by.pk for line in lines):
            raise ValidationError(
                _now("You counted some of this yourself. Ask somebody else to check it, or say why nobody can."),
                code="same_person",
            )
        Item.objects.filter(pk__in={line.item_id for line in lines}).lock()
        meanwhile = self._sum_counted({ItemLot(line.item_id, line.lot_id): 0 for line in lines})
        rows = [
            Row(line.item_id, line.lot_id, self.store_id, left)
            for line in lines
            if (left := line.difference - (meanwhile[ItemLot(line.item_id, line.lot_id)] - line.counted_before))
        ]
        self.act = Movement.objects.write(Movement.Kind.COUNTED, rows, by=by)
        self.lines.all().delete()
        self.counted, self.differed = len(lines), len(rows)
        self._end(self.State.APPLIED, by=by, reason=reason.strip())
        return len(rows)

    @transaction.atomic
    def give_up(self, *, by: models.Model | None = None) -> None:
        """Delete the lines and write nothing into the ledger. A second call changes nothing."""
        here = Count.objects.select_for_update().get(pk=self.pk)
        if here.state == self.State.GIVEN_UP:
            self.refresh_from_db()
            return
        self._lock()
        self.lines.all().delete()
        self._end(self.State.GIVEN_UP, by=by)

    def _lock(self) -> None:
        self.refresh_from_db(from_queryset=Count.objects.select_for_update())
        if not self.is_going_on:
            raise ValidationError(_now("This count is over. Start a new one."), code="over")

    def _end(self, state: str, *, by: models.Model | None, reason: str = "") -> None:
        self.state, self.ended_on, self.reason = state, timezone.localdate(), reason
        self.ended_by_id = by.pk if by else None
        self.save()

    def _sum_on_hand(self, places: Mapping[ItemLot, object]) -> defaultdict[ItemLot, int]:
        rows = list_stock(item__in={place.item_id for place in places}, store=self.store_id)
        return defaultdict(int, {ItemLot(row.item_id, row.lot_id): row.quantity for row in rows})

    def _sum_counted(self, places: Mapping[ItemLot, object]) -> defaultdict[ItemLot, int]:
        """The sum of the ledger's counting rows so far: a count of the same place meanwhile changes it."""
        rows = Movement.objects.filter(
            kind=Movement.Kind.COUNTED, store=self.store_id, item__in={place.item_id for place in places}
        ).order_by()
        sums = rows.values_list("item", "lot").annotate(n=Sum("quantity"))
        return defaultdict(int, {ItemLot(item, lot): n for item, lot, n in sums})


class CountLine(models.Model):
    """The number found of one lot, and its difference from the books when it was saved."""

    count = models.ForeignKey(Count, verbose_name=_("count"), on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey("supplies.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, verbose_name=_("lot"), null=True, on_delete=models.PROTECT, related_name="+")
    found = models.PositiveIntegerField(_("found"), null=True)
    difference = models.IntegerField(_("difference"))
    counted_before = models.IntegerField(_("counted before"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("line of a count")
        verbose_name_plural = _("lines of a count")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["count", "item", "lot"], nulls_distinct=False, name="countline_once_a_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.difference:+d}"

    @property
    def books(self) -> int | None:
        """The number in the books when the line was saved, as long as the number found is kept."""
        return None if self.found is None else self.found - self.difference


retention.keep(Count, until=retention.BOOKS, promise="stock-books")
retention.keep(
    CountLine,
    length=FORGETS_AFTER,
    promise="stock-books",
    every=retention.Every.DAY,
    delete=Count.objects.forget_figures,
    overdue=lambda now: CountLine.objects.filter(count__started_on__lt=now.date() - FORGETS_AFTER, found__isnull=False),
)
row_order.leave(Count, CountLine, because=row_order.BOOKS)
personal_data.hold(
    Count, "started_by", "ended_by", part="deeds", counted_as=_("Stocktakes you began or ended"), order=90
)
personal_data.hold(CountLine, "by", part="deeds", counted_as=_("Lines you counted"), order=95)
