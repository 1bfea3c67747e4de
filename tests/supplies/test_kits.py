"""Kits: packs made up and taken apart, and bundles that stand for their parts (kits.py, components.py)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies.models import Component, Inside, Issued, Item, Lot, Movement, Outgoing, Store
from tests.supplies.makers import MAY, NEXT_YEAR, TODAY, a_kit, a_lot, an_item, here, on_hand
from tests.volunteers.threads import Meanwhile, at_once

pytestmark = pytest.mark.usefixtures("today")

TOMORROW = TODAY + dt.timedelta(1)


@pytest.fixture
def swab(store):
    return an_item("Swab")


@pytest.fixture
def pack(spoon, swab):
    return a_kit(of=[(spoon, 2), (swab, 3)])


def refused(rule, write):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        write()


def test_assembling_takes_earliest_parts_into_one_lot(pack, spoon, swab, store, somebody):
    a_lot(spoon, 30, number="late", expires_on=NEXT_YEAR)
    a_lot(spoon, 5, number="soon", expires_on=TOMORROW)
    a_lot(swab, 30, number="W")

    lot = pack.assemble(4, by=somebody)

    assert (lot.number, lot.expires_on) == ("P260520-1", TOMORROW)
    assert (here(spoon), here(swab), here(pack)) == ({"late": 27}, {"W": 18}, {"P260520-1": 4})
    rows = Movement.objects.exclude(act=None)
    assert {(row.kind, row.by, row.act) for row in rows} == {("assembled", somebody, rows[0].act)}
    assert sorted(lot.inside.values_list("item__name", "lot__number", "each", "quantity", "given_back")) == [
        ("Spoon", "late", 2, 3, 0),
        ("Spoon", "soon", 2, 5, 0),
        ("Swab", "W", 3, 12, 0),
    ]


def test_packs_of_one_day_are_distinguishable(pack, spoon, swab):
    a_lot(spoon, 30)
    a_lot(swab, 30)

    assert [pack.assemble(1).number for _ in range(2)] == ["P260520-1", "P260520-2"]


def test_pack_costs_its_known_parts(pack, spoon, swab):
    a_lot(spoon, 30, unit_cost=Decimal("0.10"))
    unpriced = a_lot(swab, 30)
    assert pack.assemble(1).unit_cost is None

    Lot.objects.filter(pk=unpriced.pk).update(unit_cost=Decimal("0.02"))

    assert pack.assemble(2).unit_cost == Decimal("0.26")


def test_assembling_too_many_changes_nothing(pack, spoon, swab):
    a_lot(spoon, 30)
    a_lot(swab, 8)

    with pytest.raises(ValidationError, match="Swab: our records say there are 8 some"):
        pack.assemble(3)

    assert (on_hand(spoon), on_hand(swab), on_hand(pack)) == (30, 8, 0)


def test_assembling_skips_expired_and_quarantined_parts(pack, spoon, swab):
    a_lot(spoon, 30, number="past", expires_on=TODAY - dt.timedelta(1))
    a_lot(spoon, 30, number="aside", quarantined_since=TODAY)
    a_lot(swab, 30)

    with pytest.raises(ValidationError, match="Spoon: our records say there are 0 some"):
        pack.assemble(1)


def test_assembling_stays_in_one_store(pack, spoon, swab, bag):
    for item in (spoon, swab):
        a_lot(item, 30, number="here")
        a_lot(item, 30, number="there", store=bag)

    pack.assemble(2, store=bag)

    assert here(pack, bag) == {"P260520-1": 2}
    assert here(spoon, bag) == {"there": 26}


def test_assembling_needs_recipe_and_stocked_item(pack, spoon):
    with pytest.raises(ValidationError, match="what goes into it"):
        an_item("Empty", kind="pack").assemble(1)
    with pytest.raises(ValidationError, match="what goes into it"):
        spoon.assemble(1)
    with pytest.raises(ValidationError, match="what goes into it"):
        a_kit("Bundle", kind="bundle", of=[(spoon, 1)]).assemble(1)
    Item.objects.filter(pk=spoon.pk).update(withdrawn=True)
    with pytest.raises(ValidationError, match="Spoon is withdrawn"):
        pack.assemble(1)


@pytest.mark.parametrize("number", [0, -1, 1.0, True, 1_000_001, 999_999])
def test_assembling_an_absurd_number_is_refused(pack, number):
    with pytest.raises(ValidationError):
        pack.assemble(number)


def test_dated_pack_needs_dated_parts(spoon):
    dated = a_kit("Dated", of=[(spoon, 1)], tracks_expiry=True)
    a_lot(spoon, 5)

    with pytest.raises(ValidationError, match="date from the box"):
        dated.assemble(1)

    assert on_hand(spoon) == 5


def test_taking_apart_returns_parts_to_lots(pack, spoon, swab):
    a_lot(spoon, 5, number="soon", expires_on=TOMORROW)
    a_lot(spoon, 30, number="late", expires_on=NEXT_YEAR)
    a_lot(swab, 30, number="W")
    before = (here(spoon), here(swab))
    lot = pack.assemble(4)

    pack.take_apart(4, lot=lot)

    assert (here(spoon), here(swab), here(pack)) == (*before, {})


def test_partly_given_packs_return_latest_parts(pack, spoon, swab):
    a_lot(spoon, 5, number="soon", expires_on=TOMORROW)
    a_lot(spoon, 30, number="late", expires_on=NEXT_YEAR)
    a_lot(swab, 30, number="W")
    lot = pack.assemble(4)
    Item.objects.issue({pack.pk: 2}, month=MAY)

    back = pack.take_apart(2, lot=lot)

    assert here(spoon) == {"late": 30, "soon": 1}
    assert {issued.item_id: 0 for issued in back} == {spoon.pk: 0, swab.pk: 0}
    assert here(pack) == {}


def test_packs_made_under_an_old_recipe_keep_it(pack, spoon, swab):
    a_lot(spoon, 30)
    a_lot(swab, 30)
    old = pack.assemble(2)
    Component.objects.filter(kit=pack, item=spoon).update(quantity=5)
    new = pack.assemble(1)
    assert on_hand(spoon) == 21

    pack.take_apart(2, lot=old)
    assert on_hand(spoon) == 25
    pack.take_apart(1, lot=new)
    assert on_hand(spoon) == 30


def test_taking_apart_too_many_is_refused(pack, spoon, swab, bag):
    a_lot(spoon, 30)
    a_lot(swab, 30)
    lot = pack.assemble(2)
    bought = a_lot(pack, 5, number="bought")

    with pytest.raises(ValidationError, match="there are 2 of these"):
        pack.take_apart(3, lot=lot)
    with pytest.raises(ValidationError, match="there are 0 of these"):
        pack.take_apart(1, lot=lot, store=bag)
    with pytest.raises(ValidationError, match=r"We did not make these up here, so we do not know what is in them."):
        pack.take_apart(1, lot=bought)
    with pytest.raises(ValidationError, match=r"We did not make these up here, so we do not know what is in them."):
        spoon.take_apart(1, lot=lot)

    assert on_hand(pack) == 7


def test_found_packs_return_parts_without_lot(pack, spoon, swab):
    a_lot(spoon, 30, number="A")
    a_lot(swab, 30, number="W")
    lot = pack.assemble(2)
    pack.count(3, lot=lot)

    assert Issued(spoon.pk, None, 2) in pack.take_apart(3, lot=lot)

    assert here(spoon) == {"A": 30, None: 2}


@pytest.mark.django_db(transaction=True)
def test_packs_made_during_issues_lose_nothing():
    Store.objects.create(name="Cupboard", order=1)
    spoon, swab = an_item("Spoon"), an_item("Swab")
    pack = a_kit(of=[(spoon, 1), (swab, 1)])
    for item in (spoon, swab):
        a_lot(item, 40, number="A")

    def make():
        return [pack.assemble(1) for _ in range(10)]

    def give():
        return [Item.objects.issue({swab.pk: 1, spoon.pk: 1, pack.pk: 1}, month=MAY) for _ in range(10)]

    answers = at_once(make, make, give)

    assert all(isinstance(answer, list) for answer in answers)
    assert (on_hand(spoon), on_hand(swab), on_hand(pack)) == (10, 10, 10)
    assert len(set(Lot.objects.filter(item=pack).values_list("number", flat=True))) == 20


# Bundles


def test_a_bundle_on_the_desk_brings_its_parts(spoon, swab, django_assert_num_queries):
    bundle = a_kit("Set", kind="bundle", of=[(spoon, 1), (swab, 2)], desk_order=1)
    an_item("Foil", desk_order=2)
    Item.objects.filter(pk=swab.pk).update(withdrawn=True)

    with django_assert_num_queries(2):
        tiles = list(Item.objects.on_the_desk())
        parts = [[(part.item.name, part.quantity) for part in tile.parts] for tile in tiles]

    assert [tile.is_bundle for tile in tiles] == [True, False]
    assert parts == [[("Spoon", 1)], []]
    assert tiles[0].pk == bundle.pk


def test_unbundling_adds_the_parts_to_what_is_there(spoon, swab):
    bundle = a_kit("Set", kind="bundle", of=[(spoon, 1), (swab, 2)])

    assert Item.objects.replace_bundles({bundle.pk: 3, spoon.pk: 1}) == {spoon.pk: 4, swab.pk: 6}
    assert Item.objects.replace_bundles({spoon.pk: 1}) == {spoon.pk: 1}
    assert Item.objects.replace_bundles({}) == {}


def test_bundle_is_never_stock(spoon):
    bundle = a_kit("Set", kind="bundle", of=[(spoon, 1)])

    with pytest.raises(ValidationError, match="no longer on our list"):
        Item.objects.issue({bundle.pk: 1}, month=MAY)

    assert not Outgoing.objects.exists()
    assert [item.name for item in Item.objects.on_the_shelf()] == ["Spoon"]


@pytest.mark.parametrize("what", ["receive", "count", "movement", "outgoing"])
def test_a_bundle_is_never_stock(spoon, store, what):
    bundle = a_kit("Set", kind="bundle", of=[(spoon, 1)])

    refused(
        "bundle is no stock",
        {
            "receive": lambda: bundle.receive(5),
            "count": lambda: bundle.count(5),
            "movement": lambda: Movement.objects.create(
                kind="received", item=bundle, store=store, quantity=1, made_on=TODAY
            ),
            "outgoing": lambda: Outgoing.objects.create(item=bundle, store=store, quantity=1, month=MAY),
        }[what],
    )


# Recipes and what may be in them


def test_recipe_rules_of_the_database(pack, spoon, store):
    naloxone = an_item("Nyxoid", naloxone=True)
    bundle = a_kit("Set", kind="bundle", of=[(spoon, 1)])

    for kit, part in ((spoon, naloxone), (spoon, an_item("Foil")), (pack, bundle), (bundle, pack), (pack, pack)):
        refused("made of things", lambda kit=kit, part=part: Component.objects.create(kit=kit, item=part))
    refused("made of things", lambda: Component.objects.create(kit=pack, item=naloxone))
    refused("component_once_in_a_kit", lambda: Component.objects.create(kit=pack, item=spoon))
    for quantity in (0, 1000):
        refused(
            "component_quantity_in_range",
            lambda quantity=quantity: Component.objects.update(quantity=quantity),
        )


def test_invalid_recipe_part_is_explained(pack):
    for part in (an_item("Nyxoid", naloxone=True), a_kit("Other", of=[])):
        with pytest.raises(ValidationError, match="Only single things"):
            Component(kit=pack, item=part).full_clean()


def test_used_item_keeps_its_kind(pack, spoon, store):
    foil = an_item("Foil")
    foil.receive(1)
    for item, change in (
        (foil, {"kind": "bundle"}),
        (spoon, {"kind": "pack"}),
        (pack, {"kind": "thing"}),
        (spoon, {"naloxone": True}),
    ):
        refused(
            "in the books|part of no", lambda item=item, change=change: Item.objects.filter(pk=item.pk).update(**change)
        )
        for name, value in change.items():
            setattr(item, name, value)
        with pytest.raises(ValidationError):
            item.full_clean()


@pytest.mark.django_db(transaction=True)
def test_recipe_part_cannot_become_a_pack():
    spoon, pack = an_item("Spoon"), an_item("Pack", kind="pack")

    with transaction.atomic():
        Component.objects.create(kit=pack, item=spoon)
        meanwhile = Meanwhile(lambda: Item.objects.filter(pk=spoon.pk).update(kind="pack"))

    assert isinstance(meanwhile.answer, IntegrityError)
    assert pack.recipe() == {spoon: 1}


def test_only_things_count_as_set(store):
    for about, rule in (
        ({"kind": "pack", "counts_as_set": True}, "item_only_things_count_as_set"),
        ({"kind": "bundle", "tracks_lot": True}, "item_bundle_has_no_lots"),
        ({"kind": "bundle", "naloxone": True}, "item_bundle_has_no_lots"),
        ({"kind": "box"}, "item_kind_known"),
    ):
        refused(rule, lambda about=about: an_item(**about))


def test_packs_return_no_more_than_went_in(pack, spoon, swab):
    a_lot(spoon, 2)
    a_lot(swab, 3)
    pack.assemble(1)

    refused("inside_gives_back_no_more", lambda: Inside.objects.update(given_back=99))
