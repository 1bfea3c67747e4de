"""Alerts from the desk's draft to everybody's phone and the wall."""

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from hub.models import Alert
from tests.look import axe, scrolls_sideways, small_targets, storage
from tests.supplies.makers import TODAY
from volunteers.models import Qualification

ATOM = "{http://www.w3.org/2005/Atom}"
MONDAY = dt.date(2026, 5, 18)
DRAFT = {
    "what": "Strong brown powder",
    "area": "East London",
    "week": "2026-05-20",
    "source": "People at the desk",
    "what_to_do": "Go slow.\nKeep naloxone near.",
    "expires_on": "2026-06-10",
}


@pytest.fixture
def as_(clock, demo, client, sign_in, request):
    def become(role):
        if role:
            sign_in(client, request.getfixturevalue(role))
        else:
            client.logout()
        return client

    return become


def an_alert(**about):
    today = dt.date.today()  # noqa: DTZ011 -- a day, and the browser tests have the real one
    week = today - dt.timedelta(days=today.weekday())
    made = {"week": week, "expires_on": today + dt.timedelta(days=9)}
    return Alert.objects.create(**DRAFT | made | about)


def published(**about):
    alert = an_alert(**about)
    alert.publish()
    return alert


def test_feed_tells_live_alerts_with_days_only(as_):
    alert = published(what="Strong & brown <powder>", source="A lab")
    an_alert(what="Only a draft")

    answer = as_(None).get("/alerts/feed.xml")
    feed = ET.fromstring(answer.content)  # noqa: S314 -- a feed of our own

    (entry,) = feed.findall(f"{ATOM}entry")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert entry.findtext(f"{ATOM}title") == "Strong & brown <powder>"
    assert entry.find(f"{ATOM}link").get("href").endswith(f"/alerts/{alert.pk}/")
    assert entry.findtext(f"{ATOM}updated").endswith("T00:00:00+00:00")
    assert "Go slow." in entry.findtext(f"{ATOM}summary")
    assert "East London" in entry.findtext(f"{ATOM}summary")


def test_feed_forgets_withdrawn_alerts(as_):
    published().withdraw()

    assert b"<entry>" not in as_(None).get("/alerts/feed.xml").content


def test_a_volunteer_drafts_and_a_coordinator_publishes(as_):
    assert as_("volunteer").post("/alerts/new/", DRAFT).headers["Location"] == "/alerts/manage/"
    alert = Alert.objects.get()
    assert (alert.week, alert.state) == (MONDAY, "draft")
    assert DRAFT["what"] not in as_(None).get("/alerts/").content.decode()
    assert as_("volunteer").post(f"/alerts/{alert.pk}/publish/").status_code == 403

    as_("coordinator").post(f"/alerts/{alert.pk}/publish/")

    public = as_(None).get("/alerts/").content.decode()
    sheet = as_(None).get(f"/alerts/{alert.pk}/").content.decode()
    assert "<title>Alert · Hub</title>" in sheet, "what is in it is nobody's business who looks at the history"
    assert DRAFT["what"] in public
    assert "week of 18 May 2026" in public
    assert "20 May" not in public


def test_once_published_only_who_publishes_can_change_it(as_):
    alert = published()

    assert as_("volunteer").get(f"/alerts/{alert.pk}/change/").status_code == 404
    assert as_("volunteer").post(f"/alerts/{alert.pk}/change/", DRAFT | {"what": "Nothing"}).status_code == 404
    assert as_("coordinator").post(f"/alerts/{alert.pk}/change/", DRAFT | {"what": "Weak"}).status_code == 302

    assert Alert.objects.get().what == "Weak"


def test_a_draft_is_nobodys_outside(as_):
    alert = an_alert()

    assert as_(None).get(f"/alerts/{alert.pk}/").status_code == 404
    assert as_("trainee").get(f"/alerts/{alert.pk}/").status_code == 404
    assert "Only a draft" in as_("volunteer").get(f"/alerts/{alert.pk}/").content.decode()


