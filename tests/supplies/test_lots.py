import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from supplies.models import Item, Lot, Movement, Store
from tests.supplies.makers import MAY, NEXT_YEAR, TODAY, a_lot, an_item, on_hand

pytestmark = pytest.mark.usefixtures("today")


def refused(rule, write):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("item", "lot"),
    [
        ({"tracks_expiry": True}, {"number": "A"}),
        ({"tracks_lot": True}, {"expires_on": NEXT_YEAR}),
        ({"tracks_lot": True, "tracks_expiry": True}, {}),
    ],
)
def test_lot_without_required_fields_is_refused(store, item, lot):
    item = an_item(**item)
    refused("needs the number or the date", lambda: Lot.objects.create(item=item, **lot))
    with pytest.raises(ValidationError, match="Copy the"):
        Lot(item=item, **lot).full_clean()


def test_lot_cannot_lose_what_its_item_asks_for(store):
    lot = a_lot(an_item(tracks_expiry=True, tracks_lot=True), number="A", expires_on=NEXT_YEAR)
    refused("needs the number or the date", lambda: Lot.objects.filter(pk=lot.pk).update(expires_on=None))
    refused("needs the number or the date", lambda: Lot.objects.filter(pk=lot.pk).update(number=""))
    with connection.cursor() as cursor:
        refused("needs the number or the date", lambda: cursor.execute("UPDATE supplies_lot SET expires_on = NULL"))


@pytest.mark.parametrize("flag", ["tracks_expiry", "tracks_lot"])
def test_item_cannot_require_what_lots_lack(spoon, flag):
    a_lot(spoon)
    refused("has no number or date", lambda: Item.objects.update(**{flag: True}))
    setattr(spoon, flag, True)
    with pytest.raises(ValidationError, match="put on the shelf without"):
        spoon.full_clean()


def test_item_can_require_what_lots_have(spoon):
    a_lot(spoon, number="A", expires_on=NEXT_YEAR)
    spoon.tracks_expiry = spoon.tracks_lot = True
    spoon.full_clean()
    spoon.save()

    refused("needs the number or the date", lambda: Lot.objects.create(item=spoon))


def test_lot_keeps_its_item(spoon):
    lot = a_lot(spoon)
    refused("keeps its item", lambda: Lot.objects.filter(pk=lot.pk).update(item=an_item("Foil")))


@pytest.mark.parametrize("about", [{}, {"number": "A"}, {"number": "A", "expires_on": NEXT_YEAR}])
def test_lot_is_there_once(spoon, about):
    a_lot(spoon, **about)
    refused("lot_once_per_item", lambda: Lot.objects.create(item=spoon, **about))
    with pytest.raises(ValidationError, match=r"That lot is already on the shelf."):
        Lot(item=spoon, **about).full_clean()


def test_lot_cost_is_not_negative(spoon):
    refused("lot_cost_not_negative", lambda: a_lot(spoon, unit_cost=Decimal("-0.01")))


def test_lots_by_date(spoon):
    days = {"none": None, "past": -1, "today": 0, "soon": 30, "later": 31}
    for name, ahead in days.items():
        a_lot(spoon, number=name, expires_on=None if ahead is None else TODAY + dt.timedelta(ahead))
    a_lot(spoon, number="aside", expires_on=NEXT_YEAR, quarantined_since=TODAY)

    def numbers(lots):
        return [lot.number for lot in lots.first_expiring_first()]

    assert numbers(Lot.objects.all()) == ["past", "today", "soon", "later", "aside", "none"]
    assert numbers(Lot.objects.usable(TODAY)) == ["today", "soon", "later", "none"]
    assert numbers(Lot.objects.expired(TODAY)) == ["past"]
    assert numbers(Lot.objects.expiring(dt.timedelta(30))) == ["today", "soon"]


def test_lots_on_hand_in_one_store_and_everywhere(spoon, store):
    bag = Store.objects.create(name="Outreach bag", order=3)
    lot = a_lot(spoon, 10, store=store)
    Movement.objects.create(kind="moved", item=spoon, lot=lot, store=store, quantity=-4, made_on=TODAY)
    Movement.objects.create(kind="moved", item=spoon, lot=lot, store=bag, quantity=4, made_on=TODAY)
    Item.objects.issue({spoon.pk: 1}, month=MAY)
    Item.objects.issue({spoon.pk: 2}, month=MAY, store=bag)

    assert Lot.objects.with_on_hand().get().on_hand == 7
    assert Lot.objects.with_on_hand(store).get().on_hand == 5
    assert Lot.objects.with_on_hand(bag).get().on_hand == 2
    assert on_hand(spoon) == 7


