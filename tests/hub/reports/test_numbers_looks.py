"""Reports and editions as people see them: on a phone and a laptop, in both themes, and on paper."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from hub.core.periods import Period
from hub.models import Edition
from tests.hub.reports.numbers_world import QUARTER, a_quarter
from tests.look import axe, scrolls_sideways, small_targets, storage
from tests.supplies.makers import an_item
from volunteers.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo")]

LOOKS = [("light", 320), ("dark", 1280)]


@pytest.fixture
def edition(db):
    """What the demo has published. Laying it out takes seconds, so few tests ask for it and each sees all of it."""
    call_command("demo")
    return Edition.objects.get()


@pytest.fixture
def quarter(db):
    """A small quarter, complete and not published."""
    a_quarter(QUARTER, given={an_item("Foil"): 60})
    return QUARTER


@pytest.fixture
def mo(page_as, coordinator):
    return page_as(coordinator)


def look(page, console):
    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert storage(page) == []
    assert (console.messages, console.elsewhere) == ([], [])


def every_look(page):
    for scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.reload()
        yield


def test_edition_looks_right_and_prints(page, live_server, edition, console):
    for path in ("/numbers/", edition.get_absolute_url(), f"{edition.get_absolute_url()}print/"):
        page.goto(f"{live_server.url}{path}")
        for _look in every_look(page):
            for summary in page.locator(".chart summary:visible").all():
                summary.click()
            look(page, console)

    page.goto(f"{live_server.url}{edition.get_absolute_url()}")
    build_charts = page.locator("figure.chart")
    assert build_charts.count() >= 4
    for picture in build_charts.all():
        expect(picture.locator("figcaption")).not_to_be_empty()
        expect(picture.get_by_role("img")).to_be_visible()
        picture.locator("summary").click()
        assert picture.locator("tbody tr").count() >= 1

    page.goto(f"{live_server.url}{edition.get_absolute_url()}print/")
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".title-sheet h1")).to_be_visible()
    expect(page.get_by_text("Back to the page")).to_be_hidden()
    expect(page.locator("h2").first).to_have_css("color", "rgb(0, 0, 0)")
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    # How many rows there are depends on the day: the demo is dated back from today.
    assert 4 <= len(sheets) <= 14


def test_reports_look_right(page_as, live_server, edition, console):
    page = page_as(User.objects.get(username="coordinator"))
    for path in ("", f"{edition.period}/", f"{edition.period}/share/", "grains/"):
        page.goto(f"{live_server.url}/reports/{path}")
        for _look in every_look(page):
            look(page, console)


def test_a_month_is_published_from_the_browser(mo, live_server, quarter, console):
    month = Period(quarter.months[0], 1)
    mo.goto(f"{live_server.url}/reports/{month}/")
    expect(mo.get_by_text("True figures, do not share: small numbers can show who somebody is.")).to_be_visible()
    mo.get_by_role("link", name="See what everybody will see").click()
    mo.get_by_label("What we learned").fill("One thing.")
    mo.get_by_role("button", name="Publish").click()

    expect(mo.get_by_text("It is published. Everybody can see it now.")).to_be_visible()
    expect(mo.get_by_text("One thing.")).to_be_visible()
    assert console.messages == []


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_publishing_works_without_scripts(mo, live_server, quarter):
    month = Period(quarter.months[1], 1)
    mo.goto(f"{live_server.url}/reports/{month}/share/")
    mo.get_by_role("button", name="Keep the words for later").click()
    mo.get_by_role("button", name="Publish").click()
    expect(mo.get_by_role("heading", level=1)).to_have_text(month.label)

    mo.goto(f"{live_server.url}/reports/{month}/")
    mo.get_by_role("button", name="Withdraw").click()
    expect(mo.get_by_text("Only you can see it now.")).to_be_visible()
    mo.get_by_role("button", name="Show it again").click()
    expect(mo.get_by_text("Everybody can see it again.")).to_be_visible()
    assert Edition.objects.public().count() == 1


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_grain_is_chosen_without_scripts(mo, live_server, quarter):
    mo.goto(f"{live_server.url}/reports/grains/")
    mo.get_by_label("Foil").select_option("12")
    mo.get_by_role("button", name="Save these").click()

    expect(mo.get_by_text("It starts with the next year of which nothing is published yet.")).to_be_visible()
    expect(mo.get_by_label("Foil")).to_have_value("12")
