"""Pages of deliveries and their lines (views/deliveries.py, views/delivery_lines.py)."""

import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from supplies.models import Delivery, DeliveryLine, Fund, Lot, Order, Payment, Store
from tests.supplies.makers import NEXT_YEAR, TODAY, a_lot, an_item, on_hand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DELIVERIES = reverse("supplies:deliveries")


@pytest.fixture
def door(client, somebody, sign_in, let):
    """A browser of somebody who receives deliveries, and sees no money."""
    let("supplies.view_item", "supplies.receive_delivery")
    sign_in(client, somebody)
    return client


@pytest.fixture
def office(door, let):
    """The same, of somebody who orders and sees money."""
    let("supplies.manage_orders", "supplies.see_money")
    return door


@pytest.fixture
def water(store):
    return an_item("Water", unit="ampoule", units="ampoules", pack_size=20, tracks_expiry=True, tracks_lot=True)


@pytest.fixture
def delivery(store):
    return Delivery.objects.start(key=uuid.uuid4())


def words(response):
    return " ".join(strip_tags(response.content.decode().partition("<main")[2].replace("<", " <")).split())


def url(name, delivery, *more):
    return reverse(f"supplies:delivery{name}", args=[delivery.pk, *more])


def add(browser, delivery, item, **said):
    line = {"key": uuid.uuid4(), "quantity": 3, "counted": "packs", "lot_number": "A1", "expires_on": "2027-05-20"}
    return browser.post(f"{url('-add', delivery)}?item={item.pk}", line | said)


def received(item, quantity=5, **about):
    delivery = Delivery.objects.start(key=uuid.uuid4())
    line = delivery.write_line(uuid.uuid4(), item=item, quantity=quantity, **about)
    delivery.receive()
    return delivery, line


def test_delivery_of_an_order_is_begun_once(door, spoon):
    order = Order.objects.start({spoon: 2}, key=uuid.uuid4())
    order.place()
    assert f"{order}" in words(door.get(DELIVERIES))

    places = {
        door.post(reverse("supplies:delivery-start"), {"key": uuid.uuid4(), "order": order.pk}).headers["Location"]
        for _ in range(2)
    }

    (delivery,) = Delivery.objects.all()
    assert places == {url("", delivery)}
    text = words(door.get(url("", delivery)))
    assert "What was ordered Spoon 2 packs of 1 It came Spoon" in text
    assert "Nothing yet. Open a box and start." in text


@pytest.mark.parametrize("data", [{}, {"key": "x"}, {"key": uuid.UUID(int=1), "order": 999}])
def test_delivery_that_does_not_begin_whole_is_refused(door, data):
    assert door.post(reverse("supplies:delivery-start"), data).status_code == 422
    assert Delivery.objects.count() == 0


def test_delivery_of_ended_order_is_refused(door, spoon):
    order = Order.objects.start({spoon: 2}, key=uuid.uuid4())
    order.cancel()

    response = door.post(reverse("supplies:delivery-start"), {"key": uuid.uuid4(), "order": order.pk})

    assert response.status_code == 409
    assert "This order is cancelled" in words(response)


def test_line_asks_only_what_its_item_asks(door, delivery, water, spoon):
    def asked(item):
        html = door.get(f"{url('-add', delivery)}?item={item.pk}").content.decode()
        return set(re.findall(r'name="(\w+)"', html.partition("<main")[2])) - {
            "csrfmiddlewaretoken",
            "form_key",
            "opened",
            "another",
        }

    assert asked(water) == {"key", "quantity", "counted", "lot_number", "expires_on"}
    assert asked(spoon) == {"key", "quantity"}


