"""The emergency page: one tap away, never empty, and it writes nothing down.

Tries hub/directory/models/emergency_cards.py, too.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from hub.models import EmergencyCard, Hub
from tests.look import axe, scrolls_sideways, small_targets, storage

ADDRESS = "14 Gladys Row, E1 6AA"


@pytest.fixture
def hub(db):
    return Hub.objects.create(
        pk=1,
        name="Corner House",
        address=ADDRESS,
        door="Blue door, second bell",
        nearest_naloxone="Yellow box beside the kettle",
        words_for_999="Somebody at our address is not breathing.",
    )


@pytest.fixture
def read(client, sign_in, volunteer):
    """The page, as a volunteer reads it."""

    def read_():
        sign_in(client, volunteer)
        return client.get("/emergency/").content.decode()

    return read_


def test_emergency_asks_a_stranger_to_sign_in(client, db):
    assert client.get("/emergency/").status_code == 302


@pytest.mark.parametrize("who", ["trainee", "volunteer", "trainer", "coordinator", "admin"])
def test_emergency_opens_before_the_second_step(client, sign_in, request, who):
    sign_in(client, request.getfixturevalue(who))

    assert client.get("/emergency/").status_code == 200


def test_emergency_takes_only_get(client, sign_in, trainee):
    sign_in(client, trainee)

    assert client.post("/emergency/").status_code == 405


@pytest.mark.parametrize("path", ["/", "/today/", "/emergency/", "/styleguide/", "/styleguide/dialog/", "/nowhere/"])
def test_emergency_is_one_tap_from_every_page(client, sign_in, trainee, path):
    sign_in(client, trainee)

    assert 'href="/emergency/"' in client.get(path).content.decode()


def test_emergency_puts_breath_before_everything_else(read, hub):
    page = read()

    told = [
        ">Someone won’t wake up</h2>",
        "Breathing</h2>",
        "Say to 999</h2>",
        ADDRESS,
        "Yellow box",
        ">Police at the door</h2>",
    ]
    places = [page.index(words) for words in told]
    assert places == sorted(places)
    assert "Blue door, second bell" in page
    for card in ("Someone is violent", "looking for a visitor", "Needlestick", "Someone under 18"):
        assert card in page


def test_emergency_uses_the_words_the_hub_agreed(read, hub):
    page = read()

    assert "Somebody at our address is not breathing." in page
    assert "Agree your own with your union" not in page


def test_emergency_marks_our_own_words_for_999(read):
    assert "Agree your own with your union" in read()


def test_emergency_names_cards_not_agreed_yet(read):
    EmergencyCard.objects.lay_out()
    EmergencyCard.objects.exclude(slug="police").update(agreed_on="2026-01-15")

    (note,) = re.findall(r"Not agreed here yet.*?</div>", read(), re.DOTALL)

    assert re.findall(r'dir="auto">(.*?)<', note) == ["Police at the door"]


def test_emergency_is_quiet_once_cards_are_agreed(read):
    EmergencyCard.objects.lay_out()
    EmergencyCard.objects.update(agreed_on="2026-01-15")

    assert "Not agreed here yet" not in read()


def test_emergency_says_when_the_address_is_missing(read):
    page = read()

    assert "Nobody has entered this building’s address yet." in page
    assert "Today → Settings → The hub" in page


def test_emergency_links_admin_to_the_address(client, sign_in, admin, demo):
    sign_in(client, admin)

    assert 'href="/settings/hub/"' in client.get("/emergency/").content.decode()


def test_emergency_writes_nothing_at_constant_cost(client, sign_in, volunteer, hub):
    sign_in(client, volunteer)
    client.get("/emergency/")
    spent = []
    for cards in (0, 1, 3):
        EmergencyCard.objects.all().delete()
        for number in range(cards):
            EmergencyCard.objects.create(slug=f"card-{number}", title="Card", body="Breathe")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/emergency/")
        assert all(query["sql"].startswith("SELECT") for query in asked)
        spent.append(len(asked))
    assert spent == [4, 4, 4]


def test_edited_card_is_what_people_read(read):
    EmergencyCard.objects.lay_out()
    EmergencyCard.objects.filter(slug="naloxone").update(body="Shout.\n\n  Call 999. \n")

    page = read()

    assert EmergencyCard.objects.get(slug="naloxone").steps == ["Shout.", "Call 999."]
    assert '<li dir="auto">Call 999.</li>' in page


def test_admin_edits_cards_and_address(client, sign_in, admin, demo, hub):
    sign_in(client, admin)
    card = EmergencyCard.objects.create(slug="kettle", title="The kettle", body="Put it on.")

    changed = client.post(
        f"/admin/hub/emergencycard/{card.pk}/change/",
        {"slug": "kettle", "title": "The kettle", "icon": "coffee", "body": "Fill it first.", "order": 1},
    )

    assert changed.status_code == 302
    card.refresh_from_db()
    assert card.steps == ["Fill it first."]
    assert client.get("/admin/hub/hub/1/change/").status_code == 200
    assert client.get("/admin/hub/hub/add/").status_code == 403
    assert client.get("/admin/hub/hub/1/delete/").status_code == 403


@pytest.fixture
def open_emergency(page_as, live_server, volunteer):
    def open_(scheme="light", width=390):
        page = page_as(volunteer)
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{live_server.url}/emergency/")
        return page

    return open_


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_emergency_looks_right(open_emergency, console, scheme, width):
    page = open_emergency(scheme, width)

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert storage(page) == []
    assert (console.messages, console.elsewhere) == ([], [])


@pytest.mark.browser
def test_emergency_first_steps_are_on_the_first_screen(open_emergency):
    page = open_emergency()

    expect(page.get_by_role("link", name="Call 999")).to_be_in_viewport()
    expect(page.locator("#naloxone li").nth(2)).to_be_in_viewport(ratio=1)


@pytest.mark.browser
def test_emergency_prints_on_two_sheets(hub, open_emergency):
    page = open_emergency()
    page.emulate_media(media="print")

    expect(page.get_by_text(ADDRESS)).to_be_visible()
    expect(page.locator(".bar")).to_be_hidden()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 2
