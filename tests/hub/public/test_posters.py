"""Posters: hub/public/posters.py, and the pages that show them."""

import re
import xml.etree.ElementTree as ET

import pytest

from hub.models import Hub, Language
from hub.public.posters import HEIGHT, WIDTH, PosterText, lay_out
from tests.pseudo import ACCENTED, MIRRORED, bring, disguised

SVG = "{http://www.w3.org/2000/svg}"
FREE = "Come as you are. It is free, and nobody asks for your name."


@pytest.fixture
def hub(db):
    return Hub.objects.create(
        pk=1, name="Corner & <House>", usual_hours="Tuesdays at six", address="1 Side Street", ask_where="Ring 020"
    )


@pytest.fixture
def as_volunteer(demo, client, sign_in, volunteer, settings):
    settings.SITE_URL = "https://hub.example.org"
    sign_in(client, volunteer)
    return client


def poster(client, code="en-gb", size="a4"):
    answer = client.get(f"/front/posters/{code}/{size}.svg")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    return ET.fromstring(answer.content)  # noqa: S314 -- a picture of our own


def words_on(drawn):
    return " ".join("".join(text.itertext()) for text in drawn.iter(f"{SVG}text"))


@pytest.mark.parametrize(("size", "width"), [("a4", "210mm"), ("a5", "148mm")])
def test_poster_says_what_the_front_page_says(as_volunteer, hub, size, width):
    drawn = poster(as_volunteer, size=size)

    assert drawn.get("width") == width
    for words in ("Corner & <House>", "Tuesdays at six", "Ring 020", FREE, "hub.example.org"):
        assert words in words_on(drawn)
    assert "Side Street" not in words_on(drawn)
    assert len([*drawn.iter(f"{SVG}path")]) > 0


def test_address_is_on_it_once_anybody_may_see(as_volunteer, hub):
    Hub.objects.update(show_address=True)

    assert "1 Side Street" in words_on(poster(as_volunteer))


@pytest.mark.parametrize("code", [ACCENTED, MIRRORED])
def test_each_language_has_its_poster(as_volunteer, hub, monkeypatch, settings, code):
    bring(monkeypatch, settings)
    drawn = poster(as_volunteer, code=code)
    listed = as_volunteer.get("/front/posters/").content.decode()

    assert disguised("When we are open", code).strip() in words_on(drawn)
    assert ("rtl" in {text.get("direction") for text in drawn.iter(f"{SVG}text")}) == (code == MIRRORED)
    assert f"/front/posters/{code}/a4.svg" in listed


@pytest.mark.parametrize("path", ["xx/a4", "en-gb/a3", "en-gb/a4x"])
def test_poster_nobody_makes_is_not_found(as_volunteer, hub, path):
    assert as_volunteer.get(f"/front/posters/{path}.svg").status_code == 404


def test_language_switched_off_has_no_poster(as_volunteer, hub, monkeypatch, settings):
    bring(monkeypatch, settings)
    Language.objects.filter(code=ACCENTED).update(is_on=False)
    from django.core.cache import caches  # noqa: PLC0415 -- only here

    caches["memory"].clear()
    assert as_volunteer.get(f"/front/posters/{ACCENTED}/a4.svg").status_code == 404


def test_poster_needs_no_style_that_is_refused(as_volunteer, hub):
    raw = as_volunteer.get("/front/posters/en-gb/a4.svg").content.decode()

    assert not re.search(r"style=|<style|<script|xlink|http(?!://www\.w3\.org|s?://hub)", raw)


@pytest.mark.parametrize("words", ["x", "A very long name of a hub " * 3, "名" * 80, "W" * 80])
def test_everything_fits_on_the_sheet(words):
    laid = lay_out([PosterText(words, 22, bold=True), *(PosterText("y" * 30 + " z" * 65, 12) for _n in range(3))])

    assert all(0 < line.y < laid.y for line in laid.lines)
    assert laid.x >= 0
    assert laid.x + laid.side <= WIDTH
    assert laid.y + laid.side < HEIGHT - 20
    assert laid.side >= 58


def test_front_editor_leads_to_posters(as_volunteer, hub):
    assert "/front/posters/" in as_volunteer.get("/front/").content.decode()
