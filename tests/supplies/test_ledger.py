import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from supplies.models import CompletedMonth, Item, Lot, Movement, Outgoing, Store
from tests.supplies.makers import APRIL, MAY, TODAY, a_lot, an_item, on_hand

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def row(spoon, store, somebody):
    return Movement.objects.create(
        kind="received", item=spoon, store=store, quantity=5, made_on=TODAY, by=somebody, reason="late box"
    )


def refused(rule, write):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        write()


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


GIVEN_OUT = {"kind": "given_out", "quantity": -1, "month": APRIL}
RECEIVED = {"kind": "received", "quantity": 1, "made_on": TODAY}


@pytest.mark.parametrize(
    ("rule", "about"),
    [
        ("movement_quantity_not_zero", RECEIVED | {"quantity": 0}),
        ("movement_kind_known", RECEIVED | {"kind": "borrowed"}),
        ("movement_given_out_by_month_only", GIVEN_OUT | {"made_on": TODAY}),
        ("movement_given_out_by_month_only", GIVEN_OUT | {"month": None}),
        ("movement_given_out_by_month_only", GIVEN_OUT | {"month": None, "made_on": TODAY}),
        ("movement_given_out_by_month_only", GIVEN_OUT | {"reason": "to the tall one"}),
        ("movement_given_out_by_month_only", RECEIVED | {"made_on": None}),
        ("movement_given_out_by_month_only", RECEIVED | {"month": MAY}),
        ("movement_month_is_its_first_day", GIVEN_OUT | {"month": TODAY}),
    ],
)
def test_ledger_refuses_a_row(spoon, store, rule, about):
    refused(rule, lambda: Movement.objects.create(item=spoon, store=store, **about))

    assert Movement.objects.count() == 0


def test_ledger_refuses_author_on_issues(spoon, store, somebody):
    refused(
        "movement_given_out_by_month_only",
        lambda: Movement.objects.create(item=spoon, store=store, by=somebody, **GIVEN_OUT),
    )


def test_ledger_takes_both_shapes_of_row(spoon, store):
    Movement.objects.create(item=spoon, store=store, **GIVEN_OUT)
    Movement.objects.create(item=spoon, store=store, **RECEIVED)

    assert on_hand(spoon) == 0


@pytest.mark.parametrize(
    "column",
    [
        "kind = 'wasted'",
        "quantity = 6",
        "made_on = made_on - 1",
        "reason = ''",
        "id = gen_random_uuid()",
        "quantity = quantity",
        "by_id = by_id",
        "by_id = NULL, quantity = 6",
        "by_id = NULL, reason = ''",
    ],
)
def test_ledger_refuses_raw_change_of(row, column):
    refused("stays as written", lambda: sql(f"UPDATE supplies_movement SET {column}"))  # noqa: S608 -- ours, above

    row.refresh_from_db()
    assert (row.kind, row.quantity, row.made_on, row.reason) == ("received", 5, TODAY, "late box")
    assert row.by.username == "somebody"


def test_ledger_refuses_change_through_the_model(row):
    row.quantity = 50
    refused("stays as written", row.save)
    refused("stays as written", lambda: Movement.objects.update(quantity=50))
    refused("stays as written", lambda: Movement.objects.bulk_update([row], ["quantity"]))


def test_ledger_refuses_another_author(row, django_user_model):
    other = django_user_model.objects.create_user("other", chosen_name="Other")
    refused("stays as written", lambda: Movement.objects.update(by=other))


def test_ledger_refuses_an_author_put_on_later(row, somebody):
    Movement.objects.update(by=None)
    refused("stays as written", lambda: Movement.objects.update(by=somebody))


def test_ledger_refuses_deletion(row):
    refused("stays as written", row.delete)
    refused("stays as written", Movement.objects.all().delete)
    refused("stays as written", lambda: sql("DELETE FROM supplies_movement"))

    assert Movement.objects.count() == 1


def test_erasing_person_blanks_only_the_author(row, somebody):
    before = Movement.objects.values().get()

    somebody.delete()

    assert Movement.objects.values().get() == before | {"by_id": None}


@pytest.mark.parametrize("keep", ["item", "lot", "store"])
def test_what_the_ledger_names_cannot_be_deleted(spoon, store, keep):
    lot = a_lot(spoon, 5)

    with pytest.raises(IntegrityError), transaction.atomic():
        {"item": spoon, "lot": lot, "store": store}[keep].delete()

    assert (Item.objects.count(), Lot.objects.count(), Store.objects.count()) == (1, 1, 1)


