"""The front page: for a stranger's eyes, and left in one tap."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from hub.directory.models.alerts import monday_of
from hub.models import Alert, Hub, Notice, Opening
from supplies.models import Appeal, Fund
from tests.look import axe, scrolls_sideways, small_targets, storage
from tests.school.makers import a_course, a_session
from tests.supplies.makers import a_lot, an_item
from tests.volunteers.rota_world import a_shift, at


@pytest.fixture
def way_out(live_server):
    """A hub whose “Leave this page” goes where a test can follow."""
    Hub.objects.create(pk=1, name="Corner House", leave_to=f"{live_server.url}/healthz")
    return f"{live_server.url}/healthz"


@pytest.fixture
def hub(db):
    return Hub.objects.create(
        pk=1, name="Corner House", address="12 Sample Street", way_in="Blue door", ask_where="Ring 0200 000"
    )


def words_of(client, path="/"):
    """What somebody reads on a page, in one line."""
    main = client.get(path).content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def evening_at(now, *, start=18, hours=3, **more):
    return a_shift(timezone.localtime(now).replace(hour=start, minute=0, second=0, microsecond=0), hours, **more)


def test_front_greets_a_stranger(client, hub):
    page = client.get("/").content.decode()

    assert "Corner House" in page
    assert 'href="/accounts/login/"' in page
    assert 'href="https://www.bbc.co.uk/weather"' in page
    assert re.search(r"<title>\s*Hub\s*</title>", page)


def structured(client):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get("/").content.decode())
    return json.loads(found[1]) if found else None


@time_machine.travel(at("2026-11-24", "12:00"), tick=False)
def test_listed_hub_tells_search_engines_its_hours(client, hub):
    Hub.objects.update(search_engines=True, name="Corner </script> House")
    a_shift(at("2026-11-24"))
    a_shift(at("2026-11-26"), state="cancelled", reason="Snow")

    told = structured(client)

    assert told["name"] == "Corner </script> House"
    assert [(each["validFrom"], each["opens"]) for each in told["openingHoursSpecification"]] == [
        ("2026-11-24", "18:00")
    ]
    assert [each["closes"] for each in told["specialOpeningHoursSpecification"]] == ["00:00"]
    assert "address" not in told


def test_listed_hub_tells_address_only_if_shown(client, hub):
    Hub.objects.update(search_engines=True, show_address=True)

    assert structured(client)["address"] == "12 Sample Street"


def test_unlisted_hub_tells_search_engines_nothing(client, hub):
    assert structured(client) is None


def test_front_stands_before_the_hub_is_set_up(client, db):
    assert client.get("/").status_code == 200


def test_front_takes_only_get(client, db):
    assert client.post("/").status_code == 405


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("2026-11-24 17:59", "Next open Today , Tuesday 24 November 6 pm to 9 pm"),
        ("2026-11-24 18:00", "Open now until 9 pm"),
        ("2026-11-24 21:00", "Next open Thursday 26 November 6 pm to 9 pm"),
        ("2026-11-25 12:00", "Next open Tomorrow , Thursday 26 November 6 pm to 9 pm"),
        ("2026-11-26 21:00", "When we are open The next dates are not on the calendar yet."),
    ],
)
def test_front_shows_published_opening_times(client, hub, clock, said):
    for day in ("2026-11-24", "2026-11-26"):
        a_shift(at(day))
    a_shift(at("2026-11-23"), state="draft")
    a_shift(at("2026-11-23"), drop_in=False)

    with time_machine.travel(at(*clock.split()), tick=False):
        assert said in words_of(client)


@time_machine.travel(at("2026-11-24", "19:00"), tick=False)
def test_front_shows_cancelled_evening_at_once(client, hub, coordinator):
    tonight = a_shift(at("2026-11-24"))
    assert "Open now" in words_of(client)

    tonight.cancel("Somebody is ill", by=coordinator)

    words = words_of(client)
    assert "Open now" not in words
    assert "Not open today. The opening from 6 pm to 9 pm is cancelled." in words
    assert "Somebody is ill" not in words


@time_machine.travel(at("2026-11-24", "19:00"), tick=False)
def test_front_ignores_opening_and_closing_desk(client, hub):
    Opening.objects.update_public_stock()
    before = client.get("/").content
    outreach = Opening.objects.start(kind=Opening.Kind.OUTREACH, place="Market")

    while_open = client.get("/").content
    outreach.close()

    assert before == while_open == client.get("/").content


@pytest.mark.parametrize(("shown", "words"), [(True, "12 Sample Street"), (False, "Ring 0200 000")])
def test_front_shows_address_only_if_chosen(client, hub, shown, words):
    Hub.objects.update(show_address=shown)
    a_shift(timezone.now() + dt.timedelta(days=1), place="Arches")

    page = words_of(client)

    assert words in page
    assert ("12 Sample Street" in page, "Arches" in page) == (shown, shown)


def test_front_puts_alerts_before_everything_else(client, hub):
    today = timezone.localdate()
    Alert.objects.create(
        what="Stronger than usual",
        area="East London",
        week=monday_of(today),
        source="a strip",
        what_to_do="Go slow.",
        expires_on=today,
        state="published",
        published_on=today,
    )

    words = words_of(client)

    assert words.index("Stronger than usual") < words.index("When we are open")


@pytest.mark.parametrize("rows", [1, 3])
def test_front_costs_a_constant_number_of_statements(client, hub, rows, django_assert_num_queries):
    course = a_course()
    for n in range(rows):
        a_lot(an_item(f"Thing {n}"), 5)
        a_shift(timezone.now() + dt.timedelta(days=n + 1))
        a_session(course, starts_at=timezone.now() + dt.timedelta(days=n + 1), public=True)
        Notice.objects.create(day=timezone.localdate(), words=f"Outreach {n}")
        Appeal.objects.create(fund=Fund.objects.create(name=f"Fund {n}"), title=f"Works {n}", words="For works")
    Opening.objects.update_public_stock()

    # Hub, shifts, notices, alerts, the picture and its things, texts, appeals, sessions and their topics.
    with django_assert_num_queries(10):
        client.get("/")
    # The picture and its things; the hub.
    with django_assert_num_queries(3):
        client.get("/supplies/")


def test_front_suggests_other_places_when_closed(client, db):
    main = client.get("/").content.decode().partition("<main")[2].partition("</main>")[0]

    assert 'href="/pathways/"' in main


def test_front_links_signed_in_person_to_today(client, sign_in, volunteer):
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

    assert page.locator(".bar").bounding_box()["height"] < 80, "it stays in sight: one line, on the smallest phone too"
    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert storage(page) == []
    assert (console.messages, console.elsewhere) == ([], [])


@pytest.mark.browser
def test_front_is_readable_and_prints_one_sheet(page, live_server, transactional_db):
    Hub.objects.create(pk=1, name="Corner House", usual_hours="Tuesdays at six", way_in="Blue door " * 20)
    for days in range(1, 15):
        a_shift(at(timezone.localdate() + dt.timedelta(days=days), "20:40"), 4)  # no digits are wider
    page.goto(live_server.url)

    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not scrolls_sideways(page)

    page.evaluate("document.documentElement.style.fontSize = ''")
    sheet = page.pdf(format="A4")  # last: for a moment after it the page may still be as wide as the paper
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1


@pytest.mark.browser
def test_leave_button_prevents_going_back(page, live_server, way_out):
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
def test_leave_from_the_keyboard(page, live_server, way_out):
    page.goto("about:blank")
    page.goto(live_server.url)
    # Past the skip link, the name and the emergency.
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Leave this page")).to_be_focused()

    page.keyboard.press("Enter")

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
