"""Pages of orders and suppliers (views/orders.py, views/suppliers.py, spreadsheets.py)."""

import csv
import io
import uuid

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from openpyxl import load_workbook

from supplies.models import Delivery, Item, Order, Shortfall, Supplier, Wish
from supplies.spreadsheets import escape_formula
from tests.supplies.makers import MAY, a_lot, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ORDERS = reverse("supplies:orders")


@pytest.fixture
def orderer(client, somebody, sign_in, let):
    let("supplies.view_item", "supplies.manage_orders", "supplies.receive_delivery")
    sign_in(client, somebody)
    return client


@pytest.fixture
def low(store):
    """A spoon of which more is needed: three are here, fifty should be, a hundred would be nice, packs of ten."""
    spoon = an_item("Spoon", unit="spoon", units="spoons", minimum=50, target=100, pack_size=10)
    a_lot(spoon, 3)
    return spoon


def words(response):
    return " ".join(strip_tags(response.content.decode().partition("<main")[2]).split())


def start(client, **packs):
    data = {"key": uuid.uuid4(), **{f"packs-{pk}": n for pk, n in packs.items()}}
    return client.post(reverse("supplies:order-start"), data)


def an_order(*items, packs=1):
    return Order.objects.start(dict.fromkeys(items, packs), key=uuid.uuid4())


def page(order):
    return reverse("supplies:order", args=[order.pk])


def test_orders_advise_what_how_much_why(orderer, low):
    response = orderer.get(ORDERS)

    assert "Spoon below the minimum of 50 3 spoons to give out packs of 10" in words(response)
    assert f'name="packs-{low.pk}" value="10"' in response.content.decode()


def test_orders_name_unstocked_requests(orderer):
    pipes = Wish.objects.create(name="Pipes")
    Shortfall.objects.note("law", wish=pipes, month=MAY, number=4, key=uuid.uuid4())

    assert "People also asked for We do not stock it. This month and the three before: Pipes 4 times" in words(
        orderer.get(ORDERS)
    )


def test_nothing_to_order_says_so(orderer, spoon):
    text = words(orderer.get(ORDERS))

    assert "Nothing to order" in text
    assert "No orders yet." in text


def test_order_begins_with_open_list(orderer, low):
    foil = an_item("Foil", minimum=5)
    works = Supplier.objects.create(name="Works")
    data = {"key": uuid.uuid4(), "supplier": works.pk, f"packs-{low.pk}": 7, f"packs-{foil.pk}": ""}

    first, again = (orderer.post(reverse("supplies:order-start"), data) for _ in range(2))

    order = Order.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == page(order)
    assert order.supplier == works
    assert list(order.lines.values_list("item__name", "packs")) == [("Spoon", 7)]


@pytest.mark.parametrize("typed", ["-1", "10000", "1.5", "many", "9" * 40, "\x00"])
def test_absurd_order_is_refused_and_kept(orderer, low, typed):
    response = orderer.post(
        reverse("supplies:order-start"), {"key": uuid.uuid4(), "supplier": "", f"packs-{low.pk}": typed}
    )

    assert response.status_code == 422
    assert Order.objects.count() == 0
    assert "Packs of Spoon" in words(response)


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_order_without_a_key_is_refused(orderer, key):
    assert orderer.post(reverse("supplies:order-start"), {"key": key}).status_code == 422


def test_order_is_saved_filled_and_placed(orderer, low):
    foil = an_item("Foil")
    works = Supplier.objects.create(name="Works")
    order = an_order(low)

    data = {f"packs-{low.pk}": 4, "supplier": works.pk, "note": "Ring twice", "add": foil.pk, "add_packs": 2}
    saved = orderer.post(page(order), data)
    assert saved.status_code == 302
    order.refresh_from_db()
    assert (order.state, order.supplier, order.note) == ("draft", works, "Ring twice")
    assert dict(order.lines.values_list("item__name", "packs")) == {"Spoon": 4, "Foil": 2}

    orderer.post(page(order), {f"packs-{low.pk}": 0, f"packs-{foil.pk}": 3, "place": "yes"})
    order.refresh_from_db()
    assert order.state == "placed"
    assert dict(order.lines.values_list("item__name", "packs")) == {"Foil": 3}


def test_order_that_cannot_be_placed_is_kept(orderer, low):
    order = an_order(low)
    low.withdrawn = True
    low.save()

    response = orderer.post(page(order), {f"packs-{low.pk}": 9, "place": "yes"})

    assert response.status_code == 409
    assert "We no longer stock this: Spoon. Remove it from the list first." in words(response)
    assert 'value="9"' in response.content.decode()


