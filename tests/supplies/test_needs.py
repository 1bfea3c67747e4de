import datetime as dt
import uuid
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine

from hub.models import Opening
from supplies.models import Component, Item, Movement, Order, Shortfall, Store, Supplier, calculate_needs
from supplies.models.needs import describe_days, openings_held
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, TODAY, a_lot, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FEBRUARY, MARCH = dt.date(2026, 2, 1), dt.date(2026, 3, 1)


def held(month, times, state="closed"):
    """So many openings on the first days of this month."""
    counts = {"closed": (1, 1), "nobody_came": (0, 0), "not_recorded": (None, None), "open": (None, None)}
    visits, people = counts[state]
    for n in range(times):
        day = month + dt.timedelta(n)
        Opening.objects.create(date=day, kind="planned", place=state, state=state, visits=visits, people=people)


def used(item, month, quantity):
    Item.objects.issue({item.pk: quantity}, month=month)


def need_of(item):
    (need,) = calculate_needs(
        Item.objects.filter(pk=item.pk).select_related("supplier").with_on_hand().with_last_cost()
    )
    return need


@pytest.fixture
def known(spoon):
    """A spoon known since February, with two openings a week and five of it given out at each."""
    Movement.objects.create(
        kind="received",
        item=spoon,
        lot=a_lot(spoon, number="A", expires_on=NEXT_YEAR),
        store=Store.objects.main(),
        quantity=200,
        made_on=FEBRUARY,
    )
    for month, times in {FEBRUARY: 8, MARCH: 8, APRIL: 8, MAY: 6}.items():
        held(month, times)
        used(spoon, month, times * 5)
    return spoon


def test_openings_held_are_what_the_hub_says(db):
    held(MARCH, 3)
    held(MARCH, 2, "nobody_came")
    held(MARCH, 4, "not_recorded")
    held(MAY, 1, "open")
    held(dt.date(2026, 1, 1), 5)

    assert openings_held(FEBRUARY) == {MARCH: 5, MAY: 1}


def test_need_says_how_long_it_lasts(known):
    need = need_of(known)

    # February held 8 in 28 days: two a week; the others a little less. Five at each.
    assert 9 <= need.per_week <= 10
    assert need.stock.usable == 50
    assert need.lasts == "about 5 weeks"
    assert need.advice is None
    assert need.why == ""


def test_need_reads_completed_and_open_months_alike(known):
    before = need_of(known).per_week
    for month in (FEBRUARY, MARCH, APRIL):
        Item.objects.complete_month(month)

    assert need_of(known).per_week == before


def test_new_item_is_not_low_by_absence(known):
    foil = an_item("Foil")
    a_lot(foil, 30)
    used(foil, MAY, 24)

    assert need_of(foil).per_week == need_of(known).per_week / 5 * 4


def test_need_ignores_expired_and_quarantined_stock(known):
    a_lot(known, 30, number="old", expires_on=TODAY - dt.timedelta(1))
    a_lot(known, 20, number="aside", expires_on=NEXT_YEAR, quarantined_since=TODAY)
    a_lot(known, 5, number="today", expires_on=TODAY)

    assert need_of(known).stock.usable == 55


def test_need_subtracts_what_is_on_order(known):
    used(known, MAY, 40)
    assert need_of(known).advice is not None
    order = Order.objects.start({known: 30}, key=_key())
    assert need_of(known).stock.on_order == 0
    order.place()

    need = need_of(known)
    assert need.stock.on_order == 30
    assert need.advice is None


def test_need_takes_the_suppliers_days(known):
    known.supplier = Supplier.objects.create(name="Works", lead_days=40)
    known.save()

    need = need_of(known)
    assert need.stock.lead_days == 40
    assert need.why == "about 5 weeks left at this rate"


def test_need_says_why_in_words(known):
    known.minimum = 60
    known.save()
    used(known, MAY, 38)
    for n in range(2):
        Shortfall.objects.note("out", month=MAY, item=known, key=_key(n))

    assert (
        need_of(known).why == "about 8 days left at this rate · below the minimum of 60 · asked for 2 times while out"
    )


def test_need_of_empty_and_negative_stock(known):
    used(known, MAY, 50)
    assert need_of(known).why == "none left to give out"
    used(known, MAY, 1)
    assert need_of(known).why == "below zero: please count it"


def test_unused_item_without_minimum_needs_nothing(spoon):
    need = need_of(spoon)

    assert (need.advice, need.lasts, need.why, need.per_week) == (None, "", "", None)


def test_withdrawn_item_is_never_advised(known):
    used(known, MAY, 50)
    known.withdrawn = True
    known.save()

    assert need_of(known).advice is None


def test_weekly_cost_uses_last_known_cost(known):
    assert need_of(known).weekly_cost is None
    a_lot(known, number="B", expires_on=NEXT_YEAR, unit_cost=Decimal("0.5"))
    a_lot(known, number="C", expires_on=NEXT_YEAR)

    need = need_of(known)
    assert need.weekly_cost == round(Decimal(float(need.per_week)) / 2, 2)


@pytest.mark.parametrize("rows", [1, 3])
def test_needs_statements(rows, django_assert_num_queries):
    for n in range(rows):
        item = an_item(f"Item {n}")
        a_lot(item, 5)
        Order.objects.start({item: 1}, key=_key(n)).place()
    items = Item.objects.with_on_hand().select_related("supplier")

    # Items, openings, shortfalls, use, known since, on order, set aside.
    with django_assert_num_queries(7):
        assert len(calculate_needs(items)) == rows


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "less than a day"),
        (1, "about 1 day"),
        (9, "about 9 days"),
        (20, "about 20 days"),
        (21, "about 3 weeks"),
        (370, "about 52 weeks"),
        (371, "over a year"),
    ],
)
def test_how_long_in_words(days, said):
    assert describe_days(days) == said


def _key(n=0):
    return uuid.UUID(int=n + 1)


def test_pack_parts_are_used_and_packs_unordered(known):
    pack = an_item("Pack", kind="pack", minimum=500)
    Component.objects.create(kit=pack, item=known, quantity=2)
    before = need_of(known).per_week

    with time_machine.travel("2026-04-20 18:30 +0100", tick=False):
        pack.assemble(10)
    assert need_of(known).per_week == before  # One odd month does not matter.
    pack.assemble(10)

    assert need_of(pack).advice is None
    # In two months of four twenty more left its shelf: 7.5 and 8.33 at an opening, where it was five.
    assert need_of(known).per_week == before / 5 * Fraction(25, 4)