def test_lot_of_another_item_is_refused(spoon, store):
    lot = a_lot(an_item("Foil"))
    refused("lot is of another item", lambda: Movement.objects.create(item=spoon, lot=lot, store=store, **RECEIVED))
    refused(
        "lot is of another item",
        lambda: Outgoing.objects.create(item=spoon, lot=lot, store=store, month=MAY, quantity=1),
    )
    refused(
        "lot is of another item",
        lambda: sql(
            "INSERT INTO supplies_outgoing (id, month, item_id, lot_id, store_id, quantity) VALUES (%s,%s,%s,%s,%s,1)",
            uuid.uuid4(),
            MAY,
            spoon.pk,
            lot.pk,
            store.pk,
        ),
    )
    Outgoing.objects.create(item=spoon, store=store, month=MAY, quantity=1)
    refused("lot is of another item", lambda: Outgoing.objects.update(lot=lot))


def test_outgoing_is_one_row_without_lot(spoon, store):
    Outgoing.objects.create(item=spoon, store=store, month=MAY, quantity=1)
    refused(
        "outgoing_one_row_that_grows",
        lambda: Outgoing.objects.create(item=spoon, store=store, month=MAY, quantity=1),
    )


@pytest.mark.parametrize(
    ("rule", "about"),
    [
        ("outgoing_quantity_positive", {"quantity": 0}),
        ("outgoing_quantity", {"quantity": -1}),
        ("outgoing_month_is_its_first_day", {"month": TODAY}),
    ],
)
def test_outgoing_refuses_a_row(spoon, store, rule, about):
    about = {"month": MAY, "quantity": 1} | about
    refused(rule, lambda: Outgoing.objects.create(item=spoon, store=store, **about))


def test_outgoing_of_a_sealed_month_is_refused(spoon, store):
    Outgoing.objects.create(item=spoon, store=store, month=MAY, quantity=1)
    CompletedMonth.objects.create(month=APRIL)

    refused("month is sealed", lambda: Outgoing.objects.create(item=spoon, store=store, month=APRIL, quantity=1))
    refused("month is sealed", lambda: Outgoing.objects.update(month=APRIL))


@pytest.mark.django_db
def test_sealed_month_is_a_first_day():
    refused("sealedmonth_is_its_first_day", lambda: CompletedMonth.objects.create(month=TODAY))


@pytest.mark.django_db
def test_outgoing_keeps_no_person_day_or_order():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'supplies_outgoing'"
        )
        assert dict(cursor.fetchall()) == {
            "id": "uuid",
            "month": "date",
            "item_id": "bigint",
            "lot_id": "bigint",
            "store_id": "bigint",
            "quantity": "integer",
        }


def test_completing_month_writes_one_row_each(store):
    foil, spoon = an_item("Foil"), an_item("Spoon")
    lot = a_lot(foil, 10, number="A")
    Item.objects.issue({spoon.pk: 2}, month=APRIL)
    Item.objects.issue({foil.pk: 12}, month=APRIL)
    Item.objects.issue({spoon.pk: 3}, month=APRIL)
    Item.objects.issue({spoon.pk: 7}, month=MAY)

    assert Item.objects.complete_month(APRIL) is True

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item_id, lot_id, quantity, month, made_on, by_id, reason FROM supplies_movement "
            "WHERE kind = 'given_out' ORDER BY ctid"
        )
        assert cursor.fetchall() == [
            (foil.pk, lot.pk, -10, APRIL, None, None, ""),
            (foil.pk, None, -2, APRIL, None, None, ""),
            (spoon.pk, None, -5, APRIL, None, None, ""),
        ]
    assert list(Outgoing.objects.values_list("month", "quantity")) == [(MAY, 7)]
    assert (on_hand(foil), on_hand(spoon)) == (-2, -12)


def test_seal_twice_changes_nothing(spoon):
    Item.objects.issue({spoon.pk: 2}, month=APRIL)
    Item.objects.complete_month(APRIL)
    before = list(Movement.objects.values())

    assert Item.objects.complete_month(APRIL) is False

    assert list(Movement.objects.values()) == before
    assert on_hand(spoon) == -2


def test_completing_empty_month_is_remembered(spoon):
    assert Item.objects.complete_month(APRIL) is True

    assert list(CompletedMonth.objects.values_list("month", flat=True)) == [APRIL]
    assert Movement.objects.count() == 0


def test_seal_refuses_a_month_that_is_still_running(spoon):
    Item.objects.issue({spoon.pk: 2}, month=MAY)

    with pytest.raises(ValidationError, match="not over yet"):
        Item.objects.complete_month(MAY)

    assert CompletedMonth.objects.count() == 0
    assert Outgoing.objects.get().quantity == 2
