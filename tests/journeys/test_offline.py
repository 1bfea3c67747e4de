"""The desk with no network, with a server that fails, and with answers that get lost: every visit is counted once."""

import datetime as dt
import json

import pytest
from playwright.sync_api import expect

from hub.models import (
    Measure,
    NaloxoneGiven,
    Opening,
    Question,
    Reversal,
    Strip,
    StripResult,
    Tally,
    Visit,
)
from supplies.models import Item, Shortfall, Wish
from tests.look import axe, storage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOIL = "Foil, uncoated"
ON_THE_SHELF = 987_654  # longer than the number of any row
NOW = dt.datetime.now  # the server's clock is right
DOUBLE_TAP = 750  # after so many milliseconds a tap is another visit

WORKER_READY = "navigator.serviceWorker.ready.then(() => 1)"
# Every record the device keeps, or null where there is no database at all.
KEPT = """indexedDB.databases().then((all) => all.some(({name}) => name === 'desk') ? new Promise((done) => {
  const asked = indexedDB.open('desk');
  asked.onsuccess = () => {
    const found = asked.result.transaction('outbox').objectStore('outbox').getAll();
    found.onsuccess = () => { asked.result.close(); done(found.result); };
  };
}) : null)"""
CACHED = """caches.keys()
  .then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))))
  .then((all) => all.flat().map((request) => new URL(request.url).pathname))"""
UNKEEP = """caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) =>
  Promise.all(['/desk/shell/', '/desk/emergency/', '/desk/sheets/'].map((page) => cache.delete(page)))))))"""
KEPT_AGAIN = """async () => {
  const pages = ['/desk/shell/', '/desk/emergency/', '/desk/sheets/'];
  while (!(await Promise.all(pages.map((page) => caches.match(page)))).every(Boolean)) {
    await new Promise(requestAnimationFrame);
  }
}"""
READ_CACHED = """Promise.all(['/desk/shell/', '/desk/emergency/', '/desk/sheets/'].map((page) => caches.match(page)
  .then((answer) => answer.text())))"""


@pytest.fixture
def opening(transactional_db):
    Item.objects.add_default_catalogue()
    Item.objects.get(slug="foil").receive(ON_THE_SHELF)
    return Opening.objects.start(kind=Opening.Kind.UNPLANNED)


@pytest.fixture
def desk(opening, page_as, live_server, volunteer):
    """The desk, open in a browser that has kept it for later."""
    page = page_as(volunteer)
    page.clock.install()
    page.goto(f"{live_server.url}/desk/")
    page.wait_for_function(WORKER_READY)
    expect(page.locator("#sync-text")).to_have_text("All sent")
    return page


def says(page, text):
    expect(page.locator("#sync-text")).to_have_text(text)


def log(page, times=1, thing=FOIL):
    """Log so many visits of one person with one of a thing, as fast as counts as so many."""
    for _time in range(times):
        page.locator(".tile-face").filter(has_text=thing).first.click()
        page.locator("#log").click()
        expect(page.locator("#undo")).to_be_visible()  # once it is on disk
        page.clock.fast_forward(DOUBLE_TAP)


def come_back(page, live_server):
    """To the desk, until the device has kept it as it is now."""
    page.evaluate(UNKEEP)
    page.goto(f"{live_server.url}/desk/")
    page.wait_for_function(KEPT_AGAIN)


def change_kept(page, **about):
    """Change the records on the device, as if they were kept otherwise."""
    for record in page.evaluate(KEPT):
        page.evaluate("(record) => outbox.put(record)", record | about)


def go_online(page):
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")


def counted():
    return Visit.objects.count(), sum(Visit.objects.values_list("items__quantity", flat=True))


