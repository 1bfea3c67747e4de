"""The union meeting: hub/ideas/agenda.py and hub/ideas/meeting_views.py."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from hub.ideas.agenda import MAX_POINTS
from hub.models import AgendaPoint, Idea
from tests.look import axe, scrolls_sideways, small_targets
from tests.volunteers.rota_world import grant
from volunteers.shared.refusals import NotAllowed

PAGE = "/ideas/meeting/"


def for_meeting(words="A shower", **about):
    return Idea.objects.create(words=words, **{"state": "heard", "for_meeting": True} | about)


@pytest.fixture
def as_coordinator(clock, demo, client, sign_in, coordinator):
    sign_in(client, coordinator)
    return client


def decide(client, idea, state, answer):
    return client.post(f"/ideas/{idea.pk}/decide/", {f"{idea.pk}-state": state, f"{idea.pk}-answer": answer})


def test_decision_is_public_once_meeting_is_over(as_coordinator):
    idea = for_meeting()
    decide(as_coordinator, idea, "doing", "From June")
    before = as_coordinator.get("/ideas/").content.decode()

    as_coordinator.post("/ideas/meeting/clear/")

    assert "From June" not in before
    assert "From June" in as_coordinator.get("/ideas/").content.decode()
    idea.refresh_from_db()
    assert (idea.state, idea.for_meeting, idea.decision) == ("doing", False, "")


def test_undecided_idea_stays_for_next_meeting(as_coordinator):
    idea = for_meeting()

    as_coordinator.post("/ideas/meeting/clear/")

    assert [*Idea.objects.on_meeting_list()] == [idea]


@pytest.mark.parametrize(
    ("state", "answer"), [("done", ""), ("cant", ""), ("held", "x"), ("\0", "x"), ("doing", "x" * 601)]
)
def test_decision_without_reason_keeps_what_was_typed(as_coordinator, state, answer):
    idea = for_meeting()

    refused = decide(as_coordinator, idea, state, answer)

    assert refused.status_code == 422
    assert Idea.objects.get().decided_state == ""
    assert answer in refused.content.decode()


def test_decision_falls_when_idea_leaves_the_list(as_coordinator):
    idea = for_meeting()
    idea.decide("done", "Built")

    idea.set_for_meeting(for_meeting=False)

    assert (Idea.objects.get().decided_state, Idea.objects.get().decision) == ("", "")
    with pytest.raises(NotAllowed):
        idea.decide("done", "Built")


@pytest.mark.parametrize("about", [{"decided_state": "done"}, {"decision": "x"}, {"decided_state": "odd"}])
def test_database_refuses_decision_that_does_not_fit(db, about):
    idea = for_meeting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=idea.pk).update(**about)


def test_task_stays_until_it_is_done(as_coordinator):
    chairs, keys = (AgendaPoint.objects.create(words=words) for words in ("Chairs", "Keys"))
    for point, state in ((chairs, "to_do"), (keys, "done")):
        as_coordinator.post(
            f"/ideas/meeting/points/{point.pk}/", {f"{point.pk}-state": state, f"{point.pk}-decision": "Yes"}
        )

    as_coordinator.post("/ideas/meeting/clear/")
    page = as_coordinator.get(PAGE).content.decode()

    assert "Tasks we agreed to do" in page
    assert [point.words for point in AgendaPoint.objects.all()] == ["Chairs"]


def test_point_sent_twice_is_added_once(as_coordinator):
    key = uuid.uuid4()
    for _twice in range(2):
        as_coordinator.post("/ideas/meeting/points/", {"words": "Chairs", "key": str(key)})

    assert AgendaPoint.objects.count() == 1


def test_full_agenda_refuses_another_point(as_coordinator):
    AgendaPoint.objects.bulk_create(AgendaPoint(words=f"Point {n}") for n in range(MAX_POINTS))

    told = as_coordinator.post("/ideas/meeting/points/", {"words": "More", "key": str(uuid.uuid4())}, follow=True)

    assert "The agenda is full." in told.content.decode()
    assert AgendaPoint.objects.count() == MAX_POINTS


def test_removed_point_is_told_to_whoever_decides(db):
    point = AgendaPoint.objects.create(words="Chairs")
    AgendaPoint.objects.all().delete()

    with pytest.raises(NotAllowed):
        point.decide("done", "")


def test_moderator_leaves_decisions_to_coordinators(clock, client, sign_in, trainee):
    for_meeting().decide("done", "Built")
    sign_in(client, grant(trainee, "school-done"))

    client.post("/ideas/meeting/clear/")

    assert Idea.objects.get().state == "heard"


@pytest.mark.parametrize("rows", [1, 3])
def test_agenda_statements(as_coordinator, rows, django_assert_num_queries):
    for n in range(rows):
        for_meeting(f"Idea {n}")
        AgendaPoint.objects.create(words=f"Point {n}")
    as_coordinator.get(PAGE)
    with django_assert_num_queries(5):
        as_coordinator.get(PAGE)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_agenda_looks_right(demo, page_as, live_server, coordinator, console, scheme, width):
    for_meeting().decide("doing", "From June")
    AgendaPoint.objects.create(words="Chairs", state="to_do", decision="Ask the market")
    page = page_as(coordinator)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + PAGE)
    page.get_by_text("Change what we decided").click()

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert console.quiet
