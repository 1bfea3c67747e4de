import pytest

from supplies.models import Item
from supplies.models.use import sum_given_out
from tests.supplies.makers import APRIL, MAY, a_kit, a_lot, an_item

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def barrel(store):
    return an_item("Barrel")


@pytest.fixture
def pack(spoon, barrel):
    for item in (spoon, barrel):
        a_lot(item, 500, number="A")
    return a_kit(of=[(spoon, 1), (barrel, 2)])


def test_given_out_counts_packs_as_packs(pack, spoon, barrel):
    pack.assemble(10)
    Item.objects.issue({pack.pk: 4, spoon.pk: 5}, month=APRIL)
    Item.objects.complete_month(APRIL)
    Item.objects.issue({pack.pk: 1, barrel.pk: 7}, month=MAY)

    assert sum_given_out(APRIL, MAY, item=pack) == {APRIL: 4, MAY: 1}
    assert sum_given_out(APRIL, MAY, item=spoon) == {APRIL: 5}
    assert sum_given_out(MAY, MAY, item=barrel) == {MAY: 7}


def test_given_out_adds_corrections_of_a_complete_month(spoon):
    Item.objects.issue({spoon.pk: 4}, month=APRIL)
    Item.objects.complete_month(APRIL)
    Item.objects.issue({spoon.pk: 2}, month=APRIL)

    assert sum_given_out(APRIL, MAY, item=spoon) == {APRIL: 6}


def test_given_out_takes_one_statement(spoon, django_assert_num_queries):
    for n in range(1, 4):
        Item.objects.issue({spoon.pk: n}, month=MAY)

    with django_assert_num_queries(1):
        assert sum_given_out(APRIL, MAY, item=spoon) == {MAY: 6}
