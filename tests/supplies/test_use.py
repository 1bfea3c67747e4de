"""What went out by month: packs or their parts, never both, and sets."""

import pytest

from supplies.models import Item
from supplies.models.use import given_out, sets_given_out
from tests.supplies.makers import APRIL, MAY, a_kit, a_lot, an_item

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def spoon(store):
    return an_item("Spoon")


@pytest.fixture
def barrel(store):
    return an_item("Barrel", counts_as_set=True)


@pytest.fixture
def pack(spoon, barrel):
    for item in (spoon, barrel):
        a_lot(item, 500, number="A")
    return a_kit(of=[(spoon, 1), (barrel, 2)])


def test_given_out_is_packs_or_parts(pack, spoon, barrel):
    pack.assemble(10)
    Item.objects.issue({pack.pk: 4, spoon.pk: 5}, month=APRIL)
    Item.objects.complete_month(APRIL)
    Item.objects.issue({pack.pk: 1, barrel.pk: 7}, month=MAY)

    assert given_out(APRIL, MAY) == {APRIL: {pack.pk: 4, spoon.pk: 5}, MAY: {pack.pk: 1, barrel.pk: 7}}
    assert given_out(APRIL, MAY, unpacked=True) == {
        APRIL: {spoon.pk: 9, barrel.pk: 8},
        MAY: {spoon.pk: 1, barrel.pk: 9},
    }
    assert given_out(MAY, MAY, item=barrel) == {MAY: {barrel.pk: 7}}


def test_sets_are_counted_in_packs_and_loose_once_each(pack, spoon, barrel):
    needle = an_item("Needle")
    pack.assemble(10)
    Item.objects.issue({pack.pk: 3, barrel.pk: 5, needle.pk: 50}, month=MAY)

    assert sets_given_out(MAY, MAY) == {MAY: 11}


def test_packs_keep_the_recipe_they_were_made_with(pack, spoon, barrel):
    pack.assemble(2)
    pack.components.filter(item=barrel).update(quantity=5)
    Item.objects.issue({pack.pk: 3}, month=MAY)

    # Two of the old ones, and one nobody knows the lot of: as one is made today.
    assert given_out(MAY, MAY, unpacked=True) == {MAY: {spoon.pk: 3, barrel.pk: 9}}


def test_a_pack_nobody_knows_the_inside_of_is_a_pack(store):
    bought = an_item("Bought", kind="pack")
    Item.objects.issue({bought.pk: 3}, month=MAY)

    assert given_out(MAY, MAY, unpacked=True) == {MAY: {bought.pk: 3}}


def test_given_out_takes_a_few_statements_however_much_there_is(pack, spoon, barrel, django_assert_num_queries):
    for n in range(1, 4):
        pack.assemble(n)
        Item.objects.issue({pack.pk: n}, month=MAY)

    with django_assert_num_queries(4):
        given_out(APRIL, MAY, unpacked=True)