def test_receive_makes_the_lot_and_signs_for_it(spoon, somebody):
    lot = spoon.receive(
        100, lot_number=" A ", expires_on=NEXT_YEAR, cost=Decimal("0.05"), by=somebody, reason="by post"
    )

    assert (lot.number, lot.expires_on, lot.unit_cost) == ("A", NEXT_YEAR, Decimal("0.05"))
    row = Movement.objects.get()
    assert (row.kind, row.lot, row.quantity, row.made_on, row.by) == ("received", lot, 100, TODAY, somebody)
    assert (row.reason, row.month) == ("by post", None)
    assert on_hand(spoon) == 100


def test_receiving_again_adds_with_newest_cost(spoon):
    spoon.receive(100, cost=Decimal("0.05"))
    spoon.receive(100)
    spoon.receive(100, cost=Decimal("0.06"))

    lot = Lot.objects.with_on_hand().get()
    assert (lot.on_hand, lot.unit_cost) == (300, Decimal("0.06"))


def test_receiving_settles_unknown_lot_issues(spoon, store):
    Item.objects.issue({spoon.pk: 30}, month=MAY)

    lot = spoon.receive(100, lot_number="A")

    assert Lot.objects.with_on_hand().get() == lot
    assert Lot.objects.with_on_hand().get().on_hand == 70
    assert on_hand(spoon) == 70
    assert sorted(Movement.objects.values_list("kind", "lot__number", "quantity"), key=str) == [
        ("moved", "A", -30),
        ("moved", None, 30),
        ("received", "A", 100),
    ]


def test_receiving_too_few_settles_some(spoon):
    Item.objects.issue({spoon.pk: 30}, month=MAY)

    spoon.receive(10, lot_number="A")

    assert Lot.objects.with_on_hand().get().on_hand == 0
    assert on_hand(spoon) == -20


def test_receive_elsewhere_settles_nothing_here(spoon):
    Item.objects.issue({spoon.pk: 30}, month=MAY)

    spoon.receive(100, store=Store.objects.create(name="Outreach bag", order=3))

    assert list(Movement.objects.values_list("kind", flat=True)) == ["received"]


@pytest.mark.parametrize("quantity", [0, -5])
def test_receive_refuses_nothing(spoon, quantity):
    with pytest.raises(ValidationError, match="Write 1 or more"):
        spoon.receive(quantity)

    assert Lot.objects.count() == 0


def test_receiving_without_required_fields_changes_nothing(store):
    strip = an_item("Strip", tracks_lot=True)

    with pytest.raises(ValidationError, match="lot number"):
        strip.receive(10)

    assert (Lot.objects.count(), Movement.objects.count()) == (0, 0)


def test_count_writes_only_the_difference(spoon, somebody):
    lot = spoon.receive(100)
    Item.objects.issue({spoon.pk: 10}, month=MAY)

    assert spoon.count(85, lot=lot, by=somebody) == -5
    assert spoon.count(85, lot=lot, by=somebody) == 0

    assert list(Movement.objects.filter(kind="counted").values_list("quantity", "by")) == [(-5, somebody.pk)]
    assert on_hand(spoon) == 85


def test_count_of_lot_not_known_settles_it(spoon):
    Item.objects.issue({spoon.pk: 10}, month=MAY)

    assert spoon.count(0) == 10

    assert on_hand(spoon) == 0
    with pytest.raises(ValidationError, match=r"There cannot be fewer than zero."):
        spoon.count(-1)


def test_waste_takes_off_the_shelf_for_good(spoon, somebody):
    lot = spoon.receive(100)

    spoon.waste(40, lot=lot, by=somebody, reason="wet")

    row = Movement.objects.get(kind="wasted")
    assert (row.lot, row.quantity, row.by, row.reason) == (lot, -40, somebody, "wet")
    assert on_hand(spoon) == 60
    with pytest.raises(ValidationError, match="Write 1 or more"):
        spoon.waste(0)


@pytest.mark.django_db
def test_main_store_is_created_when_missing():
    store = Store.objects.main()
    assert (store.name, store.order) == ("Cupboard", 1)
    assert Store.objects.main() == store

    first = Store.objects.create(name="Shed", order=0)
    assert Store.objects.main() == first


@pytest.mark.django_db
def test_store_needs_a_name():
    refused("store_name_given", lambda: Store.objects.create(name=""))