def test_two_lots_are_saved_and_received(door, delivery, water):
    again = add(door, delivery, water, another="yes")
    assert again.headers["Location"] == f"{url('-add', delivery)}?item={water.pk}"
    assert "Entered: 3 packs of 20 = 60 ampoules · lot A1" in words(door.get(again.headers["Location"]))
    done = add(door, delivery, water, quantity=5, counted="units", lot_number="B2")
    assert done.headers["Location"] == url("", delivery)

    text = words(door.get(url("", delivery)))
    assert "Water 3 packs of 20 = 60 ampoules lot A1 · use by 20 May 2027" in text
    assert "Water 5 ampoules lot B2" in text
    assert "£" not in text
    response = door.post(url("-receive", delivery), follow=True)
    assert "It is on the shelf." in response.content.decode()
    assert on_hand(water) == 65
    assert set(Lot.objects.values_list("number", flat=True)) == {"A1", "B2"}


def test_line_sent_twice_is_saved_once(door, delivery, water):
    key = uuid.uuid4()
    for _ in range(2):
        add(door, delivery, water, key=key)
    assert delivery.lines.count() == 1

    add(door, delivery, water, key=key, lot_number="B2")
    assert set(delivery.lines.values_list("lot_number", flat=True)) == {"A1", "B2"}


def test_key_of_another_delivery_does_not_change_it(door, delivery, water, spoon):
    _, line = received(spoon)

    add(door, delivery, water, key=line.pk)

    assert delivery.lines.get().item == water
    assert DeliveryLine.objects.get(pk=line.pk).item == spoon


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"quantity": "-3"}, "greater than or equal to 1"),
        ({"quantity": "1.5"}, "is not a whole number"),
        ({"quantity": "9" * 20}, "less than or equal to 1000000"),
        ({"quantity": "60000"}, "more than a million"),
        ({"quantity": "\x00"}, "is not a number we can read"),
        ({"lot_number": ""}, "This field is required"),
        ({"lot_number": "\x00"}, "Null characters are not allowed"),
        ({"expires_on": ""}, "This field is required"),
        ({"expires_on": "31/31/2027"}, "is not a day we can read"),
        ({"counted": "boxes"}, "Select a valid choice"),
        ({"key": "x"}, "Enter a valid UUID"),
    ],
)
def test_invalid_line_is_refused_beside_its_field(door, delivery, water, wrong, said):
    response = add(door, delivery, water, **{"sure": "on"} | wrong)

    assert response.status_code == 422
    assert said in words(response)
    assert delivery.lines.count() == 0


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"expires_on": "2026-05-19"}, "That date is in the past: 19 May 2026."),
        ({"expires_on": "2126-05-19"}, "That date is very far in the future:"),
        ({"quantity": "500"}, "That makes 10,000 ampoules."),
        ({"lot_number": "k7", "expires_on": "2027-01-01"}, "We know this lot number with another date: 20 May 2027"),
    ],
)
def test_odd_line_is_confirmed_once(door, delivery, water, odd, said):
    a_lot(water, number="K7", expires_on=NEXT_YEAR)

    asked = add(door, delivery, water, **odd)
    assert asked.status_code == 422
    assert said in words(asked)
    assert "I have checked it again: it is right" in words(asked)
    assert delivery.lines.count() == 0

    assert add(door, delivery, water, **odd, sure="on").status_code == 302
    assert delivery.lines.count() == 1


def test_line_is_not_asked_again_without_reason(door, delivery, water):
    assert "I have checked it again: it is right" not in words(door.get(f"{url('-add', delivery)}?item={water.pk}"))


def test_line_is_changed_and_taken_out(door, delivery, water):
    add(door, delivery, water)
    line = delivery.lines.get()
    page = url("-line", delivery, line.pk)
    assert 'value="20/05/2027"' in door.get(page).content.decode()

    changed = {"key": line.pk, "quantity": 4, "counted": "units", "lot_number": "A2", "expires_on": "2027-05-20"}
    assert door.post(page, changed).status_code == 302
    line.refresh_from_db()
    assert (line.quantity, line.pack_size, line.lot_number) == (4, 1, "A2")
    for _ in range(2):
        assert door.post(url("-strike", delivery, line.pk)).status_code == 302
    assert delivery.lines.count() == 0


