"""The pages of ordering, receiving and money in a browser: readable by everyone, on a small phone and in the dark."""

import uuid
from decimal import Decimal

import pytest

from supplies.models import Delivery, Fund, Order, Shortfall, Supplier, Wish
from tests.look import axe, scrolls_sideways, small_targets, storage
from tests.supplies.makers import MAY, a_lot, an_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(demo, coordinator):
    """One of everything, and where to look at it."""
    works = Supplier.objects.create(name="Works", how_to_order="Their web page")
    about = {"unit": "ampoule", "units": "ampoules", "minimum": 100, "pack_size": 20, "supplier": works}
    water = an_item("Sterile water in very small ampoules", tracks_expiry=True, tracks_lot=True, **about)
    spoon = an_item("Spoon", minimum=50)
    a_lot(spoon, 3)
    draft = Order.objects.start({water: 2, spoon: 1}, key=uuid.uuid4(), supplier=works)
    placed = Order.objects.start({spoon: 5}, key=uuid.uuid4())
    placed.place()
    fund = Fund.objects.create(name="Winter grant", purpose="Works and water")
    fund.add_contribution(Decimal(20), kind="grant", month=MAY, about="The Trust", key=uuid.uuid4())
    writing = Delivery.objects.start(key=uuid.uuid4(), order=placed)
    line = writing.write_line(uuid.uuid4(), item=spoon, quantity=3, price=Decimal("0.5"))
    came = Delivery.objects.start(key=uuid.uuid4())
    came.write_line(uuid.uuid4(), item=spoon, quantity=60, price=Decimal("0.5"))
    unpriced = came.write_line(uuid.uuid4(), item=spoon, quantity=4)
    came.change(fund=fund)
    came.receive(by=coordinator)
    unpriced.refresh_from_db()
    unpriced.correct(3, reason="one was missing", key=uuid.uuid4(), by=coordinator)
    pipes = Wish.objects.create(name="Pipes")
    Shortfall.objects.note("law", wish=pipes, month=MAY, number=7, key=uuid.uuid4())
    return {
        "shelf": "/stock/",
        "watch": "/stock/watch/",
        "orders": "/stock/orders/",
        "draft": f"/stock/orders/{draft.pk}/",
        "placed": f"/stock/orders/{placed.pk}/",
        "suppliers": "/stock/suppliers/",
        "supplier": f"/stock/suppliers/{works.pk}/",
        "deliveries": "/stock/deliveries/",
        "writing": f"/stock/deliveries/{writing.pk}/",
        "line": f"/stock/deliveries/{writing.pk}/lines/new/?item={water.pk}",
        "change": f"/stock/deliveries/{writing.pk}/lines/{line.pk}/",
        "came": f"/stock/deliveries/{came.pk}/",
        "correction": f"/stock/deliveries/{came.pk}/lines/{unpriced.pk}/correction/",
        "funds": "/stock/funds/",
        "fund": f"/stock/funds/{fund.pk}/",
        "new fund": "/stock/funds/new/",
        "shortfalls": "/stock/shortfalls/",
    }


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_pages_look_right(page_as, live_server, coordinator, console, addresses, scheme, width):
    page = page_as(coordinator)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for name, address in addresses.items():
        page.goto(f"{live_server.url}{address}")
        for details in page.locator("main details").all():
            details.evaluate("d => { d.open = true }")
        findings = (axe(page), small_targets(page), scrolls_sideways(page), storage(page))
        if findings != ([], [], False, []):
            wrong[name] = findings

    assert wrong == {}
    assert console.quiet


def test_order_prints_its_list_and_nothing_to_press(page_as, live_server, coordinator, addresses):
    page = page_as(coordinator)
    page.goto(f"{live_server.url}{addresses['placed']}")
    page.emulate_media(media="print")

    assert page.locator("table").is_visible()
    for button in page.get_by_role("button").all():
        assert not button.is_visible()
