"""The ledger under whatever people may do to it, in any order: it adds up after every step."""

import datetime as dt
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from supplies.models import Component, Count, Inside, Item, Lot, Movement, Outgoing, Recall, Store
from supplies.models.counts import ItemLot
from tests.supplies.makers import APRIL, TODAY, a_kit, an_item

pytestmark = pytest.mark.usefixtures("today")

WHAT = (
    *("receive", "issue", "issue", "issue", "move", "assemble", "take apart", "take apart", "recall"),
    *("take back", "count", "sit down to count", "apply the count", "waste", "recipe", "take the recall back"),
    *("set aside", "undo", "seal"),
)
steps = st.lists(
    st.tuples(st.sampled_from(WHAT), st.integers(0, 2), st.integers(0, 1), st.integers(1, 12)), min_size=25, max_size=50
)


class World:
    """Two places, two things and a pack of both; what should be there is added up beside what is."""

    def __init__(self):
        self.stores = [Store.objects.create(name=name, order=n) for n, name in enumerate(("Cupboard", "Bag"))]
        things = [an_item("Spoon"), an_item("Swab")]
        self.items = [*things, a_kit("Pack", of=[(things[0], 2), (things[1], 1)])]
        self.keeper = None
        self.expected = Counter()
        self.issued = []
        for item in things:
            for number in (9, 10, 11):
                self.receive(item, self.stores[0], number)
        self.assemble(None, self.stores[0], 3)

    def take(self, step, which, where, number):
        """Do one thing, or be refused in a sentence; either way it must add up afterwards."""
        doing = getattr(self, step.replace(" ", "_"))
        before = Counter(self.expected)
        try:
            with transaction.atomic():
                doing(self.items[which], self.stores[where], number)
        except ValidationError:
            self.expected = before

    def receive(self, item, store, number):
        day = TODAY + dt.timedelta(number % 4 - 1)
        item.receive(number, lot_number=f"L{number % 3}", expires_on=day, store=store)
        self.expected[item.pk] += number

    def issue(self, item, store, number):
        lines = Item.objects.issue({item.pk: number}, month=APRIL, store=store)
        self.issued.append((lines, store))
        self.expected[item.pk] -= number
        self.first_expiring_went_first(lines, store)

    def first_expiring_went_first(self, lines, store):
        good = Lot.objects.filter(item=lines[0].item_id).usable(TODAY).with_on_hand(store)
        left = {lot.pk: lot.expires_on for lot in good if lot.on_hand > 0}
        dates = dict(Lot.objects.values_list("pk", "expires_on"))
        for line in lines:
            went = dates[line.lot_id] if line.lot_id else None
            assert not [
                day for day in left.values() if line.lot_id is None or (day or dt.date.max) < (went or dt.date.max)
            ]
            assert line.lot_id is None or went is None or went >= TODAY

    def take_back(self, item, store, number):
        if self.issued:
            lines, where = self.issued.pop(number % len(self.issued))
            Item.objects.take_back(lines, month=APRIL, store=where)
            for line in lines:
                self.expected[line.item_id] += line.quantity

    def count(self, item, store, number):
        lot = item.lots.order_by("pk").first() if number % 2 else None
        self.expected[item.pk] += item.count(number, lot=lot, store=store)

    def sit_down_to_count(self, item, store, number):
        lots = [*item.lots.values_list("pk", flat=True), None]
        Count.objects.start(store).record({ItemLot(item.pk, lots[number % len(lots)]): number})

    def apply_the_count(self, item, store, number):
        if count := Count.objects.going_on().filter(store=store).first():
            count.apply(by=self.somebody())
            for row in Movement.objects.filter(act=count.act):
                self.expected[row.item_id] += row.quantity
            assert count.apply(by=self.somebody()) == 0

    def waste(self, item, store, number):
        lot = item.lots.order_by("-pk").first()
        item.waste(number, lot=lot, store=store)
        self.expected[item.pk] -= number

    def move(self, item, store, number):
        (other,) = [each for each in self.stores if each != store]
        Item.objects.move_stock({item.pk: number}, source=store, destination=other)

    def assemble(self, item, store, number):
        pack = self.items[2]
        recipe = pack.recipe()
        pack.assemble(number, store=store)
        self.expected[pack.pk] += number
        for part, each in recipe.items():
            self.expected[part.pk] -= each * number

    def take_apart(self, item, store, number):
        pack = self.items[2]
        lot = pack.lots.filter(inside__isnull=False).distinct().order_by("pk").first()
        if lot:
            back = pack.take_apart(number, lot=lot, store=store)
            self.expected[pack.pk] -= number
            for one in back:
                self.expected[one.item_id] += one.quantity

    def recipe(self, item, store, number):
        Component.objects.filter(item=self.items[0]).update(quantity=number)

    def recall(self, item, store, number):
        lot = item.lots.filter(recalls__isnull=True).order_by("pk").first()
        if lot:
            for row in Recall.objects.pull(lot, reason="Maker's notice").list_pulled():
                self.expected[row.item_id] -= row.quantity
            gone = Q(pk=lot.pk) | Q(inside__lot=lot)
            assert not [lot for lot in Lot.objects.filter(gone).with_on_hand() if lot.on_hand > 0]

    def take_the_recall_back(self, item, store, number):
        if recall := Recall.objects.live().order_by("pk").first():
            recall.undo()
            for row in recall.list_pulled():
                self.expected[row.item_id] += row.quantity

    def set_aside(self, item, store, number):
        if lot := item.lots.order_by("pk").last():
            lot.release() if lot.quarantined_since else lot.set_aside()

    def undo(self, item, store, number):
        recalled = Recall.objects.values("act")
        rows = Movement.objects.exclude(act=None).exclude(act__in=recalled).filter(item=item).order_by("pk")
        if rows:
            wrong = rows[number % len(rows)]
            changed = Movement.objects.filter(act=wrong.act)
            if Movement.objects.undo(wrong.act):
                for row in changed:
                    self.expected[row.item_id] -= row.quantity

    def seal(self, item, store, number):
        Item.objects.complete_month(APRIL)

    def somebody(self):
        from django.contrib.auth import get_user_model  # noqa: PLC0415 -- made within the example's own transaction

        self.keeper = self.keeper or get_user_model().objects.create_user("keeper", chosen_name="Keeper")
        return self.keeper

    def adds_up(self):
        """What the shelf says is the ledger less what goes out, and both are what happened."""
        written, outgoing = (
            Counter(dict(model.objects.order_by().values_list("item").annotate(n=Sum("quantity"))))
            for model in (Movement, Outgoing)
        )
        shelf = {item.pk: item.on_hand for item in Item.objects.with_on_hand()}
        assert shelf == {pk: written[pk] - outgoing[pk] for pk in shelf}
        assert shelf == {pk: self.expected[pk] for pk in shelf}

    def kits_neither_make_nor_lose_parts(self):
        """What left the shelf in packs is what is in the packs made, less what came out of those taken apart."""
        pack = self.items[2].pk
        movements = Movement.objects.filter(kind="assembled").order_by()
        rows = list(movements.values_list("item", "lot").annotate(n=Sum("quantity")))
        packs = {lot: number for item, lot, number in rows if item == pack}
        inside = Counter()
        for lot, item, each in set(Inside.objects.values_list("pack", "item", "each")):
            inside[item] += each * packs.get(lot, 0)
        off_the_shelf = Counter()
        for item, _lot, number in rows:
            off_the_shelf[item] -= number if item != pack else 0
        assert off_the_shelf - inside == inside - off_the_shelf == Counter()


class Books(TestCase):
    """Each example runs in a transaction of its own that is rolled back."""

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps)
    def test_whatever_people_do_the_books_add_up(self, steps):
        world = World()
        for step in steps:
            world.take(*step)
            world.adds_up()
            world.kits_neither_make_nor_lose_parts()