@pytest.mark.parametrize("gone", ["withdrawn", "over"])
def test_ended_alert_leaves_every_public_page(as_, clock, gone):
    alert = published(expires_on=TODAY)
    assert as_(None).get(f"/alerts/{alert.pk}/").status_code == 200
    if gone == "withdrawn":
        as_("coordinator").post(f"/alerts/{alert.pk}/withdraw/")
    else:
        clock.shift(dt.timedelta(days=1))

    assert as_(None).get(f"/alerts/{alert.pk}/").status_code == 404
    assert "No alert right now" in as_(None).get("/alerts/").content.decode()


def test_lead_shows_draft_alert_and_removes_it(as_, volunteer):
    alert = an_alert()
    assert as_("volunteer").post(f"/alerts/{alert.pk}/show/").status_code == 403
    Qualification.objects.lay_out()
    lead = Qualification.objects.get(slug="shift-lead")
    volunteer.holdings.create(qualification=lead, since=TODAY, reason="Agreed")

    assert "Show at the desk tonight" in as_("volunteer").get("/alerts/manage/").content.decode()
    as_("volunteer").post(f"/alerts/{alert.pk}/show/")

    assert [*Alert.objects.shown_at_desk()] == [alert]
    assert "not checked by a coordinator" in as_("volunteer").get("/today/").content.decode().lower()
    assert as_(None).get(f"/alerts/{alert.pk}/").status_code == 404
    as_("volunteer").post(f"/alerts/{alert.pk}/hide/")
    assert not Alert.objects.shown_at_desk().exists()


@pytest.mark.parametrize(
    "about",
    [
        {"what": ""},
        {"what": "x" * 121},
        {"what": "\x00"},
        {"area": "Brick Lane"},
        {"area": "E1 6AA"},
        {"week": "yesterday"},
        {"week": "9999-99-99"},
        {"what_to_do": "x" * 801},
        {"expires_on": "2026-05-01"},
        {"expires_on": ""},
    ],
)
def test_invalid_alert_is_refused_and_keeps_input(as_, about):
    answer = as_("volunteer").post("/alerts/new/", DRAFT | about)

    assert answer.status_code == 422
    assert "Something needs to be corrected" in answer.content.decode()
    assert answer.context["form"]["source"].value() == DRAFT["source"]
    assert not Alert.objects.exists()


def test_publishing_expired_alert_is_refused(as_):
    alert = an_alert(expires_on=MONDAY)

    answer = as_("coordinator").post(f"/alerts/{alert.pk}/publish/", follow=True)

    assert "last day has passed" in answer.content.decode()
    assert Alert.objects.get().state == "draft"


def test_markup_in_an_alert_is_words(as_):
    published(what="<script>alert(1)</script>", what_to_do="<img src=x onerror=alert(1)>")

    page = as_(None).get("/alerts/").content.decode()

    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_alerts_statements(as_, rows, django_assert_num_queries):
    for number in range(rows):
        published(what=f"Alert {number}")
        an_alert(what=f"Draft {number}")
    stranger = as_(None)
    with django_assert_num_queries(2):
        stranger.get("/alerts/")
    coordinator = as_("coordinator")
    with django_assert_num_queries(3):
        coordinator.get("/alerts/manage/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
@pytest.mark.parametrize("where", ["/alerts/", "/alerts/{}/", "/alerts/manage/", "/alerts/new/"])
def test_alerts_look_right(demo, page_as, live_server, coordinator, console, scheme, width, where):
    alert = published()
    an_alert(what="A draft")
    page = page_as(coordinator)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + where.format(alert.pk))

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert storage(page) == []
    assert console.quiet


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_alert_prints_on_one_sheet_with_qr(page, live_server, console):
    alert = published(what="Pale brown heroin that is much stronger than it looks", what_to_do="Go slow.\n" * 6)
    page.goto(live_server.url + reverse("hub:alert", args=[alert.pk]))
    square = page.locator(".wall-square")
    expect(square).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_visible()

    page.emulate_media(media="print")

    expect(square).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    assert round(page.locator(".wall-square svg").bounding_box()["width"]) == 132, "3.5 cm, to be read from a step away"
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