def test_desk_opens_offline_logs_and_sends(desk, live_server):
    desk.context.set_offline(True)
    desk.reload()
    expect(desk.get_by_role("heading", name="Who’s here?")).to_be_visible()
    says(desk, "No wifi. Keep logging.")
    log(desk, 3)
    says(desk, "3 saved here, waiting for wifi")
    assert Visit.objects.count() == 0
    desk.reload()
    says(desk, "3 saved here, waiting for wifi")
    expect(desk.locator("#total-visits")).to_have_text("3")
    assert axe(desk) == []

    go_online(desk)

    says(desk, "All sent")
    assert counted() == (3, 3)
    assert desk.evaluate(KEPT) is None
    assert storage(desk) == []


def test_a_killed_tab_keeps_its_visits(desk, live_server):
    desk.context.set_offline(True)
    log(desk, 2)
    says(desk, "2 saved here, waiting for wifi")
    context = desk.context
    desk.close(run_before_unload=False)
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{live_server.url}/desk/")

    says(again, "All sent")
    assert counted() == (2, 2)


def test_device_keeps_only_items_and_evening(desk, opening):
    desk.context.set_offline(True)
    log(desk)

    (record,) = desk.evaluate(KEPT)

    foil = Item.objects.get(slug="foil")
    assert {key: value for key, value in record.items() if key != "id"} == {
        "opening": opening.pk,
        "evening": opening.date.isoformat(),
        "people": 1,
        "items": {str(foil.pk): 1},
        "said": {},
        "void": False,
        "tried": False,
        "counted": False,
    }


def test_device_keeps_only_desk_and_emergency(desk, live_server, volunteer):
    log(desk, 2)
    for address in ("/today/", "/stock/", "/people/me/"):
        desk.goto(live_server.url + address)
    come_back(desk, live_server)
    says(desk, "All sent")

    kept = desk.evaluate(CACHED)
    pages = ["/desk/emergency/", "/desk/no-wifi/", "/desk/sheets/", "/desk/shell/"]
    assert sorted(path for path in kept if not path.startswith("/static/")) == pages
    token = desk.evaluate("fetch('/desk/session/').then((answer) => answer.json()).then(({csrf}) => csrf)")
    shell, emergency, sheets = desk.evaluate(READ_CACHED)
    for private in (volunteer.chosen_name, "csrfmiddlewaretoken", token, '"visits": 2', str(ON_THE_SHELF)):
        assert private not in shell
        assert private not in sheets
    assert '"visits": null' in shell
    assert volunteer.chosen_name not in emergency


def test_emergency_cards_open_without_a_network(desk):
    desk.context.set_offline(True)
    desk.get_by_role("link", name="Emergency").click()

    expect(desk.get_by_role("heading", name="Emergency", level=1)).to_be_visible()
    expect(desk.get_by_role("heading", name="Say to 999")).to_be_visible()
    desk.get_by_role("button", name="Back to the desk").click()
    expect(desk.get_by_role("heading", name="Who’s here?")).to_be_visible()


def test_offline_shortfall_is_counted_once(desk, live_server):
    Wish.objects.create(name="Pipes")
    come_back(desk, live_server)
    desk.context.set_offline(True)
    desk.reload()
    log(desk)
    desk.get_by_role("link", name="Asked for, not here").click()
    asked = desk.get_by_role("dialog", name="Asked for, not here")
    assert axe(desk) == []
    asked.get_by_label("What was asked for?").select_option("Pipes")
    asked.get_by_label("we were out").check()
    asked.get_by_role("button", name="Count it").click()
    expect(asked).to_be_visible()  # what we do not stock cannot have run out
    asked.get_by_label("the law stops us").check()
    asked.get_by_role("button", name="Count it").click()
    expect(desk.get_by_text("Counted. It helps us decide what to stock.")).to_be_visible()
    says(desk, "2 saved here, waiting for wifi")
    expect(desk.locator("#total-visits")).to_have_text("1")

    go_online(desk)

    says(desk, "All sent")
    assert [*Shortfall.objects.values_list("wish__name", "reason", "number")] == [("Pipes", "law", 1)]
    with desk.expect_response("**/desk/missing/sent/"):
        desk.locator("#undo").click()
    expect(desk.get_by_text("It is not counted.")).to_be_visible()
    says(desk, "All sent")
    assert not Shortfall.objects.exists()
    assert desk.evaluate(KEPT) is None


