"""Twenty idle minutes in a form: what was typed is there again after signing in, and nobody else can read it."""

import pytest
from playwright.sync_api import expect

from hub.web.middleware import IDLE_COOKIE
from tests.conftest import PASSWORD
from tests.supplies.makers import a_lot, an_item, on_hand

BACK = "You are signed in again."
# A page of its own, a form that goes to an address of its own, and one that is folded away.
FORMS = [
    ("/alerts/new/", "what", "Strong pills"),
    ("/stock/items/spoon/waste/", "reason", "wet"),
    ("/people/{pk}/", "reason", "Seen on shift"),
    ("/stock/literature/", "item", "spoon"),
]


def type_into(page, name, words):
    for fold in page.locator("details.unfold:not([open]), details.stack:not([open])").all():
        fold.evaluate("fold => { fold.open = true; }")
    box = page.locator(f"main form[method=post] [name={name}]").first
    if box.evaluate("box => box.tagName") == "SELECT":
        box.select_option(words)
    else:
        box.fill(words)
    return box


def kept(page):
    return page.evaluate("sessionStorage.getItem('kept')")


def wait_until_kept(page):
    expect(page.locator("html[data-kept]")).to_have_count(1)


@pytest.mark.browser
def test_words_are_back_after_signing_in(page_as, live_server, coordinator, volunteer, demo):
    item = an_item("Spoon")
    a_lot(item, 50)
    page = page_as(coordinator)
    for address, name, words in FORMS:
        page.goto(live_server.url + address.format(pk=volunteer.pk))
        box = type_into(page, name, words)
        wait_until_kept(page)
        assert words not in kept(page)
        page.context.clear_cookies(name=IDLE_COOKIE)
        box.evaluate("box => box.form.requestSubmit()")
        page.wait_for_url("**/accounts/login/**")
        page.get_by_label("Sign-in name or e-mail").fill(coordinator.username)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password", exact=True).press("Enter")
        expect(page.locator("main")).to_contain_text(BACK)
        expect(page.locator(f"main form[method=post] [name={name}]").first).to_have_value(words)
        assert kept(page) is None
    assert on_hand(item) == 50


@pytest.mark.browser
def test_words_are_not_for_the_next_person(page_as, live_server, coordinator, admin, demo):
    page = page_as(coordinator)
    page.goto(f"{live_server.url}/alerts/new/")
    type_into(page, "what", "Strong pills")
    wait_until_kept(page)
    page.context.clear_cookies(name=IDLE_COOKIE)
    page.goto(f"{live_server.url}/alerts/new/")
    page.wait_for_url("**/accounts/login/**")
    page.get_by_label("Sign-in name or e-mail").fill(admin.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
    page.wait_for_url("**/alerts/new/")
    assert kept(page) is None
    expect(page.locator("[name=what]")).to_have_value("")


@pytest.mark.browser
def test_words_that_were_sent_are_gone(page_as, live_server, coordinator, demo):
    a_lot(an_item("Spoon"), 50)
    page = page_as(coordinator)
    page.goto(f"{live_server.url}/stock/items/spoon/waste/")
    page.get_by_label("How many").fill("3")
    wait_until_kept(page)
    page.locator("main form button.big").click()
    page.wait_for_url("**/stock/items/spoon/")
    assert kept(page) is None
    assert BACK not in page.locator("main").inner_text()


@pytest.mark.browser
def test_words_go_after_an_hour(page_as, live_server, coordinator, demo):
    page = page_as(coordinator)
    page.goto(f"{live_server.url}/alerts/new/")
    type_into(page, "what", "Strong pills")
    wait_until_kept(page)
    page.evaluate(
        "() => { const kept = JSON.parse(sessionStorage.getItem('kept'));"
        " sessionStorage.setItem('kept', JSON.stringify({ ...kept, interrupted: true, until: Date.now() - 1 })); }"
    )
    page.goto(f"{live_server.url}/alerts/new/")
    assert kept(page) is None
    expect(page.locator("[name=what]")).to_have_value("")
