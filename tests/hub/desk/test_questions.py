"""Questions at the desk: off until somebody says why, never required, and counted only by the month.

Tries hub/desk/question_types.py, too.
"""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from hub.desk import question_types
from hub.desk.exceptions import InvalidPayload
from hub.desk.visit_payload import VisitPayload, read_visit
from hub.models import Choice, Measure, Opening, Question, Tally, Visit, VisitDiffers
from tests.supplies.makers import TODAY

TOMORROW = TODAY + dt.timedelta(days=1)
SETUP = "/desk/setup/questions/first/"


@pytest.fixture
def opening(clock):
    return Opening.objects.start(kind=Opening.Kind.UNPLANNED)


@pytest.fixture
def first(clock):
    return Question.objects.create(slug="first", asked_by="The council", purpose="Its return", until=TODAY)


def said_on(opening, **answers):
    return VisitPayload(
        uuid.uuid4(), opening.pk, 1, {}, answers={slug: tuple(said) for slug, said in sorted(answers.items())}
    )


def heard():
    return dict(Tally.objects.filter(measure=Measure.ANSWERS).values_list("key", "value"))


def test_answers_are_added_by_month_when_aggregated(opening, first):
    for answer in ("yes", "yes", "not_asked", "rather_not"):
        Visit.objects.log(said_on(opening, first=[answer]))
    assert heard() == {}

    opening.close()

    assert heard() == {"first:yes": 2, "first:not_asked": 1, "first:rather_not": 1}
    assert not Visit.objects.exists()


def test_unasked_question_or_unknown_answer_counts_nothing(opening, first):
    Visit.objects.log(said_on(opening, first=["maybe"], collecting=["one"]))
    opening.close()

    assert heard() == {}


def test_question_is_asked_until_its_last_evening_ends(opening, first, clock):
    assert [question.slug for question in Question.objects.asked()] == ["first"]
    Visit.objects.log(said_on(opening, first=["no"]))
    clock.move_to(dt.datetime.fromisoformat(f"{TOMORROW}T02:00+01:00"))
    assert [question.slug for question in Question.objects.asked()] == ["first"]
    opening.close()
    assert heard() == {"first:no": 1}

    clock.move_to(dt.datetime.fromisoformat(f"{TOMORROW}T18:00+01:00"))
    assert Question.objects.asked() == []


def test_question_turned_off_still_counts_tonight(opening, first, client, coordinator, sign_in, demo):
    sign_in(client, coordinator)
    Visit.objects.log(said_on(opening, first=["yes"]))

    page = client.post(SETUP, {"off": "1"}, follow=True).content.decode()
    opening.close()

    assert "It goes off tomorrow, because a desk is open." in page
    assert heard() == {"first:yes": 1}


def test_question_turned_off_still_counts_late_visits(opening, first, clock):
    opening.close(nobody_came=True)
    clock.shift(dt.timedelta(days=1))
    first.turn_off(desk_is_open=False)
    assert Question.objects.asked() == []

    Visit.objects.log(said_on(opening, first=["yes"]))

    assert heard() == {"first:yes": 1}


def test_several_topics_count_once_each_even_withdrawn(opening):
    Question.objects.create(slug="topics", asked_by="Us", purpose="What to train", until=TODAY)
    one, two = (Choice.objects.create(of="topic", name=name, withdrawn=name == "Old") for name in ("Veins", "Old"))
    other = Choice.objects.create(of="place", name="Home")
    (asked,) = Question.objects.asked()
    assert [words for _answer, words in asked.answers] == ["Not asked", "Don’t know", "Rather not say", "Veins"]

    Visit.objects.log(said_on(opening, topics=sorted([str(one.pk), str(two.pk), str(other.pk)])))
    opening.close()

    assert heard() == {f"topics:{one.pk}": 1, f"topics:{two.pk}": 1}


