"""What work with the stock costs a thumb: what expires soon, a kit and two items."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hub.models import Opening, Visit, VisitItem
from tests.journeys.taps import taps
from tests.supplies.makers import a_kit, a_lot, an_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("start", ["/today/", "/stock/"])
def test_expiring_in_60_days_takes_one_tap(demo, page_as, live_server, coordinator, start):
    water = an_item("Sterile water", tracks_expiry=True)
    a_lot(water, 10, expires_on=timezone.localdate() + dt.timedelta(days=59))
    by = taps(page_as(coordinator))
    by.page.goto(live_server.url + start)

    by.tap(by.page.get_by_role("link", name="See what to use first" if start == "/today/" else "To look at").first)

    expect(by.page.get_by_role("link", name="Sterile water").first).to_be_visible()
    assert by.number <= 1


def test_kit_and_two_items_take_four_taps(demo, page_as, live_server, volunteer):
    filter_, cooker = an_item("Filter", desk_order=2), an_item("Cooker", desk_order=3)
    a_kit("Kit", of=[(filter_, 1), (cooker, 1)], desk_order=1)
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    by = taps(page_as(volunteer))
    by.page.goto(f"{live_server.url}/desk/")

    for name in ("Kit", "Filter", "Cooker"):
        by.tap(by.page.locator(".tile-face").filter(has_text=name))
    by.tap(by.page.locator("#log"))

    expect(by.page.locator("#total-visits")).to_have_text("1")
    expect(by.page.locator("#sync-text")).to_have_text("All sent")
    assert (Visit.objects.count(), VisitItem.objects.count()) == (1, 3)
    assert by.number <= 4
