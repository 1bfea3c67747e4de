"""Whole evenings on paired devices, with everything going wrong that can: every visit is counted, and once."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import expect

from hub.models import Handover, Measure, Opening, Tally, Visit
from supplies.models import Item, Outgoing
from tests.conftest import PASSWORD
from tests.journeys.server import Server
from tests.look import axe, small_targets
from volunteers.models import Qualification

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SYRINGE, FOIL = "1 ml fixed-needle syringe 29G", "Foil, uncoated"
TABLET = {"width": 1024, "height": 768}
DOUBLE_TAP = 750  # after so many milliseconds a tap is another visit
WORKER_READY = "navigator.serviceWorker.ready.then(() => 1)"


@pytest.fixture
def shelf(transactional_db):
    Item.objects.add_default_catalogue()
    Item.objects.get(slug="foil").receive(100)


@pytest.fixture
def lead(volunteer):
    Qualification.objects.lay_out()
    volunteer.grant(Qualification.objects.get(slug="shift-lead"), by=None, reason="Asked to")
    return volunteer


@pytest.fixture
def tablet(browser):
    """Makes tablets, with nobody signed in on them."""
    made = []

    def make():
        context = browser.new_context(
            viewport=TABLET, reduced_motion="reduce", locale="en-GB", timezone_id="Europe/London"
        )
        context.clock.install()
        made.append(context)
        return context.new_page()

    yield make
    for context in made:
        context.close()


def pair(phone, page, url):
    """The lead shows a code on their phone, and somebody types it on the device."""
    phone.goto(f"{url}/desk/devices/")
    phone.get_by_role("button", name="Pair a device").click()
    code = phone.locator(".pair-code").inner_text()
    page.goto(f"{url}/desk/pair/")
    page.get_by_label("The code").fill(code)
    page.get_by_role("button", name="Use this device").click()
    expect(page.get_by_role("heading", name="Who’s here?")).to_be_visible()
    page.wait_for_function(WORKER_READY)


def log(page, *things, times=1):
    """So many visits, each with these; returns how many taps one took."""
    for _time in range(times):
        taps = [*(page.locator(".tile-face").filter(has_text=thing).first for thing in things), page.locator("#log")]
        for tap in taps:
            tap.click()
        expect(page.locator("#undo")).to_be_visible()  # once it is on disk
        page.clock.fast_forward(DOUBLE_TAP)
    return len(taps)


def says(page, text):
    expect(page.locator("#sync-text")).to_have_text(text)


def foil_given():
    return Outgoing.objects.get(item__slug="foil").quantity


def test_an_evening_on_a_paired_device(page_as, live_server, lead, shelf, tablet):
    phone, desk = page_as(lead), tablet()
    phone.goto(f"{live_server.url}/desk/")
    phone.get_by_role("button", name="Open the desk").click()
    expect(phone.get_by_role("heading", name="Before you start")).to_be_visible()
    pair(phone, desk, live_server.url)
    desk.locator("h1").click()
    assert axe(desk) == []
    assert small_targets(desk) == []

    log(desk, FOIL, times=2)
    desk.locator("#undo").click()
    says(desk, "All sent")
    expect(desk.locator("#total-visits")).to_have_text("1")

    desk.locator("#hide").click()
    expect(desk.get_by_text("Back in a moment")).to_be_visible()
    assert axe(desk) == []
    desk.get_by_role("button", name="Open").click()
    desk.get_by_role("link", name="Emergency").click()
    expect(desk.get_by_role("heading", name="Say to 999")).to_be_visible()
    desk.get_by_role("button", name="Back to the desk").click()

    desk.get_by_role("link", name="Close the desk").click()
    desk.get_by_label("For the next shift").fill("Quiet.")
    assert axe(desk) == []
    desk.get_by_role("button", name="Close the desk").click()
    expect(desk.get_by_role("heading", name="Make this device the desk")).to_be_visible()

    assert (Opening.objects.get().state, Opening.objects.get().visits) == ("closed", 1)
    assert Handover.objects.get().note == "Quiet."
    assert foil_given() == 1
    desk.goto(f"{live_server.url}/desk/")
    expect(desk.get_by_role("heading", name="This device is not a desk any more")).to_be_visible()
    assert axe(desk) == []


def test_ended_device_keeps_visits_until_paired(page_as, live_server, lead, shelf, tablet):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    phone, desk = page_as(lead), tablet()
    pair(phone, desk, live_server.url)
    desk.context.set_offline(True)
    log(desk, FOIL, times=2)
    phone.goto(f"{live_server.url}/desk/devices/")
    phone.get_by_role("button", name="Remove it").click()
    desk.context.set_offline(False)
    says(desk, "2 saved here. Sign in or pair this device to send them.")
    assert Visit.objects.count() == 0

    pair(phone, desk, live_server.url)

    says(desk, "All sent")
    assert (Visit.objects.count(), foil_given()) == (2, 2)


def test_a_desk_closes_while_another_runs_on(page_as, live_server, lead, shelf, tablet):
    house = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    phone, at_home, on_the_bus = page_as(lead), tablet(), tablet()
    pair(phone, at_home, live_server.url)
    bus = Opening.objects.start(kind=Opening.Kind.OUTREACH, place="The bus")
    phone.goto(f"{live_server.url}/desk/")
    phone.get_by_role("button", name="Go to: The bus").click()
    expect(phone.get_by_text("You are at: The bus.")).to_be_visible()
    pair(phone, on_the_bus, live_server.url)
    log(at_home, FOIL, times=2)
    log(on_the_bus, FOIL)
    says(at_home, "All sent")
    at_home.context.set_offline(True)
    log(at_home, FOIL)

    phone.goto(f"{live_server.url}/desk/{house.pk}/close/")
    phone.get_by_role("button", name="Close the desk").click()
    expect(phone.get_by_role("heading", name="Hello, Ash")).to_be_visible()
    log(on_the_bus, FOIL)
    says(on_the_bus, "All sent")
    expect(on_the_bus.locator("#total-visits")).to_have_text("2")

    at_home.context.set_offline(False)
    says(at_home, "1 saved here. Sign in or pair this device to send it.")
    phone.goto(f"{live_server.url}/desk/")
    pair(phone, at_home, live_server.url)  # it is a desk of the bus now, and what it kept is still the house's
    says(at_home, "All sent")
    bus.close()
    house.refresh_from_db()
    assert (house.state, house.visits) == ("closed", 3)
    assert (bus.state, bus.visits) == ("closed", 2)
    assert foil_given() == 5


def test_forty_visits_from_two_devices_count_once(lead, shelf, tablet):
    """The network cut half-way, a tab killed, and the server killed with -9 and started again."""
    server = Server()
    server.start()
    try:
        lead.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")  # as the server checks them
        lead.save()
        phone, one, two = tablet(), tablet(), tablet()
        phone.goto(f"{server.url}/accounts/login/")
        phone.locator("input[name=login]").fill(lead.username)
        phone.locator("input[name=password]").fill(PASSWORD)
        phone.locator("input[name=password]").press("Enter")
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Hello")
        Opening.objects.start(kind=Opening.Kind.UNPLANNED)
        for desk in (one, two):
            pair(phone, desk, server.url)

        log(one, FOIL, times=5)
        log(two, SYRINGE, FOIL, times=5)  # 10
        one.context.set_offline(True)
        log(one, FOIL, times=5)
        log(two, FOIL, times=3)  # 18
        says(one, "5 saved here, waiting for wifi")
        killed = one.context
        one.close(run_before_unload=False)
        server.kill()
        log(two, FOIL, times=7)  # 25
        one = killed.new_page()
        one.goto(f"{server.url}/desk/")
        log(one, FOIL, times=5)  # 30
        server.start()
        killed.set_offline(False)
        log(two, FOIL, times=5)  # 35
        server.kill()
        server.start()
        log(one, FOIL, times=5)  # 40

        for desk in (one, two):
            says(desk, "All sent")
        for desk in (one, two):
            desk.evaluate("dispatchEvent(new Event('online'))")
            expect(desk.locator("#total-visits")).to_have_text("40")
    finally:
        if server.process:
            server.kill()
    opening = Opening.objects.get()
    assert opening.totals().visits == Visit.objects.count() == 40
    opening.close()
    assert (opening.visits, opening.people) == (40, 40)
    assert Tally.objects.get(measure=Measure.VISITS).value == 40
    assert foil_given() == 40
    assert Outgoing.objects.get(item__name=SYRINGE).quantity == 5
    left = dict(Item.objects.with_on_hand().values_list("name", "on_hand"))
    assert (left[FOIL], left[SYRINGE]) == (60, -5)


def test_taps_at_the_desk(page_as, live_server, volunteer, shelf):
    """No more taps than we promise for each kind of visit, and each is counted as it was tapped."""
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    desk = page_as(volunteer)
    desk.clock.install()
    desk.goto(f"{live_server.url}/desk/")
    says(desk, "All sent")
    taps = 0

    def tap(target):
        nonlocal taps
        taps += 1
        target.click()

    def logged(people, **items):
        nonlocal taps
        expect(desk.locator("#total-visits")).to_have_text(str(len(known) + 1))
        says(desk, "All sent")
        visit = Visit.objects.exclude(pk__in=known).prefetch_related("items").get()
        known.add(visit.pk)
        names = {SYRINGE: "syringes", FOIL: "foil", "Condom": "condoms"}
        by_id = {item.pk: names[item.name] for item in Item.objects.filter(name__in=names)}
        taken = {}
        for line in visit.items.all():
            taken[by_id[line.item_id]] = taken.get(by_id[line.item_id], 0) + line.quantity
        assert (visit.people, taken) == (people, items)
        desk.clock.fast_forward(DOUBLE_TAP)
        needed, taps = taps, 0
        return needed

    known = set()
    tile = lambda name: desk.locator(".tile").filter(has_text=name).first  # noqa: E731 -- a name for a place
    face = lambda name: tile(name).locator(".tile-face")  # noqa: E731 -- the same
    person = lambda n: desk.locator(".segment label").nth(n - 1)  # noqa: E731 -- the same
    log_visit, again = desk.locator("#log"), desk.locator("#again")

    tap(desk.locator(".talk"))
    tap(log_visit)
    assert logged(1) == 2

    tap(face(FOIL))
    tap(log_visit)
    assert logged(1, foil=1) == 2

    tap(again)
    assert logged(1, foil=1) == 1

    for target in (person(2), face(FOIL), face(SYRINGE), log_visit):
        tap(target)
    assert logged(2, foil=1, syringes=1) == 4

    for target in (person(2), face(FOIL), face(FOIL), face(SYRINGE), face("Condom"), log_visit):
        tap(target)
    assert logged(2, foil=2, syringes=1, condoms=1) == 6

    tap(face(SYRINGE))
    tap(tile(SYRINGE).locator(".badge"))
    tap(desk.locator("#how-many [data-amount='10']"))
    tap(log_visit)
    assert logged(1, syringes=10) == 4

    for target in (person(6), person(9), desk.locator(".talk"), log_visit):
        tap(target)
    assert logged(9) == 4


def test_number_keys_are_off_until_somebody_wants_them(page_as, live_server, volunteer, shelf):
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    desk = page_as(volunteer)
    desk.goto(f"{live_server.url}/desk/")
    says(desk, "All sent")
    desk.keyboard.press("1")
    expect(desk.locator(".tile").first).to_have_attribute("data-n", "0")

    desk.locator("summary", has_text="On this device").click()
    desk.get_by_label("Number keys").check()
    desk.locator("h1").click()
    desk.keyboard.press("1")
    desk.keyboard.press("1")
    desk.keyboard.press("3")
    expect(desk.locator(".tile").first).to_have_attribute("data-n", "2")
    desk.keyboard.press("Enter")
    expect(desk.locator("#total-visits")).to_have_text("1")
    says(desk, "All sent")
    assert Visit.objects.get().items.count() == 2

    desk.reload()
    desk.locator("summary", has_text="On this device").click()
    expect(desk.get_by_label("Number keys")).to_be_checked()
