"""A device whose store never answers, as home-screen apps have it at times: nobody waits for it, and nothing is lost.

Tries static/js/outbox.js and static/js/unsent.js.
"""

import pytest
from playwright.sync_api import expect

from hub.models import Opening, SeenVisit, Visit
from supplies.models import Item, Shortfall
from tests.journeys.test_offline import FOIL, KEPT, KEPT_AGAIN, WORKER_READY, says

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNKNOWN = "We cannot see what is saved on this device. Leave this page open."
# Each thing a page waits for that belongs to the browser's store; `hangs` says whether they answer.
HANGING = """
window.hangs = HANGS;
const never = () => new Promise(() => {});
for (const [factory, name, instead] of [
  [IDBFactory.prototype, 'open', () => ({})],
  [IDBFactory.prototype, 'deleteDatabase', () => ({})],
  [LockManager.prototype, 'request', never],
  [CacheStorage.prototype, 'match', never],
  [CacheStorage.prototype, 'open', never],
  [ServiceWorkerContainer.prototype, 'getRegistration', never],
]) {
  const real = factory[name];
  factory[name] = function (...about) {
    return window.hangs && ONLY.includes(name) ? instead() : real.apply(this, about);
  };
}
"""
EVERYTHING = "['open', 'deleteDatabase', 'request', 'match', 'getRegistration']"


@pytest.fixture
def opening(transactional_db):
    Item.objects.add_default_catalogue()
    return Opening.objects.start(kind=Opening.Kind.UNPLANNED)


@pytest.fixture
def desk(opening, page_as, live_server, volunteer):
    """The desk kept on a device, and how to open it with a store that hangs: `desk("['open']")`."""
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/")
    page.wait_for_function(WORKER_READY)
    page.wait_for_function(KEPT_AGAIN)

    def open_hanging(only=EVERYTHING, hangs="true"):
        page.add_init_script(HANGING.replace("HANGS", hangs).replace("ONLY", only))
        page.goto(f"{live_server.url}/desk/")
        return page

    return open_hanging


def log(page):
    page.locator(".tile-face").filter(has_text=FOIL).first.click()
    page.locator("#log").click()
    expect(page.locator("#undo")).to_be_visible()


@pytest.mark.parametrize("only", [EVERYTHING, "['open']", "['request']"], ids=["everything", "database", "locks"])
def test_visit_is_sent_while_the_store_hangs(desk, opening, only):
    page = desk(only)

    log(page)

    expect(page.locator("#total-visits")).to_have_text("1")
    says(page, UNKNOWN)
    expect(page.locator("#not-kept")).to_be_visible()
    assert opening.totals().visits == 1
    with page.expect_response("**/desk/visits/*"):
        page.locator("#undo").click()
    expect(page.locator("#total-visits")).to_have_text("0")
    assert opening.totals().visits == 0


def test_records_reach_the_disk_once_it_answers(desk, opening):
    page = desk()
    page.context.set_offline(True)
    log(page)
    says(page, "1 saved here, waiting for wifi")
    expect(page.locator("#not-kept")).to_be_visible()

    page.evaluate("window.hangs = false")

    expect(page.locator("#not-kept")).to_be_hidden()
    assert len(page.evaluate(KEPT)) == 1
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, "All sent")
    assert opening.totals().visits == 1
    assert page.evaluate(KEPT) is None


def test_undone_while_hanging_is_never_counted(desk, opening, live_server):
    """It is on the disk, which does not take it off: what comes from there later counts nothing."""
    page = desk(hangs="false")
    page.context.set_offline(True)
    log(page)
    says(page, "1 saved here, waiting for wifi")
    page.evaluate("window.hangs = true")
    page.locator("#undo").click()
    page.context.set_offline(False)
    with page.expect_response("**/desk/visits/*"):
        page.evaluate("dispatchEvent(new Event('online'))")
    says(page, UNKNOWN)
    assert SeenVisit.objects.get().void

    page.evaluate("window.hangs = false")
    other = page.context.new_page()
    page.close()
    other.goto(f"{live_server.url}/desk/")

    says(other, "All sent")
    assert not Visit.objects.exists()
    assert other.evaluate(KEPT) is None


def test_sign_out_and_asked_for_do_not_wait(desk, live_server):
    page = desk()
    page.get_by_role("link", name="Asked for, not here").click()
    asked = page.locator("dialog[open], main")
    asked.get_by_label("What was asked for?").first.select_option(FOIL)
    asked.get_by_label("we were out").first.check()
    with page.expect_response("**/desk/missing/sent/"):
        asked.get_by_role("button", name="Count it").first.click()
    expect(page.get_by_text("Counted. It helps us decide what to stock.").first).to_be_visible()
    page.goto(f"{live_server.url}/today/")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert Shortfall.objects.get().number == 1
