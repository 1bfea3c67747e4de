"""The desk on its device: a screen that stays on, what is forgotten and when, and alerts that stay without wifi."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hub.models import Alert, Opening, Visit
from supplies.models import Item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a browser does: a lock is let go when its page is out of sight. `away` and `back` are somebody's other app.
SCREEN = """(() => {
  const locks = [];
  let hidden = false;
  Object.defineProperty(document, 'hidden', {get: () => hidden});
  Object.defineProperty(document, 'visibilityState', {get: () => hidden ? 'hidden' : 'visible'});
  Object.defineProperty(navigator, 'wakeLock', {value: {request: async (kind) => {
    if (hidden) throw new DOMException('out of sight', 'NotAllowedError');
    locks.push(kind);
    return {release: async () => locks.pop()};
  }}});
  const turn = (to) => {
    hidden = to;
    if (hidden) locks.length = 0;
    document.dispatchEvent(new Event('visibilitychange'));
  };
  window.display = {locks, away: () => turn(true), back: () => turn(false)};
})()"""
WORKER_READY = "navigator.serviceWorker.ready.then(() => 1)"
# A browser that would ask a question of its own each time, over whatever is on the screen.
STORAGE = """(() => {
  window.asked = 0;
  Object.defineProperty(navigator, 'storage', {value: {
    persist: async () => { window.asked += 1; return false; },
    persisted: async () => GRANTED,
  }});
})()"""
KEPT = "caches.match('/desk/shell/').then((page) => page.text())"


@pytest.fixture
def house(transactional_db):
    Item.objects.add_default_catalogue()
    return Opening.objects.start(kind=Opening.Kind.UNPLANNED)


@pytest.fixture
def at_desk(house, page_as, volunteer, live_server):
    page = page_as(volunteer)
    page.clock.install()
    page.goto(f"{live_server.url}/desk/")
    sent(page)
    return page


def sent(page):
    expect(page.locator("#sync-text")).to_have_text("All sent")


def tap(page, name="Foil"):
    page.locator("#visit .tile-face").filter(has_text=name).first.click()


def drafts(page):
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft'))")


def test_screen_stays_on_at_the_desk_alone(house, page_as, volunteer, live_server):
    page = page_as(volunteer)
    page.add_init_script(SCREEN)
    page.goto(f"{live_server.url}/desk/")
    sent(page)
    assert page.evaluate("display.locks") == ["screen"]
    page.evaluate("display.away()")
    assert page.evaluate("display.locks") == []
    page.evaluate("display.back()")
    assert page.evaluate("display.locks") == ["screen"]

    page.goto(f"{live_server.url}/desk/close/{house.pk}/")
    assert page.evaluate("display.locks") == []


def test_draft_is_forgotten_on_closing(at_desk):
    at_desk.locator(".segment label").nth(2).click()
    tap(at_desk)
    assert drafts(at_desk) == ["draft-visit"]
    at_desk.get_by_role("link", name="Close the desk").click()
    assert drafts(at_desk) == ["draft-visit"], "looking at the page that closes it is not closing"
    at_desk.get_by_label("Nobody came").check()
    at_desk.get_by_role("button", name="Close the desk").click()
    expect(at_desk.get_by_role("heading", name="The desk is closed")).to_be_visible()
    assert drafts(at_desk) == []


def test_draft_is_forgotten_once_closed_elsewhere(at_desk, house, live_server):
    tap(at_desk)
    assert drafts(at_desk) == ["draft-visit"]
    house.close()
    at_desk.goto(f"{live_server.url}/desk/")
    expect(at_desk.get_by_role("heading", name="The desk is closed")).to_be_visible()
    assert drafts(at_desk) == []


def test_undo_stays_five_minutes_and_no_more(at_desk):
    undo = at_desk.locator("#undo")
    tap(at_desk)
    at_desk.locator("#log").click()
    expect(undo).to_be_visible()
    for _touch in range(5):
        at_desk.clock.fast_forward(55_000)
        at_desk.locator("h1").click()  # somebody is there: no privacy screen
    expect(undo).to_be_visible()
    undo.click()
    expect(at_desk.locator("#said-text")).to_contain_text("Undone.")
    sent(at_desk)
    assert not Visit.objects.exists()

    at_desk.locator("#log").click()
    expect(at_desk.locator("#total-visits")).to_have_text("1")
    for _touch in range(6):
        expect(undo).to_be_visible()
        at_desk.clock.fast_forward(51_000)
        at_desk.locator("h1").click()
    expect(undo).to_be_hidden()
    expect(at_desk.locator("#again")).to_be_visible()
    sent(at_desk)
    assert Visit.objects.count() == 1


def test_last_alert_stays_without_wifi(house, page_as, volunteer, live_server):
    alert = Alert.objects.create(
        what="Blue tablets with a nitazene in them",
        area="East London",
        week=timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday()),
        source="The drug checking service",
        what_to_do="Start low, go slow.",
        expires_on=timezone.localdate() + dt.timedelta(days=9),
    )
    alert.publish()
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/")
    page.wait_for_function(WORKER_READY)
    assert alert.what in page.evaluate(KEPT)

    page.context.set_offline(True)
    page.reload()

    line = page.locator(".alert-line")
    expect(line).to_contain_text("Blue tablets with a nitazene in them")
    line.locator("summary").first.click()
    expect(line.get_by_text("Start low, go slow.")).to_be_visible()
    assert page.evaluate("navigator.onLine") is False


def test_curtain_is_lifted_by_its_button_alone(at_desk):
    curtain = at_desk.locator("#privacy-screen")
    tap(at_desk)
    at_desk.locator("#hide").click()
    for _press in range(6):
        at_desk.keyboard.press("Escape")
        expect(curtain).to_be_visible()
    curtain.evaluate("curtain => curtain.close()")  # as a phone's Back does, past the question whether it may
    expect(curtain).to_be_visible()
    expect(at_desk).to_have_title("Home")
    assert curtain.evaluate("curtain => curtain.contains(document.activeElement)")

    curtain.get_by_role("button", name="Open").click()

    expect(curtain).to_be_hidden()
    expect(at_desk).to_have_title("Desk")
    expect(at_desk.locator("#log-text")).to_have_text("Log visit · 1 item")


def test_storage_is_asked_for_once_by_button(house, page_as, volunteer, live_server):
    page = page_as(volunteer)
    page.add_init_script(STORAGE.replace("GRANTED", "false"))
    page.goto(f"{live_server.url}/desk/")
    tap(page)
    page.locator("#log").click()
    expect(page.locator("#total-visits")).to_have_text("1")
    sent(page)
    assert page.evaluate("asked") == 0

    page.get_by_role("button", name="Ask the browser").click()

    expect(page.locator("#keep-here")).to_be_hidden()
    assert page.evaluate("asked") == 1
    assert page.evaluate("document.activeElement.closest('#on-device') !== null")
    page.reload()
    sent(page)
    expect(page.locator("#keep-here")).to_be_hidden()
    assert page.evaluate("asked") == 0


def test_storage_is_not_asked_for_where_granted(house, page_as, volunteer, live_server):
    page = page_as(volunteer)
    page.add_init_script(STORAGE.replace("GRANTED", "true"))
    page.goto(f"{live_server.url}/desk/")
    sent(page)
    expect(page.locator("#keep-here")).to_be_hidden()
    assert page.evaluate("asked") == 0