def test_order_with_a_wrong_line_says_which(orderer, low):
    order = an_order(low)

    response = orderer.post(page(order), {f"packs-{low.pk}": "-4", "note": "Ring twice"})

    assert response.status_code == 422
    html = response.content.decode()
    assert 'value="-4"' in html
    assert 'value="Ring twice"' in html


def test_order_placed_meanwhile_is_refused(orderer, low):
    order = an_order(low)
    Order.objects.get().place()

    response = orderer.post(page(order), {f"packs-{low.pk}": 9})

    assert response.status_code == 409
    assert ", so you cannot change its list." in words(response)


def test_order_ends_only_where_sensible(orderer, low):
    order = an_order(low, packs=2)

    refused = orderer.post(reverse("supplies:order-close", args=[order.pk]))
    assert refused.status_code == 409
    assert "Cancel it instead" in words(refused)
    assert orderer.post(reverse("supplies:order-cancel", args=[order.pk])).status_code == 302
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert "cancelled" in words(orderer.get(page(order)))


def test_placed_order_shows_received_and_surplus(orderer, low):
    foil = an_item("Foil", pack_size=10)
    order = an_order(low, foil, packs=2)
    order.place()
    delivery = Delivery.objects.start(key=uuid.uuid4(), order=order)
    delivery.write_line(uuid.uuid4(), item=low, quantity=25)
    delivery.receive()

    text = words(orderer.get(page(order)))

    assert "Spoon 2 packs of 10 25 of 20 More than ordered" in text
    assert "Foil 2 packs of 10 0 of 20" in text
    assert "The rest will not come" in text


def test_order_of_nobody_is_not_found(orderer):
    for pk in (1, 10**30):
        assert orderer.get(f"/stock/orders/{pk}/").status_code == 404


# Files


def dangerous(low):
    low.name, low.order_code = '=HYPERLINK("http://x")', "+44"
    low.save()
    return an_order(low, packs=3)


def test_order_csv_runs_no_formula(orderer, low):
    order = dangerous(low)

    response = orderer.get(reverse("supplies:order-file", args=[order.pk, "csv"]))

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="order-{order.pk}.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows == [
        ["Item", "Your code", "Pack of", "Packs", "In all"],
        ['\'=HYPERLINK("http://x")', "'+44", "10", "3", "30"],
    ]


def test_order_workbook_holds_no_formula(orderer, low):
    order = dangerous(low)

    response = orderer.get(reverse("supplies:order-file", args=[order.pk, "xlsx"]))

    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ['=HYPERLINK("http://x")', "+44", 10, 3, 30]
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}


def test_order_in_another_format_is_not_found(orderer, low):
    assert orderer.get(reverse("supplies:order-file", args=[an_order(low).pk, "exe"])).status_code == 404


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Spoon", "Spoon"),
        (7, 7),
        (-7, -7),
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-", "'-"),
        ("a=1", "a=1"),
        ("a\x07b", "ab"),
        ("＝1", "'＝1"),
    ],
)
def test_cell_that_a_spreadsheet_would_run_is_quoted(cell, written):
    assert escape_formula(cell) == written


# Suppliers


def test_supplier_is_added_and_changed(orderer):
    new = reverse("supplies:supplier-new")
    assert orderer.post(new, {"name": "", "lead_days": 3}).status_code == 422
    assert orderer.post(new, {"name": "Works", "lead_days": 400}).status_code == 422
    orderer.post(new, {"name": "Works", "lead_days": 3})
    works = Supplier.objects.get()

    orderer.post(
        reverse("supplies:supplier", args=[works.pk]), {"name": "Works", "lead_days": 5, "how_to_order": "Ring"}
    )

    assert "Works Comes 5 days after ordering · 0 items Ring" in words(orderer.get(reverse("supplies:suppliers")))


# Statements


@pytest.mark.parametrize("rows", [1, 3])
def test_orders_statements(orderer, rows, django_assert_num_queries):
    for n in range(rows):
        item = an_item(f"Item {n}", minimum=5, supplier=Supplier.objects.create(name=f"Works {n}"))
        an_order(item)

    # Session, person, items, six about what is needed, wishes, how many orders, orders.
    with django_assert_num_queries(12):
        orderer.get(ORDERS)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("placed", "statements"), [(False, 7), (True, 5)])
def test_order_statements(orderer, rows, placed, statements, django_assert_num_queries):
    order = an_order(*[an_item(f"Item {n}") for n in range(rows)])
    if placed:
        order.place()

    with django_assert_num_queries(statements):
        orderer.get(page(order))


def test_orders_are_of_items_still_in_the_catalogue(orderer, low):
    low.withdrawn = True
    low.save()

    start(orderer, **{str(low.pk): 3})

    assert Order.objects.get().lines.count() == 0
    assert Item.objects.count() == 1