def test_online_shortfall_is_counted_in_place(desk, live_server):
    come_back(desk, live_server)
    desk.get_by_role("link", name="Asked for, not here").click()
    asked = desk.get_by_role("dialog", name="Asked for, not here")
    asked.get_by_label("What was asked for?").select_option(FOIL)
    asked.get_by_label("we were out").check()
    with desk.expect_response("**/desk/missing/sent/"):
        asked.get_by_role("button", name="Count it").click()
    says(desk, "All sent")
    assert Shortfall.objects.get().item.name == FOIL

    desk.reload()
    desk.evaluate("caches.match = async () => undefined")  # as where a browser keeps nothing
    desk.get_by_role("link", name="Asked for, not here").click()
    expect(desk.get_by_role("dialog", name="Asked for, not here")).to_be_visible()


ENTRIES = {
    "naloxone": {"product": "", "kits": "2", "first": "again"},
    "reversal": {"doses": "1", "called_999": "yes"},
    "strip": {"strip": "", "line": "absent"},
}
LOGS = "indexedDB.databases().then((all) => all.some(({name}) => name === 'desk-logs'))"
KEPT_LOGS = KEPT.replace("'desk'", "'desk-logs'")


def test_every_queue_is_sent_once_beside_no_other(desk, live_server):
    """Visits, shortfalls, naloxone, reversals, strips, logged without wifi: counted once, in requests of their own."""
    strip = Strip.objects.create(name="Nitazene strip", limits="Misses some.")
    product = Item.objects.filter(naloxone=True).first()
    ENTRIES["naloxone"]["product"], ENTRIES["strip"]["strip"] = str(product.pk), str(strip.pk)
    come_back(desk, live_server)
    desk.context.set_offline(True)
    desk.reload()
    log(desk, 2)
    wish = Wish.objects.create(name="Pipes")
    asked = {"thing": f"wish-{wish.pk}", "reason": "law"}
    for kind, fields in {**ENTRIES, "shortfall": asked}.items():
        desk.evaluate("([kind, fields]) => sending.keep(kind, fields, kind)", [kind, fields])
    says(desk, "6 saved here, waiting for wifi")
    visit, entry = desk.evaluate(KEPT)[0], desk.evaluate(KEPT_LOGS)
    assert {*visit} & {"kind", "fields", "told"} == set()
    for record in entry:
        assert {*record} - {"after", "skew"} == {"id", "kind", "month", "fields", "told", "void", "tried"}
    sent = []
    desk.on("request", lambda request: sent.append((request.url, request.post_data)) if request.post_data else None)
    # The first answer of each is lost, and comes again.
    lost = set()

    def lose_once(route):
        if (body := route.request.post_data) in lost:
            route.continue_()
        else:
            lost.add(body)
            route.fetch()
            route.abort("connectionreset")

    desk.route("**/sent/", lose_once)
    desk.context.set_offline(False)
    for _time in range(6):
        desk.clock.run_for(10_000)

    says(desk, "All sent")
    assert counted() == (2, 2)
    assert Shortfall.objects.get().number == 1
    assert sum(NaloxoneGiven.objects.values_list("kits", flat=True)) == 2
    assert (Reversal.objects.count(), StripResult.objects.count()) == (1, 1)
    for _url, body in sent:
        of_logs = sum(kind in body for kind in ("naloxone", "reversal", "strip", "wish-", "people"))
        assert of_logs == 1
    assert (desk.evaluate(KEPT), desk.evaluate(LOGS)) == (None, False)
    assert storage(desk) == []


def test_kept_entry_is_taken_back_in_any_state(desk):
    desk.evaluate("sending.keep('reversal', {doses: '1'}, 'told').then((record) => { window.record = record })")
    says(desk, "All sent")
    assert Reversal.objects.count() == 1
    with desk.expect_response("**/logs/sent/"):
        desk.evaluate("sending.takeBack(record)")
    says(desk, "All sent")
    assert not Reversal.objects.exists()

    desk.context.set_offline(True)
    desk.evaluate("sending.keep('reversal', {doses: '2'}, 'told').then((record) => sending.takeBack(record))")
    says(desk, "No wifi. Keep logging.")
    assert desk.evaluate(LOGS) is False