def test_undone_answer_is_removed_before_and_after_aggregating(opening, first):
    live, late, stays = (said_on(opening, first=["yes"]) for _visit in range(3))
    for entry in (live, late, stays, live.as_void()):
        Visit.objects.log(entry)
    opening.close()
    assert heard() == {"first:yes": 2}

    Visit.objects.log(late.as_void())

    assert heard() == {"first:yes": 1}


def test_a_late_visit_brings_its_answers(opening, first):
    opening.close(nobody_came=True)

    Visit.objects.log(said_on(opening, first=["yes"]))

    assert heard() == {"first:yes": 1}


def test_same_visit_with_other_answer_differs(opening, first):
    entry = said_on(opening, first=["yes"])
    Visit.objects.log(entry)

    with pytest.raises(VisitDiffers):
        Visit.objects.log(VisitPayload(entry.id, opening.pk, 1, {}, answers={"first": ("no",)}))


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"age": ["18"]},
        {"first": "yes"},
        {"first": []},
        {"first": ["yes", "no"]},
        {"first": [1]},
        {"first": [""]},
        {"first": ["a" * 21]},
        {"first": ["Ash was here"]},
        {"topics": ["1"] * 31},
        {"first": ["\x00"]},
    ],
)
def test_what_is_no_answer_is_refused(said):
    raw = {"id": str(uuid.uuid4()), "opening": 1, "people": 1, "items": {}, "said": said}

    with pytest.raises(InvalidPayload, match="read the answers"):
        read_visit(raw)


def test_desk_asks_only_enabled_questions(client, volunteer, sign_in, opening, first):
    sign_in(client, volunteer)
    page = client.get("/desk/").content.decode()
    assert "First time here?" in page
    assert "Collecting for others?" not in page

    blank = {"id": str(uuid.uuid4()), "opening": opening.pk, "people": 1}
    assert client.post("/desk/", blank).status_code == 422  # nothing in it, and nobody said that it was a talk
    client.post("/desk/", blank | {"talk": "on"})
    client.post("/desk/", {**blank, "id": str(uuid.uuid4()), "said-first": "no"})

    assert sorted(visit.answers["first"] for visit in Visit.objects.all()) == [["no"], ["not_asked"]]


def test_coordinator_turns_question_on_and_off(client, coordinator, sign_in, demo, clock):
    sign_in(client, coordinator)
    for wrong in ({"asked_by": ""}, {"purpose": " "}, {"until": "2026-05-19"}, {"until": "2027-06-01"}, {"until": "x"}):
        said = {"asked_by": "The council", "purpose": "Its return", "until": "2026-06-30", **wrong}
        assert client.post(SETUP, said).status_code == 422
    assert not Question.objects.exists()

    client.post(SETUP, {"asked_by": "The council", "purpose": "Its return", "until": "2026-06-30"})
    assert Question.objects.get().is_on
    assert "On until 30 June 2026" in client.get("/desk/setup/").content.decode()

    client.post(SETUP, {"off": "1"})
    assert Question.objects.asked() == []
    assert "On until" not in client.get("/desk/setup/").content.decode()
    assert client.get("/desk/setup/questions/age/").status_code == 404


def test_only_coordinators_set_up_the_desk(client, volunteer, sign_in, db):
    sign_in(client, volunteer)

    for address in ("/desk/setup/", "/desk/setup/tiles/", SETUP):
        assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)


@pytest.mark.parametrize("wrong", [{"slug": "age"}, {"asked_by": ""}, {"purpose": ""}])
def test_the_database_refuses_a_question_without_a_reason(clock, wrong):
    about = {"slug": "first", "asked_by": "Us", "purpose": "To know", "until": TODAY, **wrong}

    with pytest.raises(IntegrityError, match="question_"), transaction.atomic():
        Question.objects.create(**about)


def test_question_can_be_left_unanswered_three_ways():
    assert [answer for answer, _words in question_types.NON_ANSWERS] == ["not_asked", "dont_know", "rather_not"]
