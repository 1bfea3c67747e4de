"""The desk in a hand: what is in sight on a phone, how many taps things take, and that nothing is lost or made up."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hub.models import (
    Alert,
    Choice,
    DeskDevice,
    EmergencyCard,
    NaloxoneGiven,
    Opening,
    Reversal,
    Strip,
    StripResult,
    Visit,
    VisitItem,
)
from supplies.models import Item, Shortfall
from tests.look import axe, scrolls_sideways, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whole tiles between the head and the dock, with nothing scrolled.
IN_VIEW = """() => {
  const floor = document.querySelector('.dock').getBoundingClientRect().top;
  const top = document.querySelector('.bar').getBoundingClientRect().bottom;
  return [...document.querySelectorAll('.tiles > li')].filter((tile) => {
    const box = tile.getBoundingClientRect();
    return tile.checkVisibility() && box.top >= top && box.bottom <= floor;
  }).length;
}"""
DOCK = "document.querySelector('.dock').getBoundingClientRect().height"
SCREENS = [(390, 844, 12), (360, 640, 8), (320, 568, 6), (810, 1080, 19), (1280, 800, 14)]


class Hand:
    """Taps, and counts them."""

    def __init__(self, page):
        self.page = page
        self.taps = 0

    def tap(self, what):
        what.click()
        self.taps += 1


@pytest.fixture
def house(transactional_db):
    Item.objects.add_default_catalogue()
    Choice.objects.lay_out()
    Strip.objects.lay_out()
    EmergencyCard.objects.lay_out()
    alert = Alert.objects.create(
        what="Pale brown heroin that is much stronger than it looks",
        area="East London",
        week=timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday()),
        source="The drug checking service",
        what_to_do="Start low, go slow.",
        expires_on=timezone.localdate() + dt.timedelta(days=9),
    )
    alert.publish()
    return Opening.objects.start(kind=Opening.Kind.UNPLANNED)


@pytest.fixture
def at_desk(house, page_as, volunteer, live_server):
    page = page_as(volunteer)
    page.clock.install()
    page.goto(f"{live_server.url}/desk/")
    sent(page)
    return page


def tile(page, name):
    return page.locator("#visit .tile-face").filter(has_text=name).first


def sent(page):
    expect(page.locator("#sync-text")).to_have_text("All sent")


def said(page, text):
    expect(page.locator("#said-text")).to_have_text(text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tiles_are_in_sight_on_every_screen(at_desk, scheme):
    at_desk.emulate_media(color_scheme=scheme)
    for width, height, least in SCREENS:
        at_desk.set_viewport_size({"width": width, "height": height})
        assert not scrolls_sideways(at_desk), width
        assert at_desk.evaluate(IN_VIEW) >= least, (width, height)
        assert small_targets(at_desk) == [], width
    assert axe(at_desk) == []


def test_dock_is_one_row_whatever_happens(at_desk):
    at_desk.set_viewport_size({"width": 320, "height": 568})
    height = at_desk.evaluate(DOCK)
    assert height <= 72
    where = "all => all.map(one => [one.offsetTop, one.offsetLeft])"
    tiles = at_desk.locator(".tiles > li")
    before = tiles.evaluate_all(where)
    for name in ("Swab", "Foil", "Citric"):
        tile(at_desk, name).click()
        assert at_desk.evaluate(DOCK) == height
        assert tiles.evaluate_all(where) == before, "a tile moved away from the finger"
    at_desk.locator("#log").click()
    expect(at_desk.locator("#undo")).to_be_visible()
    assert at_desk.evaluate(DOCK) == height
    assert small_targets(at_desk) == []
    assert axe(at_desk) == []


def test_ten_needles_and_naloxone_take_eight_taps(house, page_as, volunteer, live_server):
    house.close()
    Opening.objects.all().delete()
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/")
    hand = Hand(page)
    hand.tap(page.get_by_role("button", name="Open the desk").first)
    hand.tap(page.get_by_role("link", name="To the desk"))
    hand.tap(tile(page, "1 ml all-in-one"))
    hand.tap(page.locator(".badge:visible"))
    hand.tap(page.get_by_role("button", name="10", exact=True))
    hand.tap(page.locator("#log"))
    hand.tap(page.get_by_role("link", name="Naloxone given"))
    hand.tap(page.get_by_role("button", name="Write it down"))
    said(page, "Written down: naloxone given.")

    assert hand.taps <= 8
    sent(page)
    assert VisitItem.objects.get().quantity == 10
    assert NaloxoneGiven.objects.get().kits == 1


def test_three_people_with_foil_take_four_taps(at_desk):
    hand = Hand(at_desk)
    hand.tap(at_desk.locator(".segment label").nth(2))
    hand.tap(tile(at_desk, "Foil"))
    hand.tap(at_desk.locator("#log"))
    said(at_desk, "Logged: 3 people, 1 foil · 1 tonight")

    assert hand.taps <= 4
    sent(at_desk)
    assert Visit.objects.get().people == 3


def test_what_is_no_tile_takes_five_taps(at_desk):
    gloves = Item.objects.get(slug="gloves")
    gloves.name, gloves.desk_name = "Handschuhé, groß", "Glóves"
    gloves.save()
    at_desk.reload()
    expect(at_desk.locator("#sync-text")).to_have_text("All sent")
    at_desk.context.set_offline(True)
    hand = Hand(at_desk)
    hand.tap(at_desk.get_by_role("button", name="More", exact=True))
    for words in ("glove", "GLÓV", "handschuhe", "safer sex gl", gloves.slug):
        at_desk.get_by_label("Search").fill(words)
        expect(at_desk.locator("#more-found")).to_have_text("1 thing found")
    at_desk.get_by_label("Search").fill("no such thing")
    expect(at_desk.locator("#more-found")).to_contain_text("Nothing on the shelf")
    at_desk.get_by_label("Search").fill("gloves")
    assert axe(at_desk) == []
    hand.tap(tile(at_desk, "Glóves"))
    hand.tap(at_desk.locator("#more-sheet").get_by_role("button", name="Back to the desk"))
    hand.tap(at_desk.locator("#log"))
    assert hand.taps <= 5
    expect(at_desk.locator("#said-text")).to_contain_text("1 person, 1 glóves")

    at_desk.get_by_role("button", name="More", exact=True).click()
    expect(at_desk.locator("#more-recent li")).to_have_count(1)
    at_desk.locator("#more-sheet").get_by_role("button", name="Back to the desk").click()
    at_desk.context.set_offline(False)
    at_desk.evaluate("dispatchEvent(new Event('online'))")
    sent(at_desk)
    assert VisitItem.objects.get().item == gloves


def test_log_makes_no_phantom_visit(at_desk):
    log = at_desk.locator("#log")
    log.click()
    said(at_desk, "You have not tapped anything. Tap what they took, or “Only a talk”.")
    tile(at_desk, "Foil").click()
    log.click()
    said(at_desk, "Logged: 1 person, 1 foil · 1 tonight")
    for wait in (900, 3000, 50_000):
        at_desk.clock.fast_forward(wait)
        log.click()
    said(at_desk, "You have not tapped anything. Tap what they took, or “Only a talk”.")
    at_desk.locator(".segment label").nth(1).click()
    log.click()
    expect(at_desk.locator("#total-visits")).to_have_text("1")

    at_desk.locator(".talk label").click()
    expect(at_desk.locator("#log-text")).to_have_text("Log a talk")
    log.click()
    said(at_desk, "Logged: 2 people, only a talk · 2 tonight")
    sent(at_desk)
    assert Visit.objects.count() == 2


def test_same_again_names_visit_until_hidden(at_desk):
    tile(at_desk, "Foil").dblclick()
    at_desk.locator("#log").click()
    again = at_desk.locator("#again")
    expect(again).to_have_accessible_name("Same again: 1 person, 2 foil")
    at_desk.clock.fast_forward(1000)
    again.click()
    said(at_desk, "Logged: 1 person, 2 foil · 2 tonight")
    at_desk.clock.fast_forward(1000)
    again.click()
    said(at_desk, "That is logged. To log another one like it, wait a moment and tap again.")
    at_desk.clock.fast_forward(4000)
    again.click()
    said(at_desk, "Logged: 1 person, 2 foil · 3 tonight")
    for _wait in range(2):
        at_desk.clock.fast_forward(301_000)
    at_desk.locator("#privacy-screen").get_by_role("button", name="Open").click()
    # A minute without a touch covers the desk, and after five nobody comes back: then it is forgotten.
    expect(again).to_be_hidden()
    tile(at_desk, "Foil").click()
    at_desk.locator("#log").click()
    for _minute in range(4):
        at_desk.clock.fast_forward(50_000)
        at_desk.locator("h1").click()
    expect(at_desk.locator("#undo")).to_be_visible()
    expect(again).to_have_accessible_name("Same again: 1 person, 1 foil")
    at_desk.locator("#hide").click()
    at_desk.locator("#privacy-screen").get_by_role("button", name="Open").click()
    expect(again).to_be_hidden()
    expect(at_desk.locator("#undo")).to_be_hidden()


def test_draft_survives_all_but_log_and_hiding(at_desk, live_server):
    def is_there():
        expect(at_desk.locator("#log-text")).to_have_text("Log visit · 12 items")
        expect(at_desk.locator(".segment input").nth(1)).to_be_checked()

    at_desk.locator(".segment label").nth(1).click()
    tile(at_desk, "Foil").click()
    tile(at_desk, "Swab").click()
    at_desk.get_by_role("button", name="+10").click()
    is_there()
    at_desk.get_by_role("link", name="Overdose reversed").click()
    expect(at_desk.get_by_role("dialog", name="Overdose reversed")).to_be_visible()
    at_desk.go_back()
    is_there()
    at_desk.get_by_role("link", name="Emergency").click()
    expect(at_desk.get_by_role("heading", name="Say to 999")).to_be_visible()
    at_desk.keyboard.press("Escape")
    is_there()
    at_desk.reload()
    is_there()
    at_desk.goto(f"{live_server.url}/desk/reversals/")
    at_desk.go_back()
    is_there()
    cookies = at_desk.context.cookies()
    at_desk.context.clear_cookies()
    at_desk.reload()
    expect(at_desk).to_have_url(f"{live_server.url}/accounts/login/?next=/desk/")
    at_desk.context.add_cookies(cookies)
    at_desk.goto(f"{live_server.url}/desk/")
    is_there()
    kept = at_desk.evaluate("JSON.stringify(sessionStorage)")
    assert "Ash" not in kept
    assert "time" not in kept

    at_desk.locator("#hide").click()
    at_desk.locator("#privacy-screen").get_by_role("button", name="Open").click()
    is_there()
    at_desk.locator("#hide").click()
    at_desk.clock.fast_forward(301_000)
    at_desk.locator("#privacy-screen").get_by_role("button", name="Open").click()
    expect(at_desk.locator("#log-text")).to_have_text("Log visit")
    assert at_desk.evaluate("sessionStorage.length") == 0


def test_basket_is_looked_at_and_put_right(at_desk):
    tile(at_desk, "Foil").click()
    tile(at_desk, "Swab").click()
    at_desk.get_by_role("button", name="+5").click()
    at_desk.locator("#basket-open").click()
    lines = at_desk.locator("#basket-lines li")
    expect(lines).to_have_count(2)
    assert axe(at_desk) == []
    assert small_targets(at_desk) == []
    lines.filter(has_text="Foil").get_by_role("button", name="One less").click()
    expect(lines).to_have_count(1)
    lines.get_by_role("button", name="One more").click()
    at_desk.locator("#basket").get_by_role("button", name="Back to the desk").click()
    at_desk.locator("#log").click()
    said(at_desk, "Logged: 1 person, 7 swab · 1 tonight")


def sheet(page, name):
    page.get_by_role("link", name=name).click()
    opened = page.get_by_role("dialog", name=name)
    expect(opened).to_be_visible()
    assert small_targets(page) == []
    return opened


def write(opened, answer, *, button="Write it down"):
    opened.get_by_role("button", name=button).click()
    said(opened.page, answer)
    sent(opened.page)


def undone(page, model):
    """Undone from the answer, and the half-entered visit is as it was."""
    assert model.objects.exists()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("#said-text")).to_contain_text("Undone.")
    sent(page)
    assert not model.objects.exists()
    expect(page.locator("#log-text")).to_have_text("Log visit · 1 item")


def test_naloxone_opens_over_the_desk(at_desk):
    tile(at_desk, "Foil").click()
    naloxone = sheet(at_desk, "Naloxone given")
    assert axe(at_desk) == []
    naloxone.get_by_text("Another number", exact=True).click()
    naloxone.get_by_role("button", name="Write it down").click()
    expect(naloxone.get_by_role("alert")).to_have_text("How many kits? Write the number.")
    number = naloxone.get_by_label("Another number of kits")
    number.fill("12")
    naloxone.get_by_role("button", name="Back to the desk").click()
    sheet(at_desk, "Naloxone given")
    expect(number).to_have_value("12")
    at_desk.reload()  # the sheet that was open, with what was in it
    expect(number).to_have_value("12")
    write(naloxone, "Written down: naloxone given.")
    assert sum(NaloxoneGiven.objects.values_list("kits", flat=True)) == 12
    undone(at_desk, NaloxoneGiven)


def test_other_logs_open_over_the_desk(at_desk):
    tile(at_desk, "Foil").click()
    write(sheet(at_desk, "Overdose reversed"), "Written down. Thank the person who told you.")
    undone(at_desk, Reversal)

    strip = sheet(at_desk, "Strip result")
    strip.get_by_role("button", name="Write it down").click()
    expect(strip.get_by_role("alert")).to_have_text("Choose which strip it was.")
    strip.get_by_text("Nitazene strip").click()
    expect(strip.get_by_text("What this strip cannot find").filter(visible=True)).to_have_count(1)
    strip.get_by_text("Not sure").click()
    write(strip, "Written down. No strip can promise anything.")
    undone(at_desk, StripResult)

    asked = sheet(at_desk, "Asked for, not here")
    asked.get_by_role("button", name="Count it").click()
    expect(asked.get_by_role("alert")).to_have_text("Choose what was asked for.")
    asked.get_by_label("What was asked for?").select_option("Foil, uncoated")
    asked.get_by_role("button", name="Count it").click()
    expect(asked.get_by_role("alert")).to_have_text("Choose why not.")
    asked.get_by_label("we were out").check()
    write(asked, "Counted. It helps us decide what to stock.", button="Count it")
    undone(at_desk, Shortfall)


def test_desk_without_scripts_does_it_all(house, browser, live_server, client, sign_in, volunteer):
    sign_in(client, volunteer)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    page.locator("#log").click()
    expect(page.locator(".errors")).to_contain_text("This visit is empty.")
    page.locator(".talk").click()
    page.locator("#log").click()
    expect(page.locator(".toast")).to_have_text("Logged: 1 person · 1 tonight")
    page.get_by_text("More: everything on the shelf").click()
    page.get_by_label("Gloves").fill("2")
    page.locator("#log").click()
    expect(page.locator(".toast")).to_have_text("Logged: 1 person, 2 gloves · 2 tonight")
    expect(page.locator("#again")).to_contain_text("1 person, 2 gloves")

    page.get_by_role("link", name="Overdose reversed").click()
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("heading", name="Who’s here?")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Written down.")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone.")
    assert not Reversal.objects.exists()
    assert VisitItem.objects.get().quantity == 2
    context.close()


def test_buzz_and_sound_are_asked_for_first(at_desk):
    at_desk.evaluate("window.buzzed = 0; navigator.vibrate = () => { window.buzzed += 1; return true; }; 0")
    assert not at_desk.locator("#sound").is_checked()
    tile(at_desk, "Foil").click()
    at_desk.locator("#log").click()
    sent(at_desk)
    assert at_desk.evaluate("window.buzzed") == 0
    at_desk.locator("#on-device summary").click()
    at_desk.get_by_label("Buzz when a visit is logged").check()
    tile(at_desk, "Foil").click()
    at_desk.locator("#log").click()
    expect(at_desk.locator("#total-visits")).to_have_text("2")
    assert at_desk.evaluate("window.buzzed") == 1
    at_desk.reload()
    expect(at_desk.locator("#buzz")).to_be_checked()


def test_paired_device_is_told_once_to_install(house, page, live_server):
    page.goto(f"{live_server.url}/desk/pair/")
    page.get_by_label("The code").fill(DeskDevice.objects.invite(house).code)
    page.get_by_role("button", name="Use this device").click()
    hint = page.locator("#home-screen")
    expect(hint).to_contain_text("home screen")
    hint.get_by_role("button", name="Not now").click()
    expect(hint).to_be_hidden()
    page.reload()
    expect(page.locator("#sync-text")).to_have_text("All sent")
    expect(hint).to_be_hidden()


def test_emergency_names_every_card_in_sight(at_desk, live_server):
    def index_is_in_sight(where):
        names = where.locator(".card-index a")
        assert names.count() == where.locator("section.card h2").count()
        assert names.evaluate_all("all => Math.max(...all.map(one => one.getBoundingClientRect().bottom))") <= 844
        names.last.click()
        expect(where.locator("section.card").last).to_be_in_viewport()

    at_desk.get_by_role("link", name="Emergency").click()
    cards = at_desk.get_by_role("dialog", name="Emergency")
    expect(cards).to_be_visible()
    assert axe(at_desk) == []
    index_is_in_sight(cards)
    at_desk.keyboard.press("Escape")
    at_desk.goto(f"{live_server.url}/desk/emergency/")
    index_is_in_sight(at_desk.locator("main"))
