"""The directory as anybody looks things up in it, and as we keep it true."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hub.models import Pathway, PathwayKind
from tests.look import axe, scrolls_sideways, small_targets, storage

Known = Pathway.Known
PAGE = "/pathways/"
OPEN_GROUP = '<details class="service-group" open>'


@pytest.fixture
def housing(db):
    return PathwayKind.objects.create(name="Housing", slug="housing", order=1)


@pytest.fixture
def rights(db):
    return PathwayKind.objects.create(name="Rights", slug="rights", order=2)


@pytest.fixture
def as_(db, demo, client, sign_in, request):
    def become(role):
        if role:
            sign_in(client, request.getfixturevalue(role))
        else:
            client.logout()
        return client

    return become


def a_pathway(kind, name="Shelter", **about):
    return Pathway.objects.create(kind=kind, name=name, **about)


def names(answer):
    return [pathway.name for pathway in answer.context["pathways"]]


def filled(pathway, **about):
    return {
        "kind": pathway.kind_id,
        "name": pathway.name,
        "may_involve_police": "not_known",
        "safe_whatever_status": "not_known",
    } | about


def test_anybody_finds_services_by_what_they_are_for(client, housing, rights):
    a_pathway(rights, "Release")
    a_pathway(housing, "Shelter")
    a_pathway(housing, "Hidden", withdrawn=True)

    assert names(client.get(PAGE)) == ["Shelter", "Release"]
    assert names(client.get(PAGE, {"kind": "rights"})) == ["Release"]
    assert names(client.get(PAGE, {"words": "shel"})) == ["Shelter"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"safe": "on"}, ["Safe"]), ({"no_police": "on"}, ["Calm"]), ({"safe": "on", "no_police": "on"}, [])],
)
def test_filters_leave_out_what_we_do_not_know(client, housing, asked, found):
    a_pathway(housing, "Safe", safe_whatever_status=Known.YES)
    a_pathway(housing, "Calm", may_involve_police=Known.NO)
    a_pathway(housing, "Unknown")

    answer = client.get(PAGE, asked)

    assert names(answer) == found
    assert "Only those we are sure of" in answer.content.decode()


def test_what_we_heard_is_for_us_alone(as_, housing):
    a_pathway(housing, heard="Rude on the phone")

    assert "Rude on the phone" not in as_(None).get(PAGE).content.decode()
    assert "Rude on the phone" not in as_("coordinator").get(PAGE).content.decode()
    assert "Rude on the phone" in as_("volunteer").get("/pathways/manage/").content.decode()


def test_unchecked_services_share_one_warning(client, housing):
    a_pathway(housing, "Arches")
    a_pathway(housing, "Bridge")
    a_pathway(housing, "Crypt", checked_on=timezone.localdate())

    page = client.get(PAGE).content.decode()

    assert page.count("We have not checked the last 2 for some time.") == 1
    assert page.count("If nothing is said about police or immigration, we do not know.") == 1
    assert page.index("Crypt</h3>") < page.index("Arches</h3>") < page.index("Bridge</h3>")


def test_checked_group_has_no_warning(client, housing):
    known = {"may_involve_police": Known.NO, "safe_whatever_status": Known.YES}
    a_pathway(housing, checked_on=timezone.localdate(), **known)

    page = client.get(PAGE).content.decode()

    assert "lately" not in page
    assert "we do not know" not in page


def test_number_and_website_are_links(client, housing):
    a_pathway(housing, phone="0808 (800) 44-44", website="https://www.example.org/housing/", email="us@example.org")

    page = client.get(PAGE).content.decode()

    assert 'href="tel:08088004444"' in page
    assert '<bdi dir="ltr">example.org/housing</bdi>' in page
    assert 'href="mailto:us@example.org"' in page


def test_long_directory_is_folded_until_searched(db, client):
    Pathway.objects.lay_out()

    whole, found = client.get(PAGE).content.decode(), client.get(PAGE, {"words": "release"}).content.decode()

    assert whole.count(OPEN_GROUP) == 0
    assert whole.count("Release") > 0
    assert found.count(OPEN_GROUP) == 1


def test_a_volunteer_says_they_checked_it_today(as_, housing):
    pathway = a_pathway(housing)
    as_("volunteer").post(f"/pathways/{pathway.pk}/checked/")

    pathway.refresh_from_db()
    assert pathway.checked_on == timezone.localdate()
    assert "Everything is checked" in as_("volunteer").get("/pathways/manage/?only=check").content.decode()


def test_a_coordinator_writes_and_hides_a_service(as_, housing):
    form = {"kind": housing.pk, "name": "Shelter", "may_involve_police": "no", "safe_whatever_status": "yes"}
    assert as_("coordinator").post("/pathways/new/", form).headers["Location"] == "/pathways/manage/"
    pathway = Pathway.objects.get()

    as_("coordinator").post(f"/pathways/{pathway.pk}/", filled(pathway, withdrawn="on"))

    assert names(as_(None).get(PAGE)) == []
    assert "Hidden" in as_("volunteer").get("/pathways/manage/").content.decode()


@pytest.mark.parametrize(
    "about",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "\x00"},
        {"name": "Crisis"},
        {"kind": "999999"},
        {"kind": "\x00"},
        {"may_involve_police": "perhaps"},
        {"checked_on": "yesterday"},
        {"heard": "x" * 601},
        {"phone": "ring Bo"},
        {"website": "javascript:alert(1)"},
        {"email": "nobody"},
    ],
)
def test_invalid_service_is_refused_and_keeps_input(as_, housing, about):
    a_pathway(housing, "Crisis")
    pathway = a_pathway(housing)

    answer = as_("coordinator").post(f"/pathways/{pathway.pk}/", filled(pathway, hours="Always") | about)

    assert answer.status_code == 422
    assert answer.context["form"]["hours"].value() == "Always"
    pathway.refresh_from_db()
    assert (pathway.name, pathway.hours) == ("Shelter", "")


@pytest.mark.parametrize("asked", [{"kind": "moon"}, {"words": "x" * 61}, {"words": "\x00"}])
def test_unknown_filter_is_ignored_and_said(client, housing, asked):
    a_pathway(housing)

    answer = client.get(PAGE, asked)

    assert answer.status_code == 422
    assert "We do not know that choice, so we show everything else you asked for." in answer.content.decode()
    assert names(answer) == ["Shelter"]


def test_htmx_search_sends_only_results(client, housing):
    a_pathway(housing)

    html = client.get(PAGE, headers={"HX-Request": "true", "HX-Target": "found"}).content.decode()

    assert html.strip().startswith('<section id="found"')
    assert "<html" not in html
    assert "1 service" in html


def test_service_links_send_no_referrer(client, housing):
    a_pathway(housing, how_to_reach="https://example.org")

    answer = client.get(PAGE)

    assert 'href="https://example.org"' in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("rows", [1, 3])
def test_pathways_statements(as_, rows, django_assert_num_queries):
    for n in range(rows):
        kind = PathwayKind.objects.create(name=f"Kind {n}", slug=f"kind-{n}")
        for m in range(rows):
            a_pathway(kind, f"Service {m}")
    stranger = as_(None)
    # The hub (for how long a check is good, and for the way out), kinds for the filter, the services.
    with django_assert_num_queries(4):
        stranger.get(PAGE)
    volunteer = as_("volunteer")
    with django_assert_num_queries(5):
        volunteer.get("/pathways/manage/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
@pytest.mark.parametrize("where", [PAGE, "/pathways/manage/", "/pathways/new/"])
def test_pathways_look_right(demo, page_as, live_server, coordinator, console, scheme, width, where, housing):
    today = timezone.localdate()
    a_pathway(
        housing, "Lantern", safe_whatever_status=Known.NO, may_involve_police=Known.YES, heard="Go with somebody."
    )
    a_pathway(housing, "Arches", safe_whatever_status=Known.YES, may_involve_police=Known.NO, checked_on=today)
    a_pathway(housing, "Over", hide_after=today - dt.timedelta(days=1), how_to_reach="https://example.org/a/long/way")
    page = page_as(coordinator)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + where)

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert storage(page) == []
    assert console.quiet


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_directory_fits_three_screens(page, live_server, transactional_db):
    Pathway.objects.lay_out()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + PAGE)

    assert page.evaluate("document.documentElement.scrollHeight") <= 3 * 844
    page.evaluate("scrollTo(0, 900)")
    expect(page.get_by_role("searchbox", name="Search")).to_be_in_viewport()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_looking_something_up_needs_no_button(page, live_server, housing, rights, console):
    a_pathway(housing, "Shelter")
    a_pathway(rights, "Release", safe_whatever_status=Known.YES)
    page.goto(live_server.url + PAGE)

    page.get_by_label("Safe whatever your immigration status").check()

    expect(page.get_by_role("heading", name="Shelter")).to_be_hidden()
    expect(page.get_by_role("heading", name="Release")).to_be_visible()
    assert console.quiet
