"""The hub's own words in other languages: shown when all of them are there, as they were, and checked."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.languages.models.translations import TRANSLATABLE_MODELS, TranslationStatus
from hub.models import Alert, Hub, Language, Notice, Opening, Pathway, PathwayKind, Text, Translation
from supplies.models import Appeal, Fund
from tests.pseudo import ACCENTED, bring
from tests.supplies.makers import a_lot, an_item

ALERT = {"what": "Ŝtrong", "area": "Ęast", "source": "Ůs", "what_to_do": "Ğo slow\nNot alone"}


@pytest.fixture
def language(db, monkeypatch, settings):
    bring(monkeypatch, settings)
    return Language.objects.get(code=ACCENTED)


@pytest.fixture
def alert(db):
    today = dt.date.today()  # noqa: DTZ011 -- a day, and a page has the real one
    return Alert.objects.create(
        what="Strong",
        area="East",
        source="Us",
        what_to_do="Go slow\nNot alone",
        week=today - dt.timedelta(days=today.weekday()),
        expires_on=today + dt.timedelta(days=9),
        state="published",
        published_on=today,
    )


@pytest.fixture
def coordinating(client, sign_in, coordinator, demo):
    sign_in(client, coordinator)
    return client


def write(language, thing, words, *, checked=True):
    unit = Translation.objects.get_unit(language, thing._meta.label_lower, str(thing.pk))  # noqa: SLF001 -- Django's own public name for it
    Translation.objects.write(language, unit, words, checked=checked)


def alerts_page(client):
    client.cookies["l"] = ACCENTED
    return client.get("/alerts/").content.decode()


def test_alert_is_translated_whole_or_not(language, alert, client):
    write(language, alert, ALERT | {"what_to_do": ""})
    assert "Ŝtrong" not in alerts_page(client)
    write(language, alert, ALERT, checked=False)
    assert "Ŝtrong" not in alerts_page(client)
    write(language, alert, ALERT)

    page = alerts_page(client)
    assert [words in page for words in ("Ŝtrong", "Ęast", "Ğo slow", "Strong", "Go slow")] == [True] * 3 + [False] * 2
    assert "Ŝtrong" in client.get(f"/alerts/{alert.pk}/").content.decode()
    Alert.objects.update(what_to_do="Go very slow\nNot alone")
    page = alerts_page(client)
    assert ["Ŝtrong" in page, "Go very slow" in page] == [False, True]


def test_english_pages_read_no_translations(alert, client):
    with CaptureQueriesContext(connection) as asked:
        client.get("/alerts/")
    assert not any("hub_translation" in query["sql"] for query in asked.captured_queries)


def test_saying_many_things_takes_one_statement(language, alert, client):
    kind = PathwayKind.objects.create(name="Housing", slug="housing")
    counts = []
    for n in (1, 3):
        for number in range(n):
            write(language, Pathway.objects.create(kind=kind, name=f"Shelter {n}{number}"), {"name": "Šhelter"})
        alerts_page(client)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/pathways/").content.decode()
        counts.append(len(asked))
    assert page.count("Šhelter</h3>") == 4
    assert counts[0] == counts[1] <= 12


def test_services_are_found_in_both_languages(language, client):
    kind = PathwayKind.objects.create(name="Housing", slug="housing")
    shelter = Pathway.objects.create(kind=kind, name="Shelter", hours="Nights")
    Pathway.objects.create(kind=kind, name="Legal help")
    write(language, shelter, {"name": "Šhelter", "hours": "Večer"})
    write(language, kind, {"name": "Høusing"})

    def found(words, language=ACCENTED):
        client.cookies["l"] = language
        return [pathway.pk for pathway in client.get("/pathways/", {"words": words}).context["pathways"]]

    assert found("večer høus") == found("shelter šhelter") == found("nights vecer") == [shelter.pk]
    assert [found("večer", "en-gb"), found("večer legal")] == [[], []]
    client.cookies["l"] = ACCENTED
    assert 'value="housing">Høusing<' in client.get("/pathways/").content.decode()


def test_translated_front_page_keeps_its_statements(language, alert, client):
    hub = Hub.objects.create(pk=1, name="Hub", usual_hours="Tuesdays at six")
    spoon = an_item("Spoon", public_name="Spoons")
    a_lot(spoon, 5)
    notice = Notice.objects.create(day=timezone.localdate(), words="Outreach")
    text = Text.write("welcome", title="Ours", body="Come in.", instead_of=Text.starting("welcome").mark)
    Opening.objects.update_public_stock()
    write(language, alert, ALERT)
    write(language, hub, {"usual_hours": "Ťuesdays"})
    write(language, spoon, {"name": "Šp", "public_name": "Špoons"})
    write(language, spoon.category, {"name": "Přeparing"})
    write(language, notice, {"words": "Øutreach"})
    write(language, text, {"title": "Øurs", "body": "Čome in."})
    english = client.get("/").content.decode()
    alerts_page(client)

    with CaptureQueriesContext(connection) as asked:
        page = client.get("/").content.decode()

    for words in ("Ŝtrong", "Ťuesdays", "Špoons", "Přeparing", "Øutreach", "Øurs", "Čome in."):
        assert [words in english, words in page] == [False, True]
    assert len(asked) <= 12


def test_every_kind_is_there_and_its_columns_too(language, alert):
    Hub.objects.create(pk=1, name="Hub", door="Blue door")
    an_item("Foil")
    Notice.objects.create(day=timezone.localdate(), words="Outreach")
    Text.write("why", title="Why", body="Because.", instead_of=Text.starting("why").mark)
    Pathway.objects.create(kind=PathwayKind.objects.create(name="Housing", slug="housing"), name="Shelter")
    about = {"title": "Wound care", "words": "Until summer.", "ways": "https://give.example/"}
    Appeal.objects.create(fund=Fund.objects.create(name="Winter"), **about)
    with CaptureQueriesContext(connection) as asked:
        units = Translation.objects.units(language)
    assert len(asked) == 2
    assert {unit.kind.of for unit in units} == {kind.of for kind in TRANSLATABLE_MODELS} - {"hub.emergencycard"}
    assert {unit.status for unit in units} == {TranslationStatus.MISSING}
    assert [unit.source for unit in units if unit.kind.of == "hub.hub"] == [{"door": "Blue door"}]
    for kind in TRANSLATABLE_MODELS:
        assert [kind.get_field(name).name for name in kind.columns] == [*kind.columns]


def test_offline_copy_stays_untranslated(language, alert, client, settings, tmp_path):
    settings.LAST_PAGE = tmp_path / "last.html"
    hub = Hub.objects.create(pk=1, name="Hub", way_in="Ring twice")
    (welcome,) = Text.called("welcome")
    text = Text.write("welcome", title="Come in", body="Tea", instead_of=welcome.mark)
    write(language, alert, ALERT)
    write(language, hub, {"way_in": "Řing"})
    write(language, text, {"title": "Ćome", "body": "Ŧea"})
    client.cookies["l"] = ACCENTED

    page = client.get("/").content.decode()

    assert [words in page for words in ("Řing", "Ćome", "Ŝtrong", "Ring twice", "Come in")] == [True] * 3 + [False] * 2
    kept = settings.LAST_PAGE.read_text()
    assert ["Strong" in kept, "Ŝtrong" in kept, "Řing" in kept] == [True, False, False]


def test_words_of_things_that_are_gone_go_too(language, alert):
    write(language, alert, ALERT)
    assert Translation.objects.forget_orphans() == 0
    Alert.objects.all().delete()
    assert Translation.objects.forget_orphans() == 1


def test_a_coordinator_prepares_says_and_switches_on(language, alert, coordinating):
    language.switch_off()
    assert coordinating.post("/words/", {"code": "pl"}).headers["Location"] == "/words/pl/"
    assert [coordinating.post("/words/", {"code": code}).status_code for code in ("pl", "", "en-gb", "\x00")] == [
        422
    ] * 4
    assert coordinating.post("/words/pl/on/", {"checked": "on"}).status_code == 409

    unit = f"/words/vo/hub.alert/{alert.pk}/"
    assert coordinating.post(unit, ALERT | {"what": "", "checked": "on"}).status_code == 422
    assert coordinating.post(unit, ALERT | {"what": "x" * 1000}).status_code == 422
    assert coordinating.post(unit, ALERT | {"what": "\x00"}).status_code == 422
    assert not Translation.objects.exists()
    assert coordinating.post(unit, ALERT | {"checked": "on"}).headers["Location"] == "/words/vo/"
    assert coordinating.get(unit).context["form"].initial["what"] == "Ŝtrong"

    assert coordinating.post("/words/vo/on/").status_code == 422
    assert coordinating.post("/words/vo/on/", {"checked": "on"}).status_code == 302
    assert "Ŝtrong" in alerts_page(coordinating)
    coordinating.post("/words/vo/off/")
    assert "Ŝtrong" not in alerts_page(coordinating)


@pytest.mark.parametrize(
    "address",
    ["fr/", "vo/hub.alert/999999/", "vo/hub.alert/x/", "vo/volunteers.user/1/", "vo/hub.alert/" + "9" * 30 + "/"],
)
def test_what_is_not_there_is_not_found(language, coordinating, address):
    assert coordinating.get(f"/words/{address}").status_code == 404


def test_translation_list_shows_missing_and_changed(language, alert, coordinating):
    write(language, alert, ALERT)
    assert "Checked" in coordinating.get("/words/vo/").content.decode()
    Alert.objects.update(what="Weak")
    page = coordinating.get("/words/vo/?only=todo").content.decode()
    assert ["Weak" in page, "Changed since then" in page] == [True, True]
    assert (
        "The English has changed since somebody translated it, so people see"
        in coordinating.get(f"/words/vo/hub.alert/{alert.pk}/").content.decode()
    )


def test_translation_lists_take_constant_statements(language, coordinating):
    counts = []
    coordinating.get("/words/vo/")
    for n in (1, 3):
        for number in range(n):
            an_item(f"Foil {n}{number}")
        with CaptureQueriesContext(connection) as asked:
            coordinating.get("/words/vo/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
