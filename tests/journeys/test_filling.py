"""A month's rota from asking to being out: a coordinator asks, people answer on a phone, it is filled and published."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.look import axe, scrolls_sideways, small_targets
from tests.volunteers.rota_world import a_shift, grant, on, somebody
from volunteers.models import Availability, RotaPeriod, RotaProposal, Shift, Signup, WantedShifts
from volunteers.models.proposals import fill_rota

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

POSTS = (("Lead", 1, 1, "shift-lead"), ("Desk", 1, 2, None))
MORE = (*POSTS, ("Health", 1, 1, "first-aid"))


@pytest.fixture
def evenings(demo):
    """Two Thursday evenings next month, as drafts."""
    first = (timezone.localdate().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    thursday = first + dt.timedelta(days=(3 - first.weekday()) % 7)
    starts = [timezone.make_aware(dt.datetime.combine(thursday + dt.timedelta(days=n), dt.time(18))) for n in (0, 7)]
    return [a_shift(start, state="draft", posts=posts) for start, posts in zip(starts, (POSTS, MORE), strict=True)]


def _looks_right(page):
    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)


def test_a_month_from_asking_to_being_out(page_as, live_server, console, coordinator, volunteer, evenings):
    first, second = evenings
    grant(volunteer, "school-done", "shift-lead", "naloxone-trained")
    wren = somebody("Wren")

    page = page_as(coordinator)
    page.goto(f"{live_server.url}/rota/periods/")
    _looks_right(page)
    page.get_by_role("button", name="Ask everybody").click()
    expect(page.get_by_text("2 people have not")).to_be_visible()
    _looks_right(page)

    page = page_as(volunteer)
    page.goto(f"{live_server.url}/today/")
    page.get_by_role("link", name="Say when I can").click()
    for shift in evenings:
        page.locator(f"label[for=id_shift-{shift.pk}_0]").click()
    page.get_by_label("How many would you like?").fill("1")
    page.get_by_role("button", name="Save my answers").click()
    expect(page.get_by_text("You have answered.")).to_be_visible()
    _looks_right(page)
    assert WantedShifts.objects.get().wanted == 1

    page = page_as(wren)
    page.goto(f"{live_server.url}/rota/periods/{RotaPeriod.objects.get().pk}/answers/")
    page.locator("label[for=id_rest_1]").click()
    page.get_by_role("button", name="Save my answers").click()
    assert dict(Availability.objects.filter(person=wren).values_list("shift", "answer")) == {
        first.pk: "yes",
        second.pk: "yes",
    }

    page = page_as(coordinator)
    page.goto(f"{live_server.url}/rota/periods/{RotaPeriod.objects.get().pk}/")
    page.get_by_role("button", name="Fill it").click()
    expect(page.get_by_role("heading", name="Filling the rota")).to_be_visible()
    _looks_right(page)
    fill_rota(str(RotaProposal.objects.get().pk))
    expect(page.get_by_text("This is the best way there is")).to_be_visible()
    expect(page.get_by_text("Nobody will have “first-aid” on that day.")).to_be_visible()
    _looks_right(page)
    page.get_by_role("button", name="Accept this shift").first.click()
    assert (sorted(on(first)), on(second)) == (["Ash", "Wren"], [])
    page.goto(f"{live_server.url}/rota/periods/{RotaPeriod.objects.get().pk}/")
    page.get_by_role("button", name="Publish them and tell people").click()
    expect(page.get_by_role("heading", name="Publish with empty places?")).to_be_visible()
    _looks_right(page)
    page.get_by_role("button", name="Publish them and tell people").click()
    expect(page.get_by_text("2 shifts are published.")).to_be_visible()
    _looks_right(page)

    assert set(Shift.objects.values_list("state", flat=True)) == {"published"}
    assert Availability.objects.count() == WantedShifts.objects.count() == RotaProposal.objects.count() == 0
    assert Signup.objects.count() == 2
    assert console.quiet


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_answering_looks_right(page_as, live_server, console, volunteer, evenings, scheme, width):
    grant(volunteer, "school-done")
    days = [shift.day for shift in evenings]
    period = RotaPeriod.objects.create(first_day=days[0], last_day=days[1], answer_by=days[0])
    page = page_as(volunteer)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/rota/periods/{period.pk}/answers/")

    _looks_right(page)
    assert console.quiet


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
@pytest.mark.parametrize("address", ["/people/me/", "/people/me/held/", "/people/me/calendar/"])
def test_ones_own_pages_look_right(page_as, live_server, console, volunteer, address, scheme, width):
    page = page_as(volunteer)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + address)
    if "calendar" in address:
        page.get_by_role("button", name="Make my address").click()

    _looks_right(page)
    assert console.quiet
