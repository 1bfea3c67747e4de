"""Which language a page is in, and who is offered which."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.languages.models.languages import language_name
from hub.models import Language
from tests.pseudo import ACCENTED, MIRRORED, bring, disguised
from volunteers.shared.refusals import NotAllowed

HEADING = "Where else to go"


@pytest.fixture
def brought(db, monkeypatch, settings):
    bring(monkeypatch, settings)


def language_of(client, cookie="", **headers):
    if cookie:
        client.cookies["l"] = cookie
    page = client.get("/pathways/", headers=headers)
    code = page.headers["Content-Language"]
    spoken = disguised(HEADING, code) if code in (ACCENTED, MIRRORED) else HEADING
    assert f"<h1>{spoken}</h1>" in page.content.decode()
    assert f'<html lang="{code}" dir="{"rtl" if code == MIRRORED else "ltr"}">' in page.content.decode()
    return code


@pytest.mark.parametrize(
    ("cookie", "header", "spoken"),
    [
        ("", "", "en-gb"),
        ("vo", "", "vo"),
        ("phn", "en", "phn"),
        ("en-gb", "vo", "en-gb"),
        ("", "vo", "vo"),
        ("", "pl, phn;q=0.8, vo;q=0.5", "phn"),
        ("", "vo-GB;q=0.9, pl", "vo"),
        ("", "en-US, vo;q=0.9", "en-gb"),
        ("", "*, vo;q=0.1", "en-gb"),
        ("pl", "vo", "vo"),
        ("../../etc", "nonsense;;q=,,", "en-gb"),
        ("x" * 3000, "x" * 3000, "en-gb"),
    ],
)
def test_page_uses_chosen_or_browser_language(brought, client, cookie, header, spoken):
    assert language_of(client, cookie, **({"accept-language": header} if header else {})) == spoken


def test_inactive_language_is_never_offered(brought, client):
    Language.objects.get(code=ACCENTED).switch_off()
    assert language_of(client, ACCENTED, **{"accept-language": "vo"}) == "en-gb"
    client.cookies.clear()
    assert client.post("/language/", {"language": ACCENTED}).status_code == 302
    assert not client.cookies
    assert language_name(ACCENTED) not in client.get("/pathways/").content.decode()


def test_language_choice_is_one_cookie_and_returns(brought, client):
    plain = client.get("/pathways/?words=x")
    assert not client.cookies
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in plain.headers["Vary"].split(",")}
    assert f">{language_name(ACCENTED)}<" in plain.content.decode()

    chosen = client.post("/language/", {"language": ACCENTED, "next": "/pathways/?words=x"})

    assert chosen.headers["Location"] == "/pathways/?words=x"
    assert [*client.cookies] == ["l"]
    cookie = client.cookies["l"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["expires"]) == ("vo", True, "Lax", "")
    assert language_of(client) == ACCENTED
    assert client.post("/language/", {"language": "en-gb"}).status_code == 302
    assert language_of(client) == "en-gb"


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "", "\x00"]
)
def test_choosing_leads_nowhere_else(brought, client, back):
    assert client.post("/language/", {"language": "vo", "next": back}).headers["Location"] == "/"


@pytest.mark.parametrize("code", ["", "fr", "\x00", "x" * 9999, "EN-GB"])
def test_choosing_what_is_not_offered_sets_nothing(brought, client, code):
    assert client.post("/language/", {"language": code}).headers["Location"] == "/"
    assert not client.cookies


def test_english_alone_asks_the_database_for_nothing(client, db):
    with CaptureQueriesContext(connection) as alone:
        client.get("/confidential-not-there/", headers={"accept-language": "pl, vo"})
    assert [query for query in alone.captured_queries if "hub_language" in query["sql"]] == []
    assert 'class="languages' not in client.get("/pathways/").content.decode()


def test_what_is_offered_is_asked_once_a_minute(brought, client):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/pathways/", headers={"accept-language": "vo"})
        counts.append(sum('FROM "hub_language"' in query["sql"] for query in asked.captured_queries))
    assert counts == [1, 0]


def test_without_the_database_everybody_reads_english(brought, monkeypatch):
    def broken(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr("hub.languages.models.languages.LanguageQuerySet.filter", broken)
    assert Language.objects.offered() == frozenset()


def test_language_needs_check_and_catalogue(brought):
    with pytest.raises(IntegrityError), transaction.atomic():
        Language.objects.create(code="pl", is_on=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Language.objects.create(code="en-gb")
    polish = Language.objects.create(code="pl")
    with pytest.raises(NotAllowed):
        polish.switch_on()
    accented = Language.objects.get(code=ACCENTED)
    Language.objects.filter(pk=accented.pk).update(checked_on=dt.date(2020, 1, 1))
    accented.switch_off()
    assert Language.objects.offered() == {MIRRORED}
    accented.switch_on()
    assert Language.objects.offered() == {MIRRORED, ACCENTED}
    assert accented.checked_on == timezone.localdate()


def test_a_pseudo_language_is_nobodys_outside_a_test(settings):
    assert not {ACCENTED, MIRRORED} & {code for code, _name in settings.LANGUAGES}
    assert [(settings.BASE_DIR / "locale" / code).exists() for code in (ACCENTED, MIRRORED)] == [False, False]
