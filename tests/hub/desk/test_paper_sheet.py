"""Paper sheets: totals of an evening, added once, and never mixed unasked with visits that were logged."""

import datetime as dt
import uuid

import pytest

from hub.desk.models.openings import Totals
from hub.desk.visit_payload import VisitPayload
from hub.models import Measure, Opening, Tally, Visit
from supplies.models import Item, Outgoing
from tests.supplies.makers import MAY, TODAY, a_lot, an_item, on_hand

State = Opening.State


@pytest.fixture
def spoon(db):
    return an_item("Spoon", desk_order=1)


@pytest.fixture
def come(client, volunteer, sign_in):
    sign_in(client, volunteer)
    return client


def sheet(**wrote):
    return {"id": str(uuid.uuid4()), "visits": "12", "people": "15", **wrote}


def month():
    return {(measure, key): n for measure, key, n in Tally.objects.values_list("measure", "key", "value")}


def test_paper_sheet_counts_once_everywhere(come, opening, spoon):
    a_lot(spoon, 2000, number="A")
    opening.close()
    wrote = sheet(**{f"item-{spoon.pk}": "1500"})

    for _time in range(2):
        assert come.post(f"/desk/{opening.pk}/catch-up/", wrote).status_code == 302

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (State.CLOSED, 12, 15)
    assert month() == {(Measure.VISITS, ""): 12, (Measure.PEOPLE, ""): 15, (Measure.GIVEN, str(spoon.pk)): 1500}
    assert Outgoing.objects.get().quantity == 1500
    assert on_hand(spoon) == 500


def test_paper_sheet_adds_to_later_visits(come, opening):
    come.post(f"/desk/{opening.pk}/catch-up/", sheet())
    Visit.objects.log(VisitPayload(uuid.uuid4(), opening.pk, 2, {}))
    assert opening.state == State.OPEN
    opening.refresh_from_db()
    assert opening.totals() == Totals(13, 17)

    opening.close()

    assert (opening.visits, opening.people) == (13, 17)
    assert month() == {(Measure.VISITS, ""): 13, (Measure.PEOPLE, ""): 17}


def test_paper_sheet_asks_about_logged_visits(come, opening):
    Visit.objects.log(VisitPayload(uuid.uuid4(), opening.pk, 3, {}))
    page = come.get(f"/desk/{opening.pk}/catch-up/").content.decode()
    assert "<b>1</b> visit, <b>3</b> people" in page

    assert come.post(f"/desk/{opening.pk}/catch-up/", sheet()).status_code == 422
    assert opening.totals() == Totals(1, 3)

    come.post(f"/desk/{opening.pk}/catch-up/", sheet(logged="the_same"))
    assert opening.totals() == Totals(1, 3)

    come.post(f"/desk/{opening.pk}/catch-up/", sheet(logged="as_well"))
    opening.refresh_from_db()
    assert opening.totals() == Totals(13, 18)


@pytest.mark.parametrize(
    "wrong",
    [
        {"visits": "0"},
        {"visits": "10000"},
        {"people": "11"},
        {"people": ""},
        {"visits": "\x00"},
        {"id": "x"},
        {"item": "-1"},
        {"item": "10000"},
    ],
)
def test_invalid_paper_sheet_is_refused_and_kept(come, opening, spoon, wrong):
    wrote = sheet(**{f"item-{spoon.pk}": wrong.get("item", "7"), **{k: v for k, v in wrong.items() if k != "item"}})

    answer = come.post(f"/desk/{opening.pk}/catch-up/", wrote)

    assert answer.status_code == 422
    assert f'value="{wrote[f"item-{spoon.pk}"]}"' in answer.content.decode()
    assert month() == {}


def test_another_evening_is_made_from_its_date(come, clock):
    missed = TODAY - dt.timedelta(days=3)
    answer = come.post("/desk/catch-up/", {"evening": missed.isoformat()})
    opening = Opening.objects.get()
    assert answer.headers["Location"] == f"/desk/{opening.pk}/catch-up/"
    assert (opening.date, opening.state) == (missed, State.NOT_RECORDED)

    come.post(f"/desk/{opening.pk}/catch-up/", sheet())

    opening.refresh_from_db()
    assert (opening.state, opening.visits) == (State.CLOSED, 12)


@pytest.mark.parametrize(("days", "why"), [(-1, "has not come yet"), (26, "too long ago"), (40_000, "too long ago")])
def test_paper_sheet_for_distant_date_is_refused(come, clock, days, why):
    answer = come.post("/desk/catch-up/", {"evening": (TODAY - dt.timedelta(days=days)).isoformat()})

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Opening.objects.exists()


def test_an_evening_too_long_ago_takes_no_sheet(come, opening, clock):
    opening.close()
    clock.shift(dt.timedelta(days=26))

    assert come.get(f"/desk/{opening.pk}/catch-up/").status_code == 404


def test_a_sheet_whose_month_is_sealed_becomes_corrections(come, opening, spoon, clock):
    opening.close()
    clock.move_to(dt.datetime.fromisoformat("2026-06-10T12:00+01:00"))
    Item.objects.complete_month(MAY)

    come.post(f"/desk/{opening.pk}/catch-up/", sheet(**{f"item-{spoon.pk}": "5"}))

    assert on_hand(spoon) == -5
    assert not Outgoing.objects.exists()
    assert month()[Measure.GIVEN, str(spoon.pk)] == 5


def test_printed_sheet_has_no_name_or_time(come, spoon, clock):
    page = come.get("/desk/catch-up/sheet/").content.decode()

    assert page.count('<th scope="row">') == 3
    assert "No names, no times" in page


def test_pages_ask_a_constant_number_of_questions(come, opening, spoon, django_assert_num_queries):
    for more in (0, 2):
        for n in range(more):
            an_item(f"Thing {n}")
            Opening.objects.create(date=TODAY - dt.timedelta(days=n + 2), kind="planned", state=State.NOT_RECORDED)
        for address, asks in (("/desk/catch-up/", 3), (f"/desk/{opening.pk}/catch-up/", 5)):
            with django_assert_num_queries(asks):
                come.get(address)
