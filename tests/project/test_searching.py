"""Search: volunteers/shared/registries/searching.py, each app's `searching` module, and hub/web/views/search.py."""

import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hub.directory.models.services import Pathway, PathwayKind
from tests.project.access_matrix import ROLES
from tests.school.makers import DAY, a_course, a_session
from tests.supplies.makers import an_item
from tests.volunteers.rota_world import a_shift, at
from volunteers.models import User
from volunteers.shared.registries import searching

PAGE = "/search/"
WORD = "Łodź"
# Their headings are a greeting, whether it is open, or a part of the whole.
NAMED_OTHERWISE = {"hub:today", "hub:desk", "mfa_index"}
SIGNED_IN = [role for role in ROLES if role != "anonymous"]


def a_person(name):
    User.objects.create_user("lodz", chosen_name=name)


def a_service(name):
    Pathway.objects.create(kind=PathwayKind.objects.create(name="Housing", slug="housing"), name=name)


MAKERS = {
    "people": a_person,
    "shifts": lambda name: a_shift(title=name),
    "items": lambda name: an_item(name, slug="lodz"),
    "sessions": lambda name: a_session(a_course(), starts_at=timezone.now() + DAY, title=name, public=True),
    "services": a_service,
}
SEEN_BY = {
    "people": {"coordinator", "admin"},
    "shifts": set(SIGNED_IN),
    "items": {"volunteer", "coordinator", "admin"},
    "sessions": set(SIGNED_IN),
    "services": set(SIGNED_IN),
}


@pytest.fixture
def cast(demo, trainee, volunteer, trainer, coordinator, admin, sign_in):
    people = dict(zip(SIGNED_IN, (trainee, volunteer, trainer, coordinator, admin), strict=True))
    clients = {}
    for role, person in people.items():
        clients[role] = Client()
        sign_in(clients[role], person)
    return people, clients


def found(client, words):
    """The addresses a search leads to, by kind."""
    page = client.get(PAGE, {"q": words}).content.decode()
    sections = re.findall(r'<section[^>]*id="found-(\w+)".*?</section>', page, re.DOTALL)
    bodies = re.findall(r'<section[^>]*id="found-\w+"(.*?)</section>', page, re.DOTALL)
    return {
        kind: re.findall(r'<a class="found" href="([^"]+)"', body) for kind, body in zip(sections, bodies, strict=True)
    }


def test_every_kind_is_tried_here(db):
    assert {*searching.kinds()} == {*MAKERS, "pages"}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("typed", ["lodz", "ŁÓDŹ", "lo\u200bdz"])
def test_each_role_finds_what_it_may_open(cast, kind, typed):
    people, clients = cast
    MAKERS[kind](WORD)

    seen = {role: found(clients[role], typed) for role in people}

    assert {role for role, kinds in seen.items() if kinds.get(kind)} == SEEN_BY[kind]
    for role, kinds in seen.items():
        for address in (address for addresses in kinds.values() for address in addresses):
            assert clients[role].get(address.replace("&amp;", "&")).status_code == 200, (role, address)


def test_every_page_of_settings_opens(cast):
    people, clients = cast
    for role, person in people.items():
        for page in searching.pages_for(person):
            answer = clients[role].get(page.address)
            assert answer.status_code == 200, (role, page.address)
            headings = " ".join(re.findall(r"<h1.*?</h1>", answer.content.decode(), re.DOTALL))
            assert str(page.name) in headings or page.view in NAMED_OTHERWISE, (page.view, headings)
    assert len(searching.pages_for(people["admin"])) > len(searching.pages_for(people["volunteer"])) > 0


def test_page_is_found_by_its_name(cast):
    _people, clients = cast
    for words in ("emergency", "settings desk"):
        assert found(clients["admin"], words)["pages"]
    assert "pages" not in found(clients["trainee"], "settings desk")


@pytest.mark.parametrize("hidden", ["draft shift", "planned session", "withdrawn service", "session of a group"])
def test_hidden_row_is_found_by_planners_only(cast, hidden):
    people, clients = cast
    soon = timezone.now() + DAY
    {
        "draft shift": lambda: a_shift(title=WORD, state="draft"),
        "planned session": lambda: a_session(a_course(), starts_at=soon, title=WORD, state="planned", public=True),
        "session of a group": lambda: a_session(a_course(), starts_at=soon, title=WORD, public=False),
        "withdrawn service": lambda: (a_service(WORD), Pathway.objects.update(withdrawn=True)),
    }[hidden]()

    finders = {role for role in people if found(clients[role], "lodz")}

    trains = {"trainer"} if "session" in hidden else set()
    assert finders == {"coordinator", "admin"} | trains


