"""The rota in a real browser: for a thumb, a screen reader, a small phone, a dark room, and paper."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.look import axe, scrolls_sideways, small_targets, storage
from tests.volunteers.rota_world import a_pattern, a_shift, grant, post_of, somebody
from volunteers.models import Offer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
POSTS = [("Desk", 2, 3, None), ("Lead", 1, 1, "shift-lead")]


@pytest.fixture
def world(coordinator, demo):
    """A shift that is on, led by Bo, and two to come; shifts unlike their pattern; a swap that Mo is asked for."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    bo, ash, mo = somebody("Bo", "shift-lead"), somebody("Ash"), grant(coordinator, "school-done")
    ash.contact = "07700 900123"
    ash.save()
    tonight = a_shift(now, posts=POSTS, place="Arch 4", note="Bring the urn")
    soon = a_shift(now + dt.timedelta(days=2), posts=POSTS)
    later = a_shift(now + dt.timedelta(days=4), posts=POSTS)
    off = a_shift(now + dt.timedelta(days=5))
    for person in (bo, ash):
        post_of(tonight).book(person, by=mo)
    theirs, ours = post_of(soon).book(ash, by=mo), post_of(later).book(mo, by=mo)
    theirs.look_for_cover(by=ash)
    Offer.ask_to_swap(theirs, [ours], by=ash)
    off.cancel("The building is closed for its fire check.", by=mo)
    pattern = a_pattern("FREQ=DAILY", first_day=timezone.localdate())
    batch = pattern.make(
        timezone.localdate() + dt.timedelta(days=20), timezone.localdate() + dt.timedelta(days=24), by=mo
    )
    pattern.starts = dt.time(19)
    pattern.save()
    a_shift(timezone.localtime(now).replace(hour=20) + dt.timedelta(days=26), title="Party", place="Arch 4")
    week = (timezone.localdate() + dt.timedelta(days=20)).isoformat()
    week_after = (timezone.localdate() + dt.timedelta(days=27)).isoformat()
    return {
        "mo": mo, "bo": bo, "ash": ash, "tonight": tonight, "soon": soon, "theirs": theirs, "ours": ours,
        "pattern": pattern, "week": week, "week_after": week_after, "offer": Offer.objects.get(to=mo),
        "draft": batch.shifts.first(),
    }  # fmt: skip


def addresses(world):
    """Who looks at which page."""
    pattern, tonight, theirs = world["pattern"], world["tonight"], world["theirs"]
    return {
        "week": ("ash", "/rota/"),
        "week with drafts": ("mo", f"/rota/weeks/{world['week']}/"),
        "month": ("mo", "/rota/months/"),
        "gaps": ("mo", "/rota/gaps/"),
        "take": ("bo", "/rota/take/"),
        "mine": ("ash", "/rota/mine/"),
        "asked": ("mo", "/rota/mine/"),
        "wall": ("ash", f"/rota/weeks/{timezone.localdate()}/wall/"),
        "shift": ("ash", world["soon"].get_absolute_url()),
        "shift as its lead": ("bo", tonight.get_absolute_url()),
        "draft": ("mo", world["draft"].get_absolute_url()),
        "sheet": ("bo", f"{tonight.get_absolute_url()}sheet/"),
        "cancel": ("bo", f"{tonight.get_absolute_url()}cancel/"),
        "change": ("mo", f"{tonight.get_absolute_url()}edit/"),
        "suggestions": ("mo", reverse("rota:post-people", args=[post_of(world["soon"]).pk])),
        "move": ("mo", reverse("rota:signup-move", args=[theirs.pk])),
        "cover": ("ash", reverse("rota:signup-cover", args=[theirs.pk])),
        "offer": ("mo", world["offer"].get_absolute_url()),
        "gone": ("bo", "/rota/offers/999999/"),
        "patterns": ("mo", "/rota/patterns/"),
        "pattern": ("mo", pattern.get_absolute_url()),
        "pattern form": ("mo", f"{pattern.get_absolute_url()}edit/"),
        "preview": ("mo", f"{pattern.get_absolute_url()}preview/?first={world['week']}&last={world['week']}"),
        "preview of what meets": (
            "mo",
            f"{pattern.get_absolute_url()}preview/?first={world['week']}&last={world['week_after']}",
        ),
    }


NAMES = (
    "week", "week with drafts", "month", "gaps", "take", "mine", "asked", "wall", "shift", "shift as its lead", "draft",
    "sheet", "cancel", "change", "suggestions", "move", "cover", "offer", "gone", "patterns", "pattern", "pattern form",
    "preview", "preview of what meets",
)  # fmt: skip


def test_no_page_is_forgotten(world):
    assert tuple(addresses(world)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_page_looks_right(world, page_as, live_server, console, name):
    who, path = addresses(world)[name]
    page = page_as(world[who])

    for scheme, width in (("light", 320), ("dark", 1280)):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto(live_server.url + path)
        assert axe(page) == []
        assert small_targets(page) == []
        assert not scrolls_sideways(page)
    assert storage(page) == []
    # A page that is gone answers 410, which the browser's console mentions.
    assert [said for said in console.messages if "410" not in said] == []
    assert console.elsewhere == []


def test_week_is_list_or_seven_columns(world, page_as, live_server):
    page = page_as(world["ash"])
    page.goto(live_server.url + "/rota/")

    def tops():
        # All in one moment: while a typeface comes in, the page above them may still grow.
        return set(page.locator(".week-day").evaluate_all("days => days.map((day) => day.getBoundingClientRect().top)"))

    page.set_viewport_size({"width": 390, "height": 844})
    assert len(tops()) == 7
    page.set_viewport_size({"width": 1280, "height": 844})
    assert len(tops()) == 1


@pytest.mark.parametrize(("name", "sheets"), [("wall", 1), ("sheet", 2), ("month", 1)])
def test_a_page_prints(world, page_as, live_server, name, sheets):
    who, path = addresses(world)[name]
    page = page_as(world[who])
    page.goto(live_server.url + path)
    page.emulate_media(media="print")

    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator("main .button").first).to_be_hidden()
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == sheets
    wide, high = map(float, re.search(rb"/MediaBox \[0 0 (\S+) (\S+)\]", printed).groups())
    assert (wide > high) == (name != "sheet"), "seven days lie beside each other"


def test_phone_numbers_are_on_shred_sheet(world, page_as, live_server):
    page = page_as(world["bo"])
    page.goto(f"{live_server.url}{world['tonight'].get_absolute_url()}sheet/")

    expect(page.locator(".new-sheet")).to_contain_text("shred after")
    expect(page.locator(".new-sheet")).to_contain_text("07700 900123")
    expect(page.locator("main > section").first).not_to_contain_text("07700")


def test_cancel_and_move_dialogs_close_by_escape(world, page_as, live_server, console):
    page = page_as(world["mo"])
    page.goto(live_server.url + world["soon"].get_absolute_url())

    for link, title in (("Cancel this shift", "Cancel this shift?"), ("Move Ash", "Move Ash")):
        page.get_by_role("link", name=link).click()
        expect(page.locator("#modal").get_by_role("heading", name=title)).to_be_visible()
        assert axe(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("#modal")).to_be_hidden()
    assert console.quiet, console.messages
