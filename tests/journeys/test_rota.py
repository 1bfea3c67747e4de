"""A month of shifts in a real browser: from a pattern, published, taken, dropped, covered and swapped."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from tests.volunteers.rota_world import grant, on, qualification, somebody
from volunteers.models import Shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def come_as(request, browser, live_server, sign_in):
    """A browser of somebody's own, with or without JavaScript; each stays signed in beside the others."""
    contexts = []

    def come(person):
        context = browser.new_context(
            java_script_enabled=request.param,
            locale="en-GB",
            timezone_id="Europe/London",
            viewport={"width": 390, "height": 844},
            reduced_motion="reduce",
        )
        contexts.append(context)
        client = Client()
        sign_in(client, person)
        context.add_cookies(
            [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
        )
        page = context.new_page()
        page.goto(f"{live_server.url}/rota/")
        return page

    yield come
    for context in contexts:
        context.close()


def plan_a_month(page, first):
    """Three Tuesdays from a pattern, looked at, made and published."""
    page.get_by_role("link", name="Patterns").click()
    page.get_by_role("link", name="New pattern").click()
    page.get_by_label("Tuesday").check()
    page.get_by_label("First week").fill(first.isoformat())
    page.get_by_label("Starts").fill("18:00")
    page.get_by_label("Ends").fill("21:00")
    page.get_by_role("button", name="Save the pattern").click()
    page.get_by_label("From").fill(first.isoformat())
    page.get_by_label("Until").fill((first + dt.timedelta(days=14)).isoformat())
    page.get_by_role("button", name="See them first").click()
    expect(page.get_by_role("heading", name="3 shifts would be made")).to_be_visible()
    page.get_by_role("button", name="Make the ticked ones").click()
    expect(page.get_by_text("3 shifts", exact=True)).to_be_visible()
    for shift in Shift.objects.all():
        page.goto(page.url.split("/rota/")[0] + shift.get_absolute_url())
        page.get_by_role("button", name="Publish the shift").click()
        expect(page.get_by_role("heading", name="Publish it with empty places?")).to_be_visible()
        page.get_by_role("button", name="Publish this shift").click()
        expect(page.get_by_text("Published.")).to_be_visible()


def take_the_first(page):
    page.get_by_role("link", name="Take one").click()
    page.get_by_role("button", name="Take it").first.click()
    expect(page.get_by_role("heading", name="You are on", exact=True)).to_be_visible()


def test_a_month_from_a_pattern_to_a_swap(come_as, coordinator, volunteer, demo):
    today = timezone.localdate()
    first = today + dt.timedelta(days=(1 - today.weekday()) % 7 + 7)
    qualification("shift-lead")
    ash, bo = grant(volunteer, "school-done"), somebody("Bo")

    plan_a_month(come_as(coordinator), first)
    one, two, _three = Shift.objects.order_by("starts_at")

    his = come_as(bo)
    take_the_first(his)
    assert on(one) == ["Bo"]

    # Bo drops out; Ash takes the place.
    his.get_by_role("button", name="I can’t come").click()
    expect(his.get_by_text("You are off this shift.")).to_be_visible()
    assert on(one) == []
    theirs = come_as(ash)
    take_the_first(theirs)
    assert on(one) == ["Ash"]

    # Bo takes the second, and the two swap.
    his.get_by_role("link", name="The week").click()
    his.get_by_role("link", name="Take one").click()
    his.get_by_role("button", name=f"Take it {two.when}").click()
    assert on(two) == ["Bo"]
    theirs.get_by_role("link", name="Find cover or swap").click()
    theirs.get_by_label(f"{two.starts_at:%-d %B}").check()
    theirs.get_by_role("button", name="Ask to swap").click()
    expect(theirs.get_by_text("We ask 1 person.")).to_be_visible()
    his.get_by_role("link", name="The week").click()
    his.get_by_role("link", name="Mine").click()
    his.get_by_role("link", name="Answer").click()
    his.get_by_role("button", name="Yes, swap").click()
    expect(his.get_by_text("You are on. Thank you!")).to_be_visible()
    assert (on(one), on(two)) == (["Bo"], ["Ash"])

    # Ash looks for cover, and Bo finds it at a glance.
    theirs.goto(theirs.url.split("/rota/")[0] + two.get_absolute_url())
    theirs.get_by_role("link", name="Find cover or swap").click()
    theirs.get_by_role("button", name="Look for cover").click()
    expect(theirs.get_by_text("Needs cover", exact=True)).to_be_visible()
    his.get_by_role("link", name="The week").click()
    his.get_by_role("link", name="Take one").click()
    his.get_by_role("link", name="Look at it").click()
    his.get_by_role("button", name="Yes, I’ll take it").click()
    assert (on(one), on(two)) == (["Bo"], ["Bo"])