def test_known_price_survives_changed_line(door, delivery, water):
    line = delivery.write_line(
        uuid.uuid4(), item=water, quantity=1, lot_number="A1", expires_on=NEXT_YEAR, price=Decimal("4.20")
    )

    door.post(
        url("-line", delivery, line.pk),
        {"key": line.pk, "quantity": 2, "counted": "units", "lot_number": "A1", "expires_on": "2027-05-20", "price": 1},
    )

    line.refresh_from_db()
    assert (line.quantity, line.price) == (2, Decimal("4.20"))


@pytest.mark.parametrize("asked", ["", "?item=", "?item=999999", "?item=x", "?item=%00"])
def test_line_of_nothing_we_know_is_refused(door, delivery, asked):
    assert door.get(f"{url('-add', delivery)}{asked}").status_code == 422


def test_withdrawn_item_can_be_received(door, delivery, spoon):
    spoon.withdrawn = True
    spoon.save()

    assert "You can receive it anyway." in words(door.get(f"{url('-add', delivery)}?item={spoon.pk}"))
    assert add(door, delivery, spoon).status_code == 302


def test_second_who_receives_is_told_somebody_was_quicker(door, delivery, spoon):
    add(door, delivery, spoon)
    Delivery.objects.get().receive()

    response = door.post(url("-receive", delivery), follow=True)

    assert "Somebody was faster: it was already on the shelf, and counted once." in response.content.decode()
    assert on_hand(spoon) == 3


def test_empty_delivery_is_refused_in_a_sentence(door, delivery):
    response = door.post(url("-receive", delivery))

    assert response.status_code == 409
    assert "This list is empty." in words(response)


def test_line_after_receiving_is_refused(door, delivery, spoon, water):
    add(door, delivery, spoon)
    line = delivery.lines.get()
    Delivery.objects.get().receive()

    for response in (
        add(door, delivery, water),
        door.post(url("-line", delivery, line.pk), {"key": line.pk, "quantity": 9}),
        door.post(url("-strike", delivery, line.pk)),
        door.post(url("-discard", delivery)),
        door.post(url("-about", delivery), {}),
    ):
        assert response.status_code == 409
        assert "That was not done" in words(response)
    assert delivery.lines.get().quantity == 3


def test_delivery_is_thrown_away_and_brought_back(door, delivery, spoon):
    add(door, delivery, spoon)
    assert "This was discarded." in words(door.post(url("-discard", delivery), follow=True))
    assert "Entered so far" in words(door.post(url("-bring-back", delivery), follow=True))


def test_store_is_asked_once_there_are_two(door, delivery, spoon):
    assert 'name="store"' not in door.get(url("", delivery)).content.decode()
    bag = Store.objects.create(name="Bag", order=5)
    assert 'name="store"' in door.get(url("", delivery)).content.decode()

    door.post(url("-about", delivery), {"store": bag.pk, "supplier": ""})

    delivery.refresh_from_db()
    assert delivery.store == bag


def test_door_neither_sees_nor_sets_money(door, delivery, spoon):
    fund = Fund.objects.create(name="Bucket")
    door.post(url("-about", delivery), {"supplier": "", "fund": fund.pk, "carriage": "5"})
    delivery.refresh_from_db()
    assert (delivery.fund, delivery.carriage) == (None, None)

    gone, _line = received(spoon, price=Decimal(7))
    for page in (DELIVERIES, url("", delivery), url("", gone)):
        text = words(door.get(page))
        assert "£" not in text
        assert "price" not in text
        assert "Bucket" not in text


