"""One key: done once, waited for, put right and sent again, or shown beside what it brought before."""

import datetime as dt
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from hub.core.form_keys import FORM_KEY_RETENTION
from hub.models import FormKey
from tests.fuzz.pages import Forms
from tests.supplies.makers import a_lot, an_item, on_hand
from tests.volunteers.threads import at_once
from volunteers.models import Invitation, Shift
from volunteers.shared.registries import retention

WASTE = "/stock/items/spoon/waste/"


@pytest.fixture
def spoons(db):
    item = an_item("Spoon")
    return a_lot(item, 1089).item


def form_of(client, address):
    """The first form of a page that is sent to it, as a browser would send it."""
    forms = Forms(client.get(address).content.decode()).forms
    form = next(form for form in forms if form.method == "post" and form.action in ("", address))
    return {name: known.value or (known.choices or [""])[0] for name, known in form.fields.items()}


def thrown_away(client, quantity, form=None):
    return client.post(WASTE, (form or form_of(client, WASTE)) | {"quantity": str(quantity), "reason": "wet"})


@pytest.fixture
def at_the_stock(client, coordinator, demo, sign_in, spoons):
    sign_in(client, coordinator)
    return client


def test_second_copy_gets_first_answer(at_the_stock, spoons):
    form = form_of(at_the_stock, WASTE)
    first, second = (thrown_away(at_the_stock, 14, form) for _time in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert on_hand(spoons) == 1075
    assert "We got that twice, and did it once." in at_the_stock.get(first.headers["Location"]).content.decode()


def test_two_forms_are_two_deeds(at_the_stock, spoons):
    for _time in range(2):
        assert thrown_away(at_the_stock, 14).status_code == 302
    assert on_hand(spoons) == 1061


def test_refused_form_is_sent_again(at_the_stock, spoons):
    form = form_of(at_the_stock, WASTE)
    assert thrown_away(at_the_stock, 0, form).status_code == 422
    assert not FormKey.objects.exists()
    assert thrown_away(at_the_stock, 14, form).status_code == 302
    assert on_hand(spoons) == 1075


def test_other_content_shows_both_versions(at_the_stock, spoons):
    form = form_of(at_the_stock, WASTE)
    thrown_away(at_the_stock, 14, form)
    response = thrown_away(at_the_stock, 41, form)
    page = response.content.decode()
    assert response.status_code == 409
    assert on_hand(spoons) == 1075
    assert '<th scope="row">How many</th><td dir="auto">14</td><td dir="auto">41</td>' in page
    (again,) = [form for form in Forms(page).forms if "quantity" in form.fields]
    sent_on = {name: known.value for name, known in again.fields.items()}
    assert sent_on["form_key"] != form["form_key"]
    assert at_the_stock.post(WASTE, sent_on).status_code == 302
    assert on_hand(spoons) == 1034


def test_key_of_somebody_else_is_another(at_the_stock, admin, sign_in, spoons):
    form = form_of(at_the_stock, WASTE)
    other = Client()
    sign_in(other, admin)
    assert [thrown_away(who, 14, form).status_code for who in (at_the_stock, other)] == [302, 302]
    assert on_hand(spoons) == 1061


@pytest.mark.parametrize("key", ["", "7", "not a key", "\x00", "x" * 500])
def test_form_with_odd_key_is_an_ordinary_form(key, at_the_stock, spoons):
    form = form_of(at_the_stock, WASTE) | {"form_key": key}
    assert thrown_away(at_the_stock, 14, form).status_code == 302
    assert not FormKey.objects.exists()


def test_form_sent_signed_out_waits_for_sign_in(at_the_stock, coordinator, sign_in, spoons):
    form = form_of(at_the_stock, WASTE)
    at_the_stock.logout()
    assert thrown_away(at_the_stock, 14, form).headers["Location"].startswith("/accounts/login/")
    sign_in(at_the_stock, coordinator)
    assert thrown_away(at_the_stock, 14, form).status_code == 302
    assert on_hand(spoons) == 1075


@pytest.mark.django_db(transaction=True)
def test_two_copies_at_once_are_one(coordinator, demo, sign_in):
    item = an_item("Spoon")
    a_lot(item, 1089)
    clients = [Client(), Client()]
    for client in clients:
        sign_in(client, coordinator)
    form = form_of(clients[0], WASTE)
    answers = at_once(*(lambda client=client: thrown_away(client, 14, form) for client in clients))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert on_hand(item) == 1075


@pytest.mark.django_db(transaction=True)
def test_broken_view_leaves_nothing(coordinator, demo, sign_in, monkeypatch):
    """Whatever it had written by then goes with the key, so that sending again does all of it."""
    client = Client(raise_request_exception=False)
    sign_in(client, coordinator)
    form = form_of(client, "/rota/shifts/new/") | {"day": "2027-01-05", "starts": "18:00", "ends": "21:00"}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE volunteers_post ADD CONSTRAINT never CHECK (role <> 'Lead')")
        try:
            assert client.post("/rota/shifts/new/", form).status_code == 500
        finally:
            cursor.execute("ALTER TABLE volunteers_post DROP CONSTRAINT never")
    assert not FormKey.objects.exists()
    assert not Shift.objects.exists()
    assert client.post("/rota/shifts/new/", form).status_code == 302


def test_row_tells_nothing_without_the_page(at_the_stock, coordinator, spoons):
    form = form_of(at_the_stock, WASTE)
    thrown_away(at_the_stock, 14, form)
    row = FormKey.objects.get()
    held = f"{row.pk} {row.day} {row.answer}"
    for told in (form["form_key"], uuid.UUID(form["form_key"]).hex, "wet", "/stock/", f":{coordinator.pk}"):
        assert told not in held
    assert row.open(uuid.uuid4().hex) is None
    assert row.open(form["form_key"]).sent["reason"] == ["wet"]


def test_keys_go_after_two_days(at_the_stock, spoons):
    thrown_away(at_the_stock, 14)
    retention.delete_overdue(retention.Every.DAY)
    assert FormKey.objects.exists()
    FormKey.objects.update(day=timezone.localdate() - FORM_KEY_RETENTION - dt.timedelta(days=1))
    retention.delete_overdue(retention.Every.DAY)
    assert not FormKey.objects.exists()


def test_desk_leaves_no_keys(client, volunteer, sign_in):
    sign_in(client, volunteer)
    client.post("/desk/open/", {"form_key": uuid.uuid4().hex})
    client.post("/desk/", form_of(client, "/desk/"))
    assert not FormKey.objects.exists()


def test_passwords_are_not_kept(client, trainee):
    link = Invitation.renew(trainee).link().removeprefix(settings.SITE_URL)
    form = form_of(client, link) | {"chosen_name": "Jules", "username": "jules", "password": "quite a long one"}
    assert client.post(link, form).status_code == 302
    (row,) = FormKey.objects.all()
    assert row.open(form["form_key"]).sent is None


PRESS_TWICE = """() => {
  const button = document.querySelector('main form button.big');
  const stopped = [];
  addEventListener('submit', (event) => stopped.push(event.defaultPrevented));
  button.click();
  button.click();
  return [stopped, button.getAttribute('aria-disabled'), document.getElementById('say').textContent];
}"""


@pytest.mark.browser
def test_pressed_button_says_so_and_waits(page_as, live_server, coordinator, demo, console):
    item = an_item("Spoon")
    a_lot(item, 1089)
    page = page_as(coordinator)
    page.goto(live_server.url + WASTE)
    page.get_by_label("How many").fill("14")
    # In one go: once the form is on its way, a browser that is driven waits for the next page.
    assert page.evaluate(PRESS_TWICE) == [[False, True], "true", "Sending…"]
    page.wait_for_url("**/stock/items/spoon/")
    assert on_hand(item) == 1075
    page.go_back()
    expect(page.locator("form[aria-busy]")).to_have_count(0)