NO_WIFI = "No wifi: write it on paper, catch up later."
OFFERED = """[...document.querySelectorAll("a[href], form")]
  .map((one, i) => { one.dataset.offered = i; return [i, one.tagName, one.getAttribute('href') ?? one.action]; })"""


@pytest.mark.parametrize("start", ["/desk/", "/desk/catch-up/", "/desk/naloxone/", "/desk/emergency/"])
def test_links_and_forms_lead_to_no_error(desk, live_server, start):
    """Each that a page of the desk offers is followed without wifi: it works, or says so where it is."""
    desk.goto(live_server.url + start)
    # The worker answers for pages of the desk, and here nothing else does.
    offered = len(desk.evaluate(OFFERED))
    assert offered > 3
    desk.context.set_offline(True)
    for number in range(offered):
        one = desk.locator(f"[data-offered='{number}']")
        if not one.count():
            desk.context.set_offline(False)
            desk.goto(live_server.url + start)
            desk.evaluate(OFFERED)
            desk.context.set_offline(True)
        href = one.get_attribute("href") or ""
        if href.startswith(("#", "tel:")) or one.get_attribute("method") == "dialog":
            continue
        desk.evaluate(
            """(number) => {
              const one = document.querySelector(`[data-offered='${number}']`);
              if (one.tagName === 'A') one.click();
              else one.requestSubmit();
            }""",
            number,
        )
        expect(desk.locator("h1").first).to_be_visible()
        assert desk.url.startswith(live_server.url)


def test_link_without_wifi_says_so_in_place(desk, live_server):
    desk.goto(f"{live_server.url}/desk/catch-up/")
    desk.context.set_offline(True)
    desk.get_by_role("main").locator("form").last.evaluate("(form) => form.requestSubmit()")

    expect(desk.get_by_text(NO_WIFI)).to_be_visible()
    assert desk.url == f"{live_server.url}/desk/catch-up/"
    assert axe(desk) == []


def test_entry_on_its_page_is_kept_without_wifi(desk, live_server):
    desk.goto(f"{live_server.url}/desk/reversals/")
    desk.context.set_offline(True)
    desk.get_by_label("2", exact=True).check()
    desk.get_by_role("button", name="Write it down").click()

    expect(desk.get_by_text("No wifi.")).to_be_visible()
    assert not desk.get_by_label("2", exact=True).is_checked()
    desk.context.set_offline(False)
    desk.goto(f"{live_server.url}/desk/")
    says(desk, "All sent")
    assert Reversal.objects.get().doses == 2


def test_two_devices_agree_within_fifteen_seconds(desk, live_server, browser, opening):
    other = desk.context.new_page()
    other.goto(f"{live_server.url}/desk/")
    says(other, "All sent")
    log(desk, 2)
    says(desk, "All sent")

    other.clock.run_for(15_000)

    expect(other.locator("#total-visits")).to_have_text("2")
    opening.close()
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    log(other)
    for page in (desk, other):
        page.clock.run_for(15_000)
        expect(page.locator("#total-visits")).to_have_text("3")
    other.goto(f"{live_server.url}/desk/{opening.pk}/catch-up/")
    expect(other.get_by_role("main")).to_contain_text("3")


def test_desk_without_https_works_and_says_so(opening, page_as, live_server, volunteer):
    """A page without a lock has no ids, no locks, no caches and no worker from the browser."""
    page = page_as(volunteer)
    page.add_init_script(
        """
        delete Crypto.prototype.randomUUID;
        delete Navigator.prototype.locks;
        delete Navigator.prototype.serviceWorker;
        delete Navigator.prototype.storage;
        delete window.caches;
        Object.defineProperty(window, 'isSecureContext', { value: false });
        """
    )
    page.clock.install()
    page.goto(f"{live_server.url}/desk/")
    expect(page.get_by_text("This address begins with http")).to_be_visible()
    log(page, 2)

    says(page, "All sent")
    assert counted() == (2, 2)
    page.locator("#undo").click()
    expect(page.locator("#total-visits")).to_have_text("1")


