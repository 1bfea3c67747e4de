"""What there is to read: editions, reviews, and a file that can do nothing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from supplies.models import Leaflet, LeafletFile, Lot
from supplies.models.literature import MAX_FILE_BYTES, read_pdf
from tests.supplies.makers import TODAY, a_lot, an_item

pytestmark = pytest.mark.usefixtures("today")

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def leaflet(store):
    return Leaflet.objects.create(item=an_item("Card"), language="English", edition="3")


@pytest.mark.parametrize(
    ("review", "out"), [(None, False), (TODAY + dt.timedelta(1), False), (TODAY, True), (TODAY - dt.timedelta(1), True)]
)
def test_leaflet_expires_on_its_review_day(leaflet, review, out):
    Leaflet.objects.update(review_on=review)
    leaflet.refresh_from_db()

    assert leaflet.is_out_of_date(TODAY) is out


def test_lots_of_another_edition_are_old(leaflet, spoon):
    a_lot(spoon, number="2")
    for edition in ("2", "3"):
        a_lot(leaflet.item, number=edition)

    assert [(lot.item, lot.number) for lot in Lot.objects.old_editions()] == [(leaflet.item, "2")]


def test_a_pdf_is_kept_and_replaced(leaflet):
    leaflet.keep_file(PDF)
    leaflet.keep_file(PDF + b"\n")

    assert bytes(LeafletFile.objects.get().content) == PDF + b"\n"
    leaflet.drop_file()
    assert not LeafletFile.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><script>", b"%PDF-1.7 cut short", b"PK\x03\x04 %%EOF", b"x" * 2000 + PDF, PDF + b"x" * 2000],
    ids=["empty", "a page", "cut short", "a zip", "something before", "something after"],
)
def test_file_that_is_no_pdf_is_refused(content):
    with pytest.raises(ValidationError, match=r"That is not a complete PDF."):
        read_pdf(SimpleUploadedFile("card.pdf", content, content_type="application/pdf"))


def test_a_pdf_is_read_whatever_it_is_called():
    assert read_pdf(SimpleUploadedFile("card.exe", PDF, content_type="text/html")) == PDF


def test_too_big_pdf_is_refused_unread():
    file = SimpleUploadedFile("card.pdf", PDF)
    file.size = MAX_FILE_BYTES + 1
    with pytest.raises(ValidationError, match="at most 5 MB"):
        read_pdf(file)


def test_a_leaflet_says_its_language(leaflet):
    with pytest.raises(IntegrityError, match="leaflet_language_given"), transaction.atomic():
        Leaflet.objects.update(language="")
