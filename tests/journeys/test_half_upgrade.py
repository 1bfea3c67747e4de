"""The kept desk is replaced as a whole: by pages and files that are all there, of one version, and ours.

Tries templates/hub/desk/offline/worker.js and hub/desk/kept_files.py.
"""

import base64
import hashlib

import pytest
from playwright.sync_api import expect

from hub.desk.kept_files import compute_version
from hub.models import Opening
from supplies.models import Item
from tests.journeys.filter import ITS_OWN_PAGE, in_front_of
from tests.journeys.test_offline import KEPT_AGAIN, WORKER_READY, says

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW_VERSION = "0123456789abcdef"
NEW_FILE, NEW_BYTES = "/static/js/new.js", b'"use strict";\n'
CHECKSUM = "sha256-" + base64.b64encode(hashlib.sha256(NEW_BYTES).digest()).decode()
ALL_KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept[`${name} ${new URL(request.url).pathname}`] = await (await cache.match(request)).text();
    }
  }
  return kept;
}"""
# Resolves once the new worker is in its place, or has given up.
UPGRADE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration('/desk/');
  const upgraded = new Promise((done) => registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker.addEventListener('statechange', () => {
      if (['activated', 'redundant'].includes(worker.state)) done(worker.state);
    });
  }, { once: true }));
  await registration.update();
  return upgraded;
}"""


@pytest.fixture
def wifi(live_server):
    with in_front_of(live_server.url) as wifi:
        yield wifi


@pytest.fixture
def desk(wifi, page_as, volunteer, transactional_db):
    Item.objects.add_default_catalogue()
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    page = page_as(volunteer)
    page.goto(f"{wifi.url}/desk/")
    page.wait_for_function(WORKER_READY)
    page.wait_for_function(KEPT_AGAIN)
    says(page, "All sent")
    return page


def upgrade(wifi, *, pages):
    """Let the hub have a new version with one more file; `pages` is whether its pages are of it already."""
    old = compute_version()

    def change(path, body):
        if path != "/desk/sw.js":
            return body
        text = body.decode().replace(old, NEW_VERSION)
        return text.replace("const FILES = {", f'const FILES = {{"{NEW_FILE}": "{CHECKSUM}", ').encode()

    wifi.change = change
    wifi.headers = {"Desk-Version": NEW_VERSION} if pages else {}


def test_page_of_a_filter_is_never_kept(desk, wifi):
    before = desk.evaluate(ALL_KEPT)
    wifi.answer_all()

    desk.reload()

    expect(desk.get_by_role("heading", name="Who’s here?")).to_be_visible()
    says(desk, "The hub does not answer. Keep logging.")
    desk.goto(f"{wifi.url}/desk/emergency/")
    expect(desk.get_by_role("heading", name="Say to 999")).to_be_visible()
    assert desk.evaluate(ALL_KEPT) == before
    wifi.hand_on()
    desk.goto(f"{wifi.url}/desk/")
    says(desk, "All sent")


@pytest.mark.parametrize("address", ["/desk/emergency/", "/desk/shell/"])
def test_kept_pages_are_replaced_together(desk, wifi, address):
    before = desk.evaluate(ALL_KEPT)
    Item.objects.filter(slug="foil").update(name="Silver paper")
    wifi.answer = lambda path: ITS_OWN_PAGE if path == address else None

    seen = len(wifi.seen)
    desk.reload()
    says(desk, "All sent")
    while address not in wifi.seen[seen:]:
        desk.evaluate("new Promise(requestAnimationFrame)")
    assert desk.evaluate(ALL_KEPT) == before

    wifi.hand_on()
    desk.reload()
    desk.wait_for_function(
        "caches.match('/desk/shell/').then((kept) => kept.text()).then((text) => text.includes('Silver paper'))"
    )


@pytest.mark.parametrize("instead", [404, ITS_OWN_PAGE], ids=["not there", "another"])
def test_half_an_upgrade_keeps_the_old_desk(desk, wifi, instead):
    before = desk.evaluate(ALL_KEPT)
    upgrade(wifi, pages=True)
    wifi.answer = lambda path: instead if path == NEW_FILE else None

    assert desk.evaluate(UPGRADE) == "redundant"

    kept = {key: text for key, text in desk.evaluate(ALL_KEPT).items() if NEW_VERSION not in key}
    assert kept == before
    desk.context.set_offline(True)
    desk.goto(f"{wifi.url}/desk/")
    expect(desk.get_by_role("heading", name="Who’s here?")).to_be_visible()

    desk.context.set_offline(False)
    wifi.answer = lambda path: NEW_BYTES if path == NEW_FILE else None
    assert desk.evaluate(UPGRADE) == "activated"
    assert {key.split()[0] for key in desk.evaluate(ALL_KEPT)} == {f"desk-{NEW_VERSION}"}


def test_worker_ahead_of_its_pages_waits(desk, wifi):
    before = desk.evaluate(ALL_KEPT)
    upgrade(wifi, pages=False)
    wifi.answer = lambda path: NEW_BYTES if path == NEW_FILE else None

    assert desk.evaluate(UPGRADE) == "redundant"

    assert {key: text for key, text in desk.evaluate(ALL_KEPT).items() if NEW_VERSION not in key} == before


def test_page_ahead_of_its_worker_is_not_kept(desk, wifi):
    """The other half: the worker here is the old one, and the hub answers with new pages."""
    before = desk.evaluate(ALL_KEPT)
    wifi.headers = {"Desk-Version": NEW_VERSION}
    Item.objects.filter(slug="foil").update(name="Silver paper")

    desk.reload()

    expect(desk.get_by_role("button", name="Silver paper").first).to_be_visible()
    says(desk, "All sent")
    assert desk.evaluate(ALL_KEPT) == before
