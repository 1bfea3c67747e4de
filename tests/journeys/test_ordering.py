"""From the list of what to order to a delivery of two lots on the shelf, on a phone, without a line lost."""

import csv
import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from supplies.models import Delivery, Item, Lot, Order
from tests.look import axe, small_targets
from tests.supplies.makers import a_lot, an_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def in_years(number):
    return dt.date(timezone.localdate().year + number, 5, 31).isoformat()


@pytest.fixture
def water(demo):
    about = {"unit": "ampoule", "units": "ampoules", "minimum": 100, "target": 200, "pack_size": 20}
    item = an_item("Sterile water", tracks_expiry=True, tracks_lot=True, **about)
    a_lot(item, 10, number="OLD", expires_on=in_years(3))
    return item


def test_order_list_becomes_a_csv(page_as, live_server, coordinator, water, console):
    page = page_as(coordinator)
    page.goto(f"{live_server.url}/stock/orders/")
    expect(page.get_by_text("below the minimum of 100")).to_be_visible()
    expect(page.get_by_label("packs of 20: Sterile water")).to_have_value("10")

    page.get_by_label("packs of 20: Sterile water").fill("8")
    page.get_by_role("button", name="Start an order with these").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Order")
    page.get_by_label("A note for the supplier").fill("Ring twice")
    page.get_by_role("button", name="Save and place the order").click()
    expect(page.get_by_text("Placed. Now it is on order.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV file").click()

    rows = list(csv.reader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert download.value.suggested_filename == f"order-{Order.objects.get().pk}.csv"
    assert rows == [["Item", "Your code", "Pack of", "Packs", "In all"], ["Sterile water", "", "20", "8", "160"]]
    page.goto(f"{live_server.url}/stock/orders/")
    expect(page.get_by_text("Nothing to order")).to_be_visible()
    assert console.quiet


def test_delivery_of_two_lots_is_received(page_as, live_server, volunteer, water, console):
    order = Order.objects.start({water: 8}, key="00000000-0000-4000-8000-000000000001")
    order.place()
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/stock/deliveries/")
    page.get_by_role("button", name="Order").click()
    page.get_by_role("link", name="It came").click()

    page.get_by_label("How many").fill("5")
    page.get_by_label("Lot number").fill("W-77")
    page.get_by_label("Use by").fill("2020-05-31")
    page.get_by_role("button", name="Save it, and add another lot of it").click()
    expect(page.get_by_text("That date is in the past: 31 May 2020").first).to_be_visible()
    assert axe(page) == []
    assert small_targets(page) == []
    page.get_by_label("Use by").fill(in_years(4))
    page.get_by_role("button", name="Save it, and add another lot of it").click()

    expect(page.get_by_text("Entered: 5 packs of 20 = 100 ampoules")).to_be_visible()
    page.get_by_label("How many").fill("60")
    page.get_by_label("single ampoules").check()
    page.get_by_label("Lot number").fill("W-78")
    page.get_by_label("Use by").fill(in_years(5))
    page.get_by_role("button", name="Save this line", exact=True).click()

    # The phone dies here, and somebody else goes on.
    page.goto(f"{live_server.url}/stock/deliveries/")
    page.get_by_role("link", name="20").first.click()
    expect(page.get_by_text("lot W-77")).to_be_visible()
    page.get_by_role("button", name="Put all of it on the shelf").click()
    expect(page.get_by_text("It is on the shelf.")).to_be_visible()

    assert Delivery.objects.get().by == volunteer
    assert {lot.number: lot.on_hand for lot in Lot.objects.with_on_hand()} == {"OLD": 10, "W-77": 100, "W-78": 60}
    assert Item.objects.with_on_hand().get().on_hand == 170
    order.refresh_from_db()
    assert order.state == "received"
    # The browser says so of itself when a form is asked again.
    assert [message for message in console.messages if "422" not in message] == []
    assert console.elsewhere == []