def test_a_lost_answer_is_not_counted_twice(desk):
    asked = []

    def lose_the_first(route):
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    desk.route("**/desk/visits/*", lose_the_first)
    log(desk)
    says(desk, "1 saved here. The hub does not answer. We keep trying.")
    assert counted() == (1, 1)

    desk.evaluate("dispatchEvent(new Event('online'))")

    says(desk, "All sent")
    assert len(asked) == 2
    assert counted() == (1, 1)


def test_tried_and_undone_visit_is_not_counted(desk):
    desk.route("**/desk/visits/*", lambda route: (route.fetch(), route.abort("connectionreset")))
    log(desk)
    says(desk, "1 saved here. The hub does not answer. We keep trying.")
    assert counted() == (1, 1)

    desk.locator("#undo").click()
    expect(desk.locator("#log-text")).to_have_text("Log visit · 1 item")
    (record,) = desk.evaluate(KEPT)
    assert record["void"]
    desk.unroute_all(behavior="ignoreErrors")
    desk.evaluate("dispatchEvent(new Event('online'))")

    says(desk, "All sent")
    assert counted() == (0, 0)
    assert desk.evaluate(KEPT) is None


def test_a_visit_never_tried_and_undone_leaves_nothing(desk):
    desk.context.set_offline(True)
    log(desk)
    desk.locator("#undo").click()

    says(desk, "No wifi. Keep logging.")
    assert desk.evaluate(KEPT) is None


def test_two_tabs_send_each_visit_once(desk, live_server):
    other = desk.context.new_page()
    other.goto(f"{live_server.url}/desk/")
    says(other, "All sent")
    desk.context.set_offline(True)
    for tab in (desk, other):
        tab.bring_to_front()
        log(tab, 2)
    desk.context.set_offline(False)
    for tab in (desk, other):
        tab.evaluate("dispatchEvent(new Event('online'))")

    for tab in (desk, other):
        says(tab, "All sent")
    assert counted() == (4, 4)


@pytest.mark.parametrize("what", ["session", "visits"])
def test_failing_server_loses_nothing(desk, what):
    desk.reload()
    says(desk, "All sent")
    desk.route(f"**/desk/{what}/*", lambda route: route.fulfill(status=500, body="<h1>Oh no</h1>"))
    log(desk, 3)
    desk.clock.run_for("01:00:00")
    says(desk, "3 saved here. The hub does not answer. We keep trying.")
    assert len(desk.evaluate(KEPT)) == 3

    desk.unroute_all(behavior="ignoreErrors")
    desk.clock.run_for("00:30")

    says(desk, "All sent")
    assert counted() == (3, 3)


def test_broken_visit_blocks_no_other(desk):
    desk.context.set_offline(True)
    log(desk)
    (bad,) = desk.evaluate(KEPT)
    log(desk, 3)

    def choke(route):
        sent = json.loads(route.request.post_data)["visits"]
        if bad["id"] in [visit["id"] for visit in sent]:
            route.fulfill(status=500, body="no")
        else:
            route.continue_()

    desk.route("**/desk/visits/*", choke)
    go_online(desk)

    says(desk, "1 saved here. The hub does not answer. We keep trying.")
    assert counted() == (3, 3)
    assert [record["id"] for record in desk.evaluate(KEPT)] == [bad["id"]]


def test_refused_visit_explains_itself_and_blocks_none(desk):
    citric = Item.objects.get(slug="citric")
    desk.context.set_offline(True)
    log(desk, 1, citric.name)
    log(desk, 2)
    citric.withdrawn = True
    citric.save()
    go_online(desk)

    says(desk, "One of these is no longer on our list. Load the page again.")
    assert counted() == (2, 2)
    desk.get_by_role("button", name="Look").click()
    expect(desk.locator("#kept-lines")).to_contain_text(f"{citric.name}: 1")
    desk.get_by_role("button", name="Keep it here").click()
    assert len(desk.evaluate(KEPT)) == 1
    desk.get_by_role("button", name="Look").click()
    desk.get_by_role("button", name="Take it off this device").click()
    says(desk, "All sent")
    assert desk.evaluate(KEPT) is None