def test_shift_is_found_by_its_day(cast):
    _people, clients = cast
    a_shift(at("2027-03-04"))
    with_day = found(clients["volunteer"], "drop-in 4 march")

    assert len(with_day["shifts"]) == 1


def test_facilitator_is_led_to_the_register_side(cast):
    people, clients = cast
    session = a_session(a_course(), starts_at=timezone.now() + DAY, title=WORD)
    session.facilitators.add(people["volunteer"])

    (address,) = found(clients["volunteer"], "lodz")["sessions"]

    assert address == reverse("school:session-manage", args=[session.pk])
    assert clients["volunteer"].get(address).status_code == 200


def test_nothing_about_visitors_is_asked(cast):
    """No table that an evening writes is read, and none with words of visitors."""
    _people, clients = cast
    with CaptureQueriesContext(connection) as asked:
        clients["admin"].get(PAGE, {"q": "anything"})
    tables = {table for each in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', each["sql"])}

    hubs = {table for table in tables if table.startswith("hub_")}
    assert hubs <= {"hub_hub", "hub_language", "hub_pathway", "hub_pathwaykind", "hub_translation"}
    assert not {"school_feedback", "school_joinrequest", "supplies_outgoing", "supplies_shortfall"} & tables


def test_words_are_neither_logged_nor_kept(cast, caplog):
    _people, clients = cast
    a_person(WORD)
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as asked:
        answer = clients["admin"].get(PAGE, {"q": "qwertz"})

    assert answer.headers["Cache-Control"] == "no-store"
    assert "qwertz" not in str(answer.cookies) + str(dict(clients["admin"].session.items()))
    assert [each["sql"] for each in asked if not each["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert "qwertz" not in " ".join(ours)


@pytest.mark.parametrize("rows", [1, 3])
def test_search_statements(cast, rows, django_assert_num_queries):
    _people, clients = cast
    for n in range(rows):
        User.objects.create_user(f"lodz{n}", chosen_name=f"{WORD} {n}")
        a_shift(title=f"{WORD} {n}")
        an_item(f"{WORD} {n}", slug=f"lodz{n}")
        a_session(a_course(name=f"Course {n}"), starts_at=timezone.now() + DAY, title=f"{WORD} {n}")
        Pathway.objects.create(
            kind=PathwayKind.objects.get_or_create(name="Housing", slug="housing")[0], name=f"{WORD} {n}"
        )
    clients["admin"].get(PAGE, {"q": "lodz"})
    with django_assert_num_queries(7):
        clients["admin"].get(PAGE, {"q": "lodz"})


def test_many_are_cut_with_a_way_to_all(cast):
    _people, clients = cast
    for n in range(searching.LIMIT + 2):
        User.objects.create_user(f"lodz{n}", chosen_name=f"{WORD} {n}")

    answer = clients["admin"].get(PAGE, {"q": "lodz"})

    assert len(found(clients["admin"], "lodz")["people"]) == searching.LIMIT
    assert "/people/?words=lodz" in answer.content.decode()
    assert clients["admin"].get("/people/", {"words": "lodz"}).status_code == 200


@pytest.mark.parametrize("words", ["", "   ", "\u200b", "%", "'", "a b c d e f g h i j k l m n"])
def test_odd_words_are_no_failure(cast, words):
    _people, clients = cast
    assert clients["admin"].get(PAGE, {"q": words}).status_code == 200


@pytest.mark.parametrize("words", ["\0", "x" * 500])
def test_words_nobody_can_mean_are_refused(cast, words):
    _people, clients = cast
    assert clients["admin"].get(PAGE, {"q": words}).status_code == 422


def test_nothing_typed_lists_nothing(cast):
    _people, clients = cast
    a_person(WORD)

    page = clients["admin"].get(PAGE).content.decode()

    assert WORD not in page
    assert "/people/" in page
    assert found(clients["admin"], "") == {}


def test_nothing_found_says_what_to_try(cast):
    _people, clients = cast
    assert "Nothing like that" in clients["admin"].get(PAGE, {"q": "qwertz"}).content.decode()


def test_live_search_answers_with_its_list(cast):
    _people, clients = cast
    a_person(WORD)
    part = clients["admin"].get(PAGE, {"q": "lodz"}, headers={"HX-Request": "true", "HX-Target": "found"})

    assert "<html" not in part.content.decode()
    assert WORD in part.content.decode()


@pytest.mark.parametrize("path", ["/today/", "/rota/", "/school/mine/", "/people/me/"])
def test_every_page_has_the_search(cast, path):
    _people, clients = cast
    for client in clients.values():
        assert 'href="/search/"' in client.get(path, follow=True).content.decode()


def test_strangers_have_no_search(client, db):
    assert "/search/" not in client.get("/").content.decode()
    assert client.get(PAGE, {"q": "x"}).status_code == 302
