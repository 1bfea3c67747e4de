"""The public stock list: taken before anybody is given anything, and fixed until the morning."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.jobs import update_public_stock
from hub.models import Opening, PublicStock
from supplies.models import Item
from tests.supplies.makers import a_kit, a_lot, an_item
from tests.volunteers.rota_world import at
from tests.volunteers.threads import Meanwhile
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def spoon():
    spoon = an_item("Spoon", minimum=1, public_name="Spoons with a filter")
    a_lot(spoon, 1)
    return spoon


def shown():
    """(there, not there), as names."""
    shelves = PublicStock.current().group_by_category()
    return [item.display_name for shelf in shelves for item in shelf.here], [
        item.display_name for s in shelves for item in s.gone
    ]


def give_out(item, quantity=1):
    Item.objects.issue({item.pk: quantity}, month=timezone.localdate().replace(day=1))


@time_machine.travel(at("2026-11-24", "18:00"), tick=False)
def test_public_stock_is_unchanged_while_desk_is_open(spoon):
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    give_out(spoon)
    assert shown() == (["Spoons with a filter"], [])
    assert not Opening.objects.update_public_stock()

    opening.close(nobody_came=True)
    assert not Opening.objects.update_public_stock()
    with time_machine.travel(at("2026-11-25", "05:59"), tick=False):
        assert not Opening.objects.update_public_stock()
    # Opening the same evening's desk again, or another place's, is the same evening.
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    Opening.objects.start(kind=Opening.Kind.OUTREACH, place="Market")
    assert shown() == (["Spoons with a filter"], [])

    with time_machine.travel(at("2026-11-25", "06:23"), tick=False):
        Opening.objects.aggregate_overdue()
        update_public_stock(0)
        assert shown() == ([], ["Spoons with a filter"])
        assert PublicStock.current().taken_on == dt.date(2026, 11, 25)


@time_machine.travel(at("2026-11-24", "18:00"), tick=False)
def test_opening_a_desk_takes_public_stock(spoon):
    assert PublicStock.current() is None

    Opening.objects.start(kind=Opening.Kind.UNPLANNED)

    assert shown() == (["Spoons with a filter"], [])


@time_machine.travel(at("2026-11-24", "18:00"), tick=False)
def test_late_aggregation_fixes_nothing_of_next_evening(spoon):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    give_out(spoon)
    with time_machine.travel(at("2026-11-26", "18:00"), tick=False):
        Opening.objects.start(kind=Opening.Kind.UNPLANNED)
        assert shown() == ([], ["Spoons with a filter"])


def test_a_cancelled_evening_does_not_fix_the_picture(spoon):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED).cancel()
    give_out(spoon)

    assert Opening.objects.update_public_stock()
    assert shown() == ([], ["Spoons with a filter"])


def test_retaking_public_stock_is_refused_while_open(spoon):
    Opening.objects.update_public_stock_by_hand()
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)

    with pytest.raises(NotAllowed, match="A desk has opened this evening, so this list cannot change until the"):
        Opening.objects.update_public_stock_by_hand()


def test_public_stock_leaves_out_restricted_items():
    today = timezone.localdate()
    past, aside, good, loose = (an_item(name, minimum=1) for name in ("Past", "Aside", "Good", "Loose"))
    a_lot(past, 5, expires_on=today - dt.timedelta(days=1))
    a_lot(aside, 5, quarantined_since=today)
    a_lot(good, 5, expires_on=today)
    loose.count(5)
    Opening.objects.update_public_stock()
    assert shown() == (["Good", "Loose"], ["Aside", "Past"])


def test_public_stock_lists_chosen_items_without_bundles(spoon):
    a_lot(an_item("Tourniquet", public=False), 5)
    a_kit("Going out", kind="bundle", of=[(spoon, 1)])
    # Nobody ever had it, and nobody wants any: it has not run out.
    an_item("Pipe")
    an_item("Withdrawn", withdrawn=True, minimum=1)
    Opening.objects.update_public_stock()
    assert shown() == (["Spoons with a filter"], [])

    Item.objects.update(public=False)
    assert shown() == ([], [])


def test_front_and_list_never_say_how_many(client, spoon):
    a_lot(spoon, 4321, number="A")
    Opening.objects.update_public_stock()
    for path in ("/", "/supplies/"):
        page = client.get(path).content.decode()
        assert "Spoons with a filter" in page
        assert "4321" not in page
        assert "4,321" not in page


@pytest.mark.parametrize("wrong", [{"pk": 2}, {"pk": 1, "here": [1, 2], "gone": [2]}])
def test_database_keeps_one_consistent_public_stock(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicStock.objects.create(taken_on=timezone.localdate(), **wrong)


@pytest.mark.django_db(transaction=True)
def test_second_desk_does_not_retake_public_stock(spoon):
    with transaction.atomic():
        Opening.objects.start(kind=Opening.Kind.UNPLANNED)
        second = Meanwhile(lambda: Opening.objects.start(kind=Opening.Kind.OUTREACH, place="Market"))
        give_out(spoon)
    assert second.answer.place == "Market"
    assert shown() == (["Spoons with a filter"], [])
