"""Every part our pages are made of, looked at in both themes and two sizes."""

import pytest
from playwright.sync_api import expect

from tests.look import axe, scrolls_sideways, small_targets, storage
from volunteers.shared.charts import bars

EVERY_LOOK = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]


@pytest.fixture
def open_styleguide(page_as, live_server, volunteer):
    def open_(scheme="light", width=390):
        page = page_as(volunteer)
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{live_server.url}/styleguide/")
        return page

    return open_


def test_styleguide_asks_a_stranger_to_sign_in(client, db):
    assert client.get("/styleguide/").headers["Location"] == "/accounts/login/?next=/styleguide/"


def test_styleguide_opens_for_anybody_signed_in(client, sign_in, trainee):
    sign_in(client, trainee)

    assert client.get("/styleguide/").status_code == 200
    assert client.post("/styleguide/").status_code == 405


def test_styleguide_dialog_works_without_htmx(client, sign_in, trainee):
    sign_in(client, trainee)

    assert "<!doctype html>" in client.get("/styleguide/dialog/").content.decode()
    fragment = client.get("/styleguide/dialog/", headers={"HX-Request": "true"})
    assert "<!doctype html>" not in fragment.content.decode()
    assert 'id="modal-title"' in fragment.content.decode()


def test_chart_draws_no_bar_for_zero():
    drawn = bars([("<b>Foil</b>", 4), ("Nothing", 0)], "Given out")

    assert "&lt;b&gt;Foil" in drawn
    assert drawn.count('width="0"') == 2  # the bar and its second colour
    assert "style" not in drawn


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), EVERY_LOOK)
def test_styleguide_looks_right(open_styleguide, console, scheme, width):
    page = open_styleguide(scheme, width)

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert storage(page) == []
    assert (console.messages, console.elsewhere) == ([], [])


@pytest.mark.browser
def test_styleguide_fits_a_small_phone(open_styleguide):
    assert not scrolls_sideways(open_styleguide(width=320))


@pytest.mark.browser
def test_styleguide_reads_from_the_other_side_too(open_styleguide):
    page = open_styleguide()
    page.evaluate("document.documentElement.dir = 'rtl'")

    assert not scrolls_sideways(page)
    brand, tools = page.locator(".brand").bounding_box(), page.locator(".menu").bounding_box()
    assert brand["x"] > tools["x"]


@pytest.mark.browser
def test_tile_adds_and_removes_one(open_styleguide):
    page = open_styleguide()
    tile = page.locator("[data-item=foil]")
    for _ in range(2):
        page.get_by_role("button", name="Foil").first.click()
    expect(tile.locator(".badge")).to_have_text("2")
    expect(tile.locator("input")).to_have_value("2")

    page.get_by_role("button", name="One less Foil").click()
    page.get_by_role("button", name="One less Foil").click()

    expect(tile.locator("input")).to_have_value("0")
    expect(tile.locator(".tile-face")).to_be_focused()  # minus has gone, and the focus is not lost with it


@pytest.mark.browser
def test_dialog_opens_and_returns_focus(open_styleguide, console):
    page = open_styleguide()
    opener = page.get_by_role("link", name="Open a dialog")
    opener.click()
    dialog = page.get_by_role("dialog", name="A dialog")
    expect(dialog).to_be_visible()
    assert axe(page) == []

    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert storage(page) == []
    assert (console.messages, console.elsewhere) == ([], [])


@pytest.mark.browser
def test_menu_closes_by_escape_or_outside_tap(open_styleguide):
    page = open_styleguide()
    you = page.locator(".menu > summary")
    sign_out = page.get_by_role("button", name="Sign out")
    you.click()
    expect(sign_out).to_be_visible()
    page.keyboard.press("Escape")
    expect(sign_out).to_be_hidden()
    expect(you).to_be_focused()

    you.click()
    page.get_by_role("heading", level=1).click()

    expect(sign_out).to_be_hidden()


@pytest.mark.browser
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_everything_works_without_javascript(open_styleguide, live_server):
    page = open_styleguide()

    page.get_by_label("Foil").fill("3")
    page.get_by_role("link", name="Open a dialog").click()
    expect(page.get_by_role("heading", name="A dialog")).to_be_visible()

    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{live_server.url}/accounts/login/")
    page.goto(f"{live_server.url}/styleguide/")
    expect(page).to_have_url(f"{live_server.url}/accounts/login/?next=/styleguide/")


@pytest.mark.browser
def test_page_kept_for_back_is_loaded_again(open_styleguide, live_server):
    page = open_styleguide()
    # Chromium started by Playwright keeps no pages for Back, so the event is sent by hand.
    with page.expect_navigation(url=f"{live_server.url}/styleguide/"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


@pytest.mark.browser
def test_styleguide_prints_black_on_white(open_styleguide):
    page = open_styleguide("light")
    page.emulate_media(media="print")

    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".nav")).to_be_hidden()
    expect(page.locator("h1").first).to_have_css("color", "rgb(0, 0, 0)")
    assert page.pdf().startswith(b"%PDF")