def test_office_sets_payer_and_sees_cost(office, delivery, spoon):
    fund = Fund.objects.create(name="Bucket")
    office.post(url("-about", delivery), {"supplier": "", "fund": fund.pk, "carriage": "2.50"})
    add(office, delivery, spoon, price="1.25")
    office.post(url("-receive", delivery))

    text = words(office.get(url("", delivery)))

    assert "By its lines, with carriage £6.25 Paid from Bucket £6.25" in text
    assert "£6.25" in words(office.get(DELIVERIES))


def test_prices_and_payments_come_with_the_invoice(office, spoon):
    fund = Fund.objects.create(name="Bucket")
    delivery, line = received(spoon)
    assert "1 line has no price yet." in words(office.get(url("", delivery)))

    assert office.post(url("-prices", delivery), {f"price-{line.pk}": "-1"}).status_code == 422
    office.post(url("-prices", delivery), {f"price-{line.pk}": "2"})
    key = uuid.uuid4()
    for _ in range(2):
        office.post(url("-pay", delivery), {"key": key, "fund": fund.pk, "amount": "10.00"})

    assert Payment.objects.get().amount == 10
    assert "By its lines £10.00 Paid from Bucket £10.00" in words(office.get(url("", delivery)))
    assert Lot.objects.get().unit_cost == 2


@pytest.mark.parametrize("amount", ["0", "-5", "nothing", "99999999", "1.001", "NaN", "Infinity"])
def test_payment_that_cannot_be_is_refused(office, spoon, amount):
    fund = Fund.objects.create(name="Bucket")
    delivery, _line = received(spoon)

    response = office.post(url("-pay", delivery), {"key": uuid.uuid4(), "fund": fund.pk, "amount": amount})

    assert response.status_code == 422
    assert f'value="{amount}"' in response.content.decode()
    assert Payment.objects.count() == 0


def test_correction_is_written_beside_what_was_wrong(office, spoon):
    delivery, line = received(spoon)
    page = url("-correct", delivery, line.pk)
    assert "Entered: 5 some" in words(office.get(page))

    refused = office.post(page, {"key": uuid.uuid4(), "found": "3", "reason": ""})
    assert refused.status_code == 422
    office.post(page, {"key": uuid.uuid4(), "found": "3", "reason": "two were broken"})

    assert "Spoon Correction -2 some two were broken" in words(office.get(url("", delivery)))
    assert on_hand(spoon) == 3


def test_correction_of_a_draft_is_refused(office, delivery, spoon):
    line = delivery.write_line(uuid.uuid4(), item=spoon, quantity=1)

    response = office.post(url("-correct", delivery, line.pk), {"key": uuid.uuid4(), "found": "3", "reason": "x"})

    assert response.status_code == 422
    assert "Change the line itself." in words(response)


def test_line_of_another_delivery_is_not_found(office, delivery, spoon):
    _other, line = received(spoon)

    for name in ("-line", "-correct"):
        assert office.get(url(name, delivery, line.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_deliveries_statements(office, rows, django_assert_num_queries):
    for n in range(rows):
        item = an_item(f"Item {n}")
        received(item)
        Order.objects.start({item: 1}, key=uuid.uuid4()).place()

    # Session, person, on their way, how many deliveries, deliveries.
    with django_assert_num_queries(5):
        office.get(DELIVERIES)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("state", "statements"), [("draft", 9), ("received", 7)])
def test_delivery_statements(office, rows, state, statements, django_assert_num_queries):
    items = [an_item(f"Item {n}") for n in range(rows)]
    order = Order.objects.start(dict.fromkeys(items, 1), key=uuid.uuid4())
    order.place()
    delivery = Delivery.objects.start(key=uuid.uuid4(), order=order)
    for item in items:
        delivery.write_line(uuid.uuid4(), item=item, quantity=1)
    if state == "received":
        delivery.receive()

    with django_assert_num_queries(statements):
        office.get(url("", delivery))


def test_days_of_a_delivery_are_days(door, delivery):
    assert f"Delivery of {TODAY:%-d %B %Y}" in words(door.get(url("", delivery)))
    assert isinstance(delivery.begun_on, dt.date)