def test_signed_out_keeps_them_until_somebody_signs_in(desk, live_server, page_as, coordinator, demo):
    desk.context.clear_cookies()
    log(desk, 2)
    says(desk, "2 saved here. Sign in or pair this device to send them.")
    expect(desk.get_by_role("link", name="Sign in")).to_be_visible()
    assert Visit.objects.count() == 0

    page_as(coordinator)
    desk.goto(f"{live_server.url}/desk/")

    says(desk, "All sent")
    assert counted() == (2, 2)


def test_visits_logged_before_opening_open_desk(desk, opening, live_server):
    """Nobody had wifi: the desk was opened on a device that had only kept it from an earlier evening."""
    opening.close()
    Opening.objects.all().delete()
    come_back(desk, live_server)
    desk.context.set_offline(True)
    desk.reload()
    log(desk, 2)
    assert not Opening.objects.exists()

    go_online(desk)

    says(desk, "All sent")
    assert Opening.objects.current().totals().visits == 2
    expect(desk.locator("#total-visits")).to_have_text("2")


def test_visit_of_last_evening_is_counted_next_day(desk, opening, live_server):
    """The desk was known from two days ago; the clock ran evenly since, so its evening is believed."""
    yesterday = opening.date - dt.timedelta(days=1)
    Opening.objects.create(date=yesterday, kind=Opening.Kind.PLANNED, state=Opening.State.NOT_RECORDED)
    desk.context.set_offline(True)
    log(desk, 2)
    change_kept(desk, opening=None, evening=str(yesterday), after=str(yesterday - dt.timedelta(days=1)), skew=0)
    desk.reload()
    says(desk, "2 saved here, some from an earlier evening. Take this device to a place with wifi soon.")

    go_online(desk)

    says(desk, "All sent")
    evening = Opening.objects.get(date=yesterday)
    assert (evening.state, evening.visits) == ("closed", 2)
    assert Tally.objects.get(measure=Measure.VISITS).value == 2
    assert not Visit.objects.exists()


@pytest.mark.parametrize("wrong", [-1, 1, -365, 365], ids=["day behind", "day ahead", "year behind", "year ahead"])
@pytest.mark.parametrize("mended", [False, True], ids=["still wrong", "mended meanwhile"])
def test_wrong_clock_counts_to_tonights_opening(desk, opening, live_server, wrong, mended):
    """Wrong before the page was kept, and set right or not before there is wifi."""
    desk.clock.set_system_time(NOW() + dt.timedelta(days=wrong))
    come_back(desk, live_server)
    desk.context.set_offline(True)
    desk.reload()
    log(desk)
    if mended:
        desk.clock.set_system_time(NOW())
        log(desk)

    go_online(desk)

    says(desk, "All sent")
    assert [*Opening.objects.values_list("pk", flat=True)] == [opening.pk]
    assert opening.totals().visits == 1 + mended


@pytest.mark.parametrize("wrong", [-1, 1, 365], ids=["day behind", "day ahead", "year ahead"])
def test_clock_set_wrong_offline_counts_tonight(desk, opening, live_server, wrong):
    desk.context.set_offline(True)
    desk.reload()
    desk.clock.set_system_time(NOW() + dt.timedelta(days=wrong))
    desk.reload()
    log(desk)

    go_online(desk)

    says(desk, "All sent")
    assert [*Opening.objects.values_list("pk", flat=True)] == [opening.pk]
    assert opening.totals().visits == 1


