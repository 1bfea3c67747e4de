"""The front page: for a stranger's eyes, and left in one tap."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from hub.models import Hub
from tests.look import axe, scrolls_sideways, small_targets, storage

BUDGET = 120_000


@pytest.fixture
def way_out(live_server):
    """A hub whose “Leave this page” goes where a test can follow."""
    Hub.objects.create(pk=1, name="Corner House", leave_to=f"{live_server.url}/healthz")
    return f"{live_server.url}/healthz"


def test_front_greets_a_stranger(client, db):
    Hub.objects.create(pk=1, name="Corner House")

    page = client.get("/").content.decode()

    assert "Corner House" in page
    assert 'href="/accounts/login/"' in page
    assert 'href="https://www.bbc.co.uk/weather"' in page
    assert re.search(r"<title>\s*Hub\s*</title>", page)


def test_front_stands_before_the_hub_is_set_up(client, db):
    assert client.get("/").status_code == 200


def test_front_takes_only_get(client, db):
    assert client.post("/").status_code == 405


def test_front_costs_one_statement(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):  # the hub's own row
        client.get("/")


def test_front_shows_somebody_signed_in_the_way_to_today(client, sign_in, volunteer):
    sign_in(client, volunteer)

    page = client.get("/").content.decode()

    assert 'href="/today/"' in page
    assert "data-leave" not in page


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_front_looks_right(page, live_server, console, scheme, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url)

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert storage(page) == []
    assert (console.messages, console.elsewhere) == ([], [])


@pytest.mark.browser
def test_leave_by_the_button_and_back_does_not_return(page, live_server, way_out):
    page.goto("about:blank")
    page.goto(live_server.url)
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(way_out)

    page.go_back()

    assert page.url == "about:blank"


@pytest.mark.browser
def test_leave_by_three_shifts(page, live_server, way_out):
    page.goto("about:blank")
    page.goto(live_server.url)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(way_out)

    page.go_back()

    assert page.url == "about:blank"


@pytest.mark.browser
def test_shifts_with_a_letter_between_do_not_leave(page, live_server, way_out):
    page.goto(live_server.url)
    for key in ("Shift", "Shift", "a", "Shift"):
        page.keyboard.press(key)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url == f"{live_server.url}/"


@pytest.mark.browser
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_leave_is_a_plain_link_without_javascript(page, live_server, way_out):
    page.goto(live_server.url)
    link = page.get_by_role("link", name="Leave this page")
    assert link.get_attribute("rel") == "noreferrer"

    link.click()

    expect(page).to_have_url(way_out)


@pytest.mark.browser
def test_leave_stays_in_reach_further_down(page, live_server, way_out):
    page.set_viewport_size({"width": 390, "height": 500})
    page.goto(live_server.url)
    page.mouse.wheel(0, 2000)

    expect(page.get_by_role("link", name="Leave this page")).to_be_in_viewport()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_first_visit_stays_within_its_budget(page, live_server, path):
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 -- Playwright marks what it calls
    page.goto(live_server.url + path, wait_until="networkidle")

    sizes = {}
    for answer in answers:
        body = answer.body()
        sizes[answer.url] = len(body) if answer.url.endswith(".woff2") else len(gzip.compress(body))
    assert any(url.endswith(".woff2") for url in sizes)
    assert sum(sizes.values()) <= BUDGET, sizes
