"""The shelf with ten years in it: as many statements as with nothing."""

import pytest
from django.db import connection
from django.urls import reverse

from supplies.models import Category, Item, Lot, Movement, Outgoing, Store
from tests.supplies.makers import MAY, NEXT_YEAR, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ITEMS, ROWS, BUDGET = 300, 100_000, 12


@pytest.fixture
def much(db):
    shelf = Category.objects.create(name="Shelf", slug="shelf")
    store = Store.objects.create(name="Cupboard")
    items = Item.objects.bulk_create(
        Item(name=f"Item {n}", slug=f"item-{n}", category=shelf, unit="one", units="some") for n in range(ITEMS)
    )
    lots = Lot.objects.bulk_create(
        Lot(item=item, number=f"L{n}", expires_on=NEXT_YEAR) for item in items for n in range(4)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO supplies_movement (id, kind, item_id, lot_id, store_id, quantity, made_on, reason)
            SELECT gen_random_uuid(), 'received', lot.item_id, lot.id, %s, 1, %s, ''
            FROM generate_series(0, %s - 1) AS n
            JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM supplies_lot) AS lot
                ON lot.place = n %% %s
            """,
            [store.pk, TODAY, ROWS, len(lots)],
        )
        cursor.execute("ANALYZE supplies_movement")
    Outgoing.objects.bulk_create(
        Outgoing(item_id=lot.item_id, lot=lot, store=store, quantity=1, month=MAY) for lot in lots
    )


def test_stock_pages_keep_to_their_statements(client, somebody, sign_in, let, much, django_assert_max_num_queries):
    let("supplies.view_item", "supplies.move_stock", "supplies.count_stock")
    sign_in(client, somebody)
    lot = Lot.objects.first()

    for address in (
        reverse("supplies:shelf"),
        reverse("supplies:watch"),
        reverse("supplies:item", args=["item-0"]),
        reverse("supplies:lots"),
        reverse("supplies:lot", args=[lot.pk]),
        reverse("supplies:literature"),
        reverse("supplies:counts"),
    ):
        with django_assert_max_num_queries(BUDGET):
            assert client.get(address).status_code == 200
    assert Movement.objects.count() == ROWS
    assert Item.objects.with_on_hand().get(slug="item-0").on_hand == 4 * (84 - 1)
