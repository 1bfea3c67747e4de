"""Search as people use it: by keyboard, on a small phone, in both themes and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.look import axe, scrolls_sideways, small_targets
from tests.volunteers.rota_world import a_shift
from volunteers.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_slash_leads_to_the_search(demo, page_as, live_server, coordinator, console):
    User.objects.create_user("lodz", chosen_name="Łodź")
    page = page_as(coordinator)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/today/")
    page.keyboard.press("/")
    page.keyboard.type("lodz")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Łodź")).to_be_visible()

    page.get_by_role("searchbox").press("Control+a")
    page.keyboard.type("qwertz")
    expect(page.get_by_text("Nothing like that here").first).to_be_visible()
    # What is typed on this page goes into no history.
    assert "qwertz" not in page.url

    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{live_server.url}/rota/")
    page.keyboard.press("/")
    expect(page.get_by_label("What are you looking for?")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.get_by_label("What are you looking for?")).to_have_value("a/b")
    assert console.messages == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_search_looks_right(demo, page_as, live_server, coordinator, console, scheme, width):
    a_shift(title="A very long evening with everybody", place="The room behind the kitchen")
    page = page_as(coordinator)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    for path in ("/search/?q=e", "/search/", "/today/"):
        page.goto(live_server.url + path)
        assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    assert console.quiet


def test_search_works_without_scripts(demo, browser, live_server, page_as, coordinator):
    User.objects.create_user("lodz", chosen_name="Łodź")
    cookies = page_as(coordinator).context.cookies()
    with browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(f"{live_server.url}/today/")
        page.get_by_role("link", name="Search").click()
        page.get_by_label("What are you looking for?").fill("lodz")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("link", name="Łodź")).to_be_visible()
