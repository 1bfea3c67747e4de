"""Pages of lists from files: hub/imports/views.py."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.imports.kinds.all_kinds import KINDS
from hub.imports.models.imports import work_on_import
from hub.models import Import
from supplies.models import Item
from tests.hub.imports.lists import csv_of, take_in
from volunteers.models import User

ITEMS = (("Item", "Group"), ("Foil", "Preparing"), ("Pipe", "Smoking"), ("Spoon", "Preparing"))


@pytest.fixture
def at_work(client, coordinator, demo, sign_in, spoon):
    sign_in(client, coordinator)
    return client


def bring(client, data, kind="items", **about):
    file = SimpleUploadedFile("my list.csv", data)
    return client.post(reverse("hub:import-new", args=[kind]), {"file": file} | about)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_list_goes_from_file_to_undo(at_work):
    assert "There is none yet." in text_of(at_work.get("/imports/"))
    brought = bring(at_work, csv_of(*ITEMS))
    page = text_of(at_work.get(brought["Location"]))
    assert "New: 1. Known: 1. Not understood: 1." in page
    assert "There is no group “Smoking”" in page
    assert "Take in line 2: Foil" in page
    batch = Import.objects.get()
    at_work.post(f"/imports/{batch.pk}/lines/", {"shown": "2", "line": "2", "take_in": "yes"})
    page = text_of(at_work.get(f"/imports/{batch.pk}/"))
    assert "0 of 1" in page
    assert "is not running" in page
    work_on_import(batch=batch.pk)
    assert Item.objects.filter(name="Foil").exists()
    assert "Taken in: 1." in text_of(at_work.get(f"/imports/{batch.pk}/"))
    at_work.post(f"/imports/{batch.pk}/undo/")
    work_on_import(batch=batch.pk)
    assert not Item.objects.filter(name="Foil").exists()
    assert "Undone: 1. Not undone: 0." in text_of(at_work.get(f"/imports/{batch.pk}/"))


def test_unticked_line_stays_out(at_work):
    batch = Import.objects.get(pk=bring(at_work, csv_of(*ITEMS))["Location"].split("/")[-2])
    answer = at_work.post(f"/imports/{batch.pk}/lines/", {"shown": "2"}, follow=True)
    assert "The ticks are saved." in text_of(answer)
    answer = at_work.post(f"/imports/{batch.pk}/lines/", {"take_in": "yes"}, follow=True)
    assert "There is no line to take in." in text_of(answer)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\0\0\0", b"a,b\n1,2", b"Item,Group\n", b"%PDF-1"])
def test_unreadable_file_is_told_in_form(at_work, data):
    answer = bring(at_work, data)
    assert answer.status_code == 422
    assert "Something needs to be corrected" in text_of(answer)
    assert not Import.objects.exists()


def test_no_file_is_told_in_form(at_work):
    answer = at_work.post("/imports/new/items/", {})
    assert answer.status_code == 422
    assert "Choose a file." in text_of(answer)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_template_reads_as_its_own_list(at_work, kind, form):
    data = at_work.get(f"/imports/new/{kind}/template.{form}").content
    assert bring(at_work, data, kind, adds_headings="on").status_code == 302
    assert Import.objects.get().lines.count() == 1
    assert at_work.get(f"/imports/new/{kind}/template.exe").status_code == 404


def test_bad_lines_come_back_to_mend(at_work):
    bring(at_work, csv_of(*ITEMS))
    batch = Import.objects.get()
    data = at_work.get(f"/imports/{batch.pk}/to-put-right.csv").content
    assert "There is no group" in data.decode()
    again = bring(at_work, data.replace(b"Smoking", b"Preparing"))
    assert "New: 1. Known: 0. Not understood: 0." in text_of(at_work.get(again["Location"]))


def test_list_can_be_forgotten(at_work):
    bring(at_work, csv_of(*ITEMS))
    at_work.post(f"/imports/{Import.objects.get().pk}/drop/")
    assert not Import.objects.exists()


def test_admin_role_stays_out_of_reach(at_work, naloxone_trained):
    page = text_of(at_work.get(bring(at_work, b"Name,Roles\nSam,admin", "people")["Location"]))
    assert "You cannot give the role “Admin”" in page
    assert User.objects.count() == 1


@pytest.mark.parametrize("lines", [1, 3])
def test_pages_cost_the_same(at_work, coordinator, lines, django_assert_num_queries):
    rows = [(f"Foil {n}", "Preparing") for n in range(lines)]
    batch = Import.objects.read("items", csv_of(ITEMS[0], *rows), by=coordinator)
    for _n in range(lines - 1):
        take_in(coordinator, "items", ITEMS[0], (f"Old {_n}", "Preparing"))
    at_work.get("/imports/")
    with django_assert_num_queries(3):
        at_work.get("/imports/")
    with django_assert_num_queries(5):
        at_work.get(f"/imports/{batch.pk}/")


HEADERS = (
    "Item,Group,Minimum",
    "Item,How many,Use by,Price of one",
    "Name,Roles,E-mail,Naloxone-trained",
    "Name,Heading,Website",
)
ROWS = st.lists(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=4).map(",".join), max_size=4
)
TABLES = st.tuples(st.sampled_from(HEADERS), ROWS).map(lambda made: "\n".join([made[0], *made[1]]))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(list(KINDS)), data=st.binary(max_size=200) | TABLES.map(str.encode))
def test_no_file_breaks_the_page(at_work, shelter, naloxone_trained, kind, data):
    answer = bring(at_work, data, kind)
    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        assert at_work.get(answer["Location"]).status_code == 200
