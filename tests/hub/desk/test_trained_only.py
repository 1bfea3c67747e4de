"""Trained people on a shift: named to a person who signed in, counted on a device."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from hub.desk.question_types import QUESTION_TYPES
from hub.models import DeskDevice, DeskSettings, Opening, Question
from tests.supplies.makers import TODAY, a_lot, an_item
from tests.volunteers.rota_world import a_shift, grant, post_of, qualification, somebody
from volunteers.models import Signup

ASK = "trained people only: ask who is trained tonight"


@pytest.fixture
def opening(db):
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False):
        a_lot(an_item("Long needle", trained_only=True, desk_order=1), 10)
        an_item("Foil", desk_order=2)
        shift = a_shift(starts_at=dt.datetime.fromisoformat(f"{TODAY}T18:00+01:00"), posts=(("Desk", 1, 5, None),))
        yield Opening.objects.start_for(shift)


def on(opening, *people, state="confirmed"):
    post = post_of(opening.shift)
    Signup.objects.bulk_create(Signup(person=person, post=post, shift=opening.shift, state=state) for person in people)


def hints(client, page="/desk/"):
    return [tile.hint for tile in client.get(page).context["tiles"] if tile.item.trained_only]


def test_signed_in_person_sees_trained_names(opening, client, volunteer, sign_in):
    sign_in(client, volunteer)
    run_out = grant(somebody("Bo"), "naloxone-trained", until=TODAY)
    on(opening, grant(somebody("Zed"), "naloxone-trained"), grant(somebody("Cy"), "naloxone-trained"), somebody("Al"))
    on(opening, run_out)
    on(opening, grant(somebody("Gone"), "naloxone-trained"), state="withdrawn")
    grant(somebody("At home"), "naloxone-trained")

    assert hints(client) == ["trained people only: Cy, Zed"]
    assert "Trained people only: Cy, Zed" in client.get("/desk/naloxone/").content.decode()


def test_a_device_counts_them_and_names_nobody(opening, db):
    tablet = Client()
    tablet.post("/desk/pair/", {"code": DeskDevice.objects.invite(opening).code})
    qualification("naloxone-trained")
    assert hints(tablet) == ["trained people only: as far as we know, nobody on this shift is trained"]

    on(opening, grant(somebody("Zed"), "naloxone-trained"))
    assert hints(tablet) == ["trained people only: 1 on this shift is"]
    on(opening, grant(somebody("Cy"), "naloxone-trained"))
    assert hints(tablet) == ["trained people only: 2 on this shift are"]
    # The page that a device keeps says it of no evening.
    assert hints(tablet, "/desk/shell/") == [ASK]


def test_trained_names_need_shift_and_qualification(opening, client, coordinator, sign_in, demo):
    sign_in(client, coordinator)
    on(opening, grant(somebody("Zed"), "naloxone-trained"))
    assert hints(client) == ["trained people only: Zed"]

    client.post("/desk/setup/", {"checklist": "Look", "trained": ""})
    assert hints(client) == [ASK]

    client.post("/desk/setup/", {"checklist": "Look", "trained": qualification("naloxone-trained").pk})
    Opening.objects.update(shift=None)
    assert hints(client) == [ASK]


@pytest.mark.parametrize("planned", [True, False])
def test_trained_person_is_told_so_themselves(opening, client, volunteer, sign_in, planned):
    grant(volunteer, "naloxone-trained")
    sign_in(client, volunteer)
    on(opening, grant(somebody("Zed"), "naloxone-trained"))
    if not planned:
        Opening.objects.update(shift=None)

    said = "trained people only: you are, Zed" if planned else "trained people only: you are"
    assert hints(client) == [said]
    assert said.capitalize()[:24] in client.get("/desk/naloxone/").content.decode()


def test_trained_names_cost_is_constant(opening, client, volunteer, sign_in, django_assert_num_queries):
    DeskSettings.objects.create(pk=1, checklist="", trained=qualification("naloxone-trained"))
    sign_in(client, volunteer)
    on(opening, grant(somebody("Zed"), "naloxone-trained"))
    with django_assert_num_queries(10):
        client.get("/desk/")
    on(opening, *(grant(somebody(name), "naloxone-trained") for name in ("Al", "Bo")))
    with django_assert_num_queries(10):
        client.get("/desk/")


def test_desk_with_all_questions_takes_twelve_statements(
    opening, client, volunteer, sign_in, django_assert_num_queries
):
    DeskSettings.objects.create(pk=1, checklist="", trained=qualification("naloxone-trained"))
    for slug in QUESTION_TYPES:
        Question.objects.create(slug=slug, asked_by="Us", purpose="What to train", until=opening.date)
    sign_in(client, volunteer)

    with django_assert_num_queries(12):
        client.get("/desk/")
    with django_assert_num_queries(9):
        client.get("/desk/shell/")
