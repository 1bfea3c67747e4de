"""Boxes of the stock read numbers, money and days as people write them, and save nothing of what they cannot read."""

import datetime as dt
from decimal import Decimal

import pytest

from supplies.forms.deliveries import DeliveryLineForm
from supplies.forms.fields import build_quantity_field
from supplies.forms.items import WasteForm
from supplies.models import Item, Movement
from tests.supplies.makers import a_lot, an_item, on_hand


@pytest.fixture
def at_the_stock(client, coordinator, demo, sign_in):
    sign_in(client, coordinator)
    return client


@pytest.mark.parametrize(("typed", "number"), [("1,200", 1200), ("1 200", 1200), ("20 packs", 200), ("5 foils", 5)])
def test_quantity_is_read_with_its_pack(typed, number):
    foil = Item(name="Foil", unit="foil", units="foils", pack_size=10)
    assert build_quantity_field(foil).clean(typed) == number


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["10-", "1-2", "12.5", "ten", "20 crates"])
def test_unread_number_saves_nothing(typed, at_the_stock):
    item = an_item("Spoon")
    a_lot(item, 100)
    address = "/stock/items/spoon/count/"
    boxes = [name for name in at_the_stock.get(address).context["form"].fields if name != "opened"]
    movements = Movement.objects.count()
    response = at_the_stock.post(address, {boxes[0]: typed})
    assert response.status_code == 422
    assert f"“{typed}” is not a" in response.content.decode()
    assert "Write it like 12 or 1,200." in response.content.decode()
    assert f'value="{typed}"' in response.content.decode()
    assert (on_hand(item), Movement.objects.count()) == (100, movements)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "counted", "packs"), [("20 packs", "units", 10), ("20", "packs", 10), ("20 single", "packs", 1)]
)
def test_delivery_counts_what_was_written(typed, counted, packs):
    item = an_item("Foil", pack_size=10, tracks_lot=True, tracks_expiry=True)
    data = {"key": "0b6f1f0e-0000-4000-8000-000000000001", "quantity": typed, "counted": counted}
    data |= {"lot_number": "A1", "expires_on": "11/2099", "price": "£12,50", "sure": "on"}
    form = DeliveryLineForm(item, data, money=True)
    assert form.is_valid(), form.errors
    assert (form.line["quantity"], form.line["pack_size"]) == (20, packs)
    assert form.line["expires_on"] == dt.date(2099, 11, 30)
    assert form.line["price"] == Decimal("12.50")


@pytest.mark.django_db
def test_unread_day_is_a_sentence_with_example(at_the_stock):
    response = at_the_stock.post("/stock/funds/new/", {"name": "Bucket", "spend_by": "31/2"})
    assert response.status_code == 422
    assert "“31/2” is not a day we can read. Write it like" in response.content.decode()


@pytest.mark.django_db
def test_quantity_of_waste_knows_the_pack():
    item = an_item("Foil", pack_size=10)
    a_lot(item, 100)
    assert WasteForm([], item).fields["quantity"].clean("2 packs") == 20
