"""A whole evening at the desk, in a real browser: sign in, open, log, undo, log again, close."""

import pytest
from playwright.sync_api import expect

from hub.models import Measure, Opening, SeenVisit, Tally, Visit, VisitItem
from supplies.models import Item, Outgoing
from tests.conftest import PASSWORD
from tests.look import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SYRINGE, FOIL = "1 ml fixed-needle syringe 29G", "Foil"
DOUBLE_TAP = 800  # after so many milliseconds a tap is another visit


@pytest.fixture
def shelf(db):
    Item.objects.add_default_catalogue()
    Item.objects.get(slug="foil").receive(100)


def _sign_in(page, live_server, person):
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill(person.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def _start(page):
    expect(page.get_by_role("heading", name="Before you start")).to_be_visible()
    page.get_by_role("link", name="To the desk").click()


def _settled():
    opening = Opening.objects.get()
    foil, syringe = Item.objects.get(slug="foil"), Item.objects.get(slug="fixed-1ml-29g")
    assert (opening.state, opening.visits, opening.people) == ("closed", 1, 2)
    assert not Visit.objects.exists()
    assert not VisitItem.objects.exists()
    assert {(t.measure, t.key): t.value for t in Tally.objects.all()} == {
        (Measure.VISITS, ""): 1,
        (Measure.PEOPLE, ""): 2,
        (Measure.GIVEN, str(foil.pk)): 1,
        (Measure.GIVEN, str(syringe.pk)): 1,
    }
    assert sorted(Outgoing.objects.values_list("item_id", "quantity")) == sorted([(foil.pk, 1), (syringe.pk, 1)])
    left = dict(Item.objects.with_on_hand().filter(pk__in=[foil.pk, syringe.pk]).values_list("slug", "on_hand"))
    assert left == {"foil": 99, "fixed-1ml-29g": -1}


def test_an_evening_from_sign_in_to_closing(page, live_server, volunteer, shelf, console):
    _sign_in(page, live_server, volunteer)
    page.get_by_role("button", name="Open the desk").click()
    _start(page)
    taps = [
        page.locator(".segment label").nth(1),
        page.locator(".tile-face").filter(has_text=SYRINGE),
        page.locator(".tile-face").filter(has_text=FOIL),
        page.locator("#log"),
    ]
    for tap in taps:
        tap.click()
    assert len(taps) <= 6
    expect(page.locator("#total-visits")).to_have_text("1")
    expect(page.locator("#sync-text")).to_have_text("All sent")
    assert Visit.objects.count() == 1

    page.locator("#undo").click()
    expect(page.locator("#total-visits")).to_have_text("0")
    expect(page.locator("#sync-text")).to_have_text("All sent")
    assert not Visit.objects.exists()
    assert not Outgoing.objects.exists()

    page.locator("#log").click()
    expect(page.locator("#total-visits")).to_have_text("1")
    expect(page.locator("#total-people")).to_have_text("2")
    expect(page.locator("#sync-text")).to_have_text("All sent")
    assert axe(page) == []
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]

    page.get_by_role("link", name="Close the desk").click()
    page.get_by_role("button", name="Close the desk").click()
    expect(page.get_by_role("heading", name="The desk is closed")).to_be_visible()
    assert console.quiet, (console.messages, console.elsewhere)
    assert SeenVisit.objects.count() == 2
    _settled()


def test_an_evening_without_scripts(browser, live_server, volunteer, shelf):
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    _sign_in(page, live_server, volunteer)
    page.get_by_role("button", name="Open the desk").click()
    _start(page)
    page.locator(".segment label").nth(1).click()
    page.get_by_label(SYRINGE).fill("1")
    page.get_by_label(FOIL).first.fill("1")
    page.locator("#log").click()
    expect(page.locator("#total-visits")).to_have_text("1")

    page.get_by_role("button", name="Undo last").click()
    expect(page.locator("#total-visits")).to_have_text("0")
    expect(page.get_by_label(SYRINGE)).to_have_value("1")

    page.locator("#log").click()
    expect(page.locator("#total-people")).to_have_text("2")
    page.get_by_role("link", name="Close the desk").click()
    page.get_by_role("button", name="Close the desk").click()
    expect(page.get_by_role("heading", name="The desk is closed")).to_be_visible()
    _settled()
    page.close()


def test_hiding_forgets_the_last_visit(page_as, live_server, volunteer, shelf):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/")
    page.locator(".talk").click()
    page.locator("#log").click()
    expect(page.locator("#again")).to_be_visible()

    page.locator("#hide").click()
    assert page.title() == "Home"
    expect(page.get_by_text("Back in a moment")).to_be_visible()
    page.get_by_role("button", name="Open").click()

    expect(page.locator("#again")).to_be_hidden()
    expect(page.locator("#undo")).to_be_hidden()


def test_a_double_tap_is_one_visit(page_as, live_server, volunteer, shelf):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/")
    page.locator(".tile-face").first.click()
    page.locator("#log").dblclick()

    expect(page.locator("#total-visits")).to_have_text("1")
    expect(page.locator("#sync-text")).to_have_text("All sent")
    assert Visit.objects.count() == 1


def test_offline_visit_is_sent_once_online(page_as, live_server, volunteer, shelf):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/")
    expect(page.locator("#sync-text")).to_have_text("All sent")
    page.context.set_offline(True)
    page.locator(".talk").click()
    page.locator("#log").click()
    expect(page.locator("#total-visits")).to_have_text("1")
    expect(page.locator("#sync-text")).to_have_text("1 saved here, waiting for wifi")
    assert not Visit.objects.exists()

    page.context.set_offline(False)

    expect(page.locator("#sync-text")).to_have_text("All sent")
    assert Visit.objects.count() == 1


def test_two_desks_at_once_count_together(browser, page_as, live_server, volunteer, shelf):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    foil = Item.objects.get(slug="foil")
    first = page_as(volunteer)
    second = browser.new_context(viewport={"width": 1024, "height": 768}).new_page()
    second.context.add_cookies(first.context.cookies())
    for desk in (first, second):
        desk.clock.install()
        desk.goto(f"{live_server.url}/desk/")
        expect(desk.locator("#sync-text")).to_have_text("All sent")

    for number in range(1, 4):
        for desk in (first, second):
            desk.locator(".tile-face").filter(has_text=FOIL).first.click()
            desk.locator("#log").click()
        for desk in (first, second):
            expect(desk.locator("#sync-text")).to_have_text("All sent")
        assert Visit.objects.count() == 2 * number
        for desk in (first, second):
            desk.clock.fast_forward(DOUBLE_TAP)
    first.reload()
    expect(first.locator("#total-visits")).to_have_text("6")
    assert Outgoing.objects.get(item=foil).quantity == 6
    second.context.close()