def test_visit_of_unknown_evening_asks_somebody(desk, opening):
    """The page was kept days ago, and the clock was wrong in between: only who was there can know."""
    desk.context.set_offline(True)
    log(desk, 2)
    evening, after = str(opening.date - dt.timedelta(days=1)), str(opening.date - dt.timedelta(days=3))
    change_kept(desk, opening=None, evening=evening, after=after, skew=86_400_000)
    go_online(desk)

    says(desk, "2 saved here: which evening were they?")
    assert Visit.objects.count() == 0
    desk.get_by_role("button", name="Look").click()
    expect(desk.locator("#kept-why")).to_contain_text("The date on this device was wrong")
    assert axe(desk) == []
    desk.get_by_role("button", name="They were tonight’s: count them").click()

    says(desk, "All sent")
    assert opening.totals().visits == 2


def test_evening_that_was_not_waits(desk, opening):
    """No desk was open then, as far as the hub knows: nothing is made up, and nothing is refused for good."""
    yesterday = opening.date - dt.timedelta(days=1)
    desk.context.set_offline(True)
    log(desk)
    change_kept(desk, opening=None, evening=str(yesterday), after=str(yesterday), skew=0)
    go_online(desk)

    says(desk, "No desk was open that evening. If there was one, choose it under “Catch up”. Then we count this.")
    assert Opening.objects.count() == 1
    assert len(desk.evaluate(KEPT)) == 1
    evening = Opening.objects.get_for_evening(yesterday)
    desk.evaluate("sending.flush()")

    says(desk, "All sent")
    evening.refresh_from_db()
    assert (evening.visits, Visit.objects.count()) == (1, 0)


def test_too_old_visit_is_kept_unsent(desk, opening, live_server):
    Question.objects.create(slug="first", asked_by="The council", purpose="Its return", until=opening.date)
    come_back(desk, live_server)
    long_ago = opening.date - dt.timedelta(days=26)
    desk.context.set_offline(True)
    desk.get_by_label("Yes").check()
    log(desk, 2)
    change_kept(desk, evening=str(long_ago))
    desk.reload()
    go_online(desk)

    says(desk, "2 saved here are too old to send")
    desk.evaluate("sending.flush()")
    assert Visit.objects.count() == 0
    desk.get_by_role("button", name="Look").click()
    lines = [f"Month: {long_ago:%B %Y}", "Visits: 2", "People: 2", f"{FOIL}: 2", "First time here? Yes: 1"]
    expect(desk.locator("#kept-lines li")).to_have_text(lines)
    # As on a page where nobody asks that any more.
    desk.evaluate("document.querySelector('[data-question]').remove()")
    desk.get_by_role("button", name="Keep it here").click()
    desk.get_by_role("button", name="Look").click()
    expect(desk.locator("#kept-lines li").last).to_have_text("An answer to a question we no longer ask: 1")
    assert axe(desk) == []
    desk.get_by_role("button", name="Keep it here").click()
    assert len(desk.evaluate(KEPT)) == 2


def test_sign_out_with_unsent_visits_asks_first(desk, live_server):
    desk.route("**/desk/visits/*", lambda route: route.fulfill(status=500, body="no"))
    log(desk, 2)
    says(desk, "2 saved here. The hub does not answer. We keep trying.")
    desk.goto(f"{live_server.url}/today/")
    desk.locator(".menu summary").click()
    desk.get_by_role("button", name="Sign out").click()
    expect(desk.locator("#unsent-text")).to_contain_text("2 things logged on this device are not sent yet.")
    assert axe(desk) == []
    desk.get_by_role("button", name="Stay signed in").click()
    expect(desk.locator("#unsent")).to_be_hidden()
    assert desk.url == f"{live_server.url}/today/"

    desk.locator(".menu summary").click()
    desk.get_by_role("button", name="Sign out").click()
    desk.get_by_role("button", name="Sign out anyway").click()

    expect(desk.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert len(desk.evaluate(KEPT)) == 2
    assert "/desk/shell/" in desk.evaluate(CACHED)


def test_sign_out_without_unsent_visits_clears_pages(desk, live_server):
    desk.goto(f"{live_server.url}/today/")
    desk.locator(".menu summary").click()
    desk.get_by_role("button", name="Sign out").click()

    expect(desk.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert desk.evaluate(CACHED) == []
