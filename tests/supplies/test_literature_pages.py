"""Pages of literature, and its file, which can do nothing (views/literature.py).

Here too: `hub/public/views/leaflets.py`.
"""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from supplies.models import Leaflet, LeafletFile
from tests.look import axe, scrolls_sideways, small_targets
from tests.supplies.makers import TODAY, a_lot, an_item

pytestmark = pytest.mark.django_db
frozen = pytest.mark.usefixtures("today")

READING = reverse("supplies:literature")
PDF = b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF"


@pytest.fixture
def editor(client, somebody, sign_in, let):
    let("supplies.view_item", "supplies.change_leaflet")
    sign_in(client, somebody)
    return client


@pytest.fixture
def leaflet(store):
    return Leaflet.objects.create(item=an_item("Card"), language="Română", edition="3")


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(main.replace("<", " <")).split())


def edit(leaflet):
    return reverse("supplies:leaflet", args=[leaflet.item.slug])


def file(leaflet):
    return reverse("supplies:leaflet-file", args=[leaflet.item.slug])


@frozen
def test_outdated_leaflets_are_flagged(editor, leaflet):
    a_lot(leaflet.item, 5, number="2")
    assert "Card Română edition 3 Up to date Old edition on the shelf 5 some" in words(editor.get(READING))

    Leaflet.objects.update(review_on=TODAY - dt.timedelta(1))

    assert "Out of date: check it" in words(editor.get(READING))


@frozen
def test_an_item_becomes_something_to_read_once(editor, spoon):
    for _ in range(2):
        response = editor.post(reverse("supplies:leaflet-new"), {"item": spoon.slug})
    assert response.status_code == 422
    assert Leaflet.objects.get().item == spoon


@frozen
@pytest.mark.parametrize("item", ["", "nothing", "\x00"])
def test_nothing_becomes_something_to_read(editor, item):
    assert editor.post(reverse("supplies:leaflet-new"), {"item": item}).status_code == 422


@frozen
def test_a_pdf_is_kept_served_inert_and_dropped(editor, leaflet):
    about = {"language": "Română", "edition": "4", "review_on": "2027-01-01"}
    editor.post(edit(leaflet), about | {"pdf": SimpleUploadedFile("x.html", PDF, content_type="text/html")})

    response = editor.get(file(leaflet))

    assert response.content == PDF
    assert {
        name: response.headers[name]
        for name in (
            "Content-Type",
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
        )
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="card-romana-4.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    editor.post(edit(leaflet), about | {"drop": "on"})
    assert editor.get(file(leaflet)).status_code == 404


@frozen
def test_invalid_pdf_is_refused_keeping_the_old(editor, leaflet):
    leaflet.keep_file(PDF)

    response = editor.post(
        edit(leaflet), {"language": "English", "edition": "5", "pdf": SimpleUploadedFile("card.pdf", b"<html>")}
    )

    assert response.status_code == 422
    assert "That is not a complete PDF." in words(response)
    assert 'value="5"' in response.content.decode()
    leaflet.refresh_from_db()
    assert (leaflet.edition, bytes(LeafletFile.objects.get().content)) == ("3", PDF)


@frozen
@pytest.mark.parametrize("wrong", [{"language": ""}, {"review_on": "soon"}, {"edition": "\x00"}, {"edition": "x" * 61}])
def test_what_makes_no_sense_is_said(editor, leaflet, wrong):
    assert editor.post(edit(leaflet), {"language": "English", "edition": "5"} | wrong).status_code == 422


@frozen
def test_missing_file_is_not_found(editor, leaflet, spoon):
    assert editor.get(file(leaflet)).status_code == 404
    assert editor.get(reverse("supplies:leaflet", args=[spoon.slug])).status_code == 404


@frozen
@pytest.mark.parametrize("rows", [1, 3])
def test_literature_statements(editor, rows, django_assert_num_queries):
    for n in range(rows):
        Leaflet.objects.create(item=an_item(f"Card {n}")).keep_file(PDF)
        an_item(f"Item {n}")

    # Session, person, things to read, things that could be.
    with django_assert_num_queries(4):
        assert len(editor.get(READING).context["rows"]) == rows


@pytest.mark.browser
def test_reading_looks_right(page_as, live_server, coordinator, demo, console):
    card = an_item("Card")
    Leaflet.objects.create(item=card, edition="3", review_on=dt.date(2020, 1, 1)).keep_file(PDF)
    a_lot(card, 5, number="2")
    page = page_as(coordinator)
    for address in ("literature/", "literature/card/"):
        page.goto(f"{live_server.url}/stock/{address}")
        assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.goto(f"{live_server.url}/stock/literature/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the PDF").click()
    assert download.value.suggested_filename == "card-english-3.pdf"
    assert console.quiet
