"""Visits: counted once, in any order and however often they arrive, or refused with a sentence."""

import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from hub.desk.exceptions import EveningUnclear
from hub.desk.models.openings import Totals
from hub.desk.models.tallies import Measure, Tally
from hub.desk.models.visits import LogResult, SeenVisit, VisitItem
from hub.desk.visit_payload import VisitPayload
from hub.models import DeskClosed, Opening, Visit, VisitDiffers
from supplies.models import Movement, Outgoing
from tests.supplies.makers import NEXT_YEAR, TODAY, a_lot, an_item, on_hand
from tests.volunteers.rota_world import a_shift
from tests.volunteers.threads import Meanwhile
from tests.wait_for_server import PATIENCE

URL = "/desk/visits/"


@pytest.fixture
def spoon(db):
    return an_item("Spoon")


@pytest.fixture
def entry(opening, spoon):
    return VisitPayload(uuid.uuid4(), opening.pk, 2, {spoon.pk: 3})


@pytest.fixture
def send(client):
    def visits(*raws):
        return client.post(URL, {"visits": raws}, content_type="application/json")

    return visits


def move(clock, moment):
    clock.move_to(dt.datetime.fromisoformat(f"{moment}+01:00"))


def everything():
    tables = (Opening, Visit, VisitItem, SeenVisit, Tally, Outgoing, Movement)
    return {table: sorted(map(repr, table.objects.values_list())) for table in tables}


def tallies():
    return {(measure, key): n for measure, key, n in Tally.objects.values_list("measure", "key", "value")}


def counted(visits, people, item, given):
    return {(Measure.VISITS, ""): visits, (Measure.PEOPLE, ""): people, (Measure.GIVEN, str(item.pk)): given}


def went_out():
    return dict(Outgoing.objects.values_list("lot", "quantity"))


def test_a_visit_is_logged_once(entry, opening, spoon):
    lot = a_lot(spoon, 10, number="A", expires_on=NEXT_YEAR)

    assert Visit.objects.log(entry) == LogResult.CREATED
    assert Visit.objects.log(entry) == LogResult.DUPLICATE

    assert opening.totals() == Totals(1, 2)
    assert went_out() == {lot.pk: 3}
    assert on_hand(spoon) == 7


def test_the_same_id_with_other_content_is_refused(entry, opening, spoon):
    Visit.objects.log(entry)
    was = everything()

    for other in (
        replace(entry, people=3),
        replace(entry, items={spoon.pk: 4}),
        replace(entry, items={}),
        replace(entry, people=3, void=True),
    ):
        with pytest.raises(VisitDiffers, match=r"something else in it. Nothing was changed\."):
            Visit.objects.log(other)

    assert everything() == was


def test_undo_returns_items_to_their_lots(entry, opening, spoon):
    first = a_lot(spoon, 2, number="A", expires_on=NEXT_YEAR)
    second = a_lot(spoon, 5, number="B", expires_on=NEXT_YEAR + dt.timedelta(days=1))
    Visit.objects.log(entry)
    assert went_out() == {first.pk: 2, second.pk: 1}

    assert Visit.objects.log(entry.as_void()) == LogResult.UNDONE
    assert Visit.objects.log(entry.as_void()) == LogResult.UNDONE

    assert went_out() == {}
    assert on_hand(spoon) == 7
    assert opening.totals() == Totals()
    assert Visit.objects.log(entry) == LogResult.DUPLICATE
    assert opening.totals() == Totals()


def test_undo_before_its_visit_keeps_it_out(entry, opening, spoon):
    assert Visit.objects.log(entry.as_void()) == LogResult.UNDONE
    assert Visit.objects.log(entry) == LogResult.DUPLICATE

    assert opening.totals() == Totals()
    assert on_hand(spoon) == 0


def test_more_than_there_is_goes_below_zero(entry, spoon):
    lot = a_lot(spoon, 1, number="A", expires_on=NEXT_YEAR)

    Visit.objects.log(entry)
    assert on_hand(spoon) == -2
    assert {*VisitItem.objects.values_list("lot", "quantity")} == {(lot.pk, 1), (None, 2)}
    assert Visit.objects.log(entry) == LogResult.DUPLICATE

    Visit.objects.log(entry.as_void())
    assert on_hand(spoon) == 1


@pytest.mark.parametrize("about", [{"naloxone": True}, {"withdrawn": True}])
def test_what_cannot_be_given_out_changes_nothing(entry, about):
    thing = an_item("Thing", **about)
    was = everything()

    with pytest.raises(ValidationError):
        Visit.objects.log(replace(entry, items={**entry.items, thing.pk: 1}))

    assert everything() == was


def test_late_copy_of_counted_visit_changes_nothing(entry, opening):
    Visit.objects.log(entry)
    opening.close()
    was = everything()

    assert Visit.objects.log(entry) == LogResult.DUPLICATE
    assert everything() == was


def test_late_visit_counts_once_in_totals(entry, opening, spoon):
    lot = a_lot(spoon, 10, number="A", expires_on=NEXT_YEAR)
    opening.close()

    assert Visit.objects.log(entry) == LogResult.CREATED
    assert Visit.objects.log(entry) == LogResult.DUPLICATE

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (Opening.State.CLOSED, 1, 2)
    assert tallies() == counted(1, 2, spoon, 3)
    assert went_out() == {lot.pk: 3}
    assert not Visit.objects.exists()


def test_late_visit_to_unclosed_desk_aggregates_first(entry, opening, spoon, clock):
    Visit.objects.log(entry)
    move(clock, "2026-05-21 09:00")

    assert Visit.objects.log(replace(entry, id=uuid.uuid4(), people=1)) == LogResult.CREATED

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (Opening.State.CLOSED, 2, 3)
    assert tallies() == counted(2, 3, spoon, 6)


def test_a_desk_that_takes_nothing_late_says_so(entry, opening):
    opening.close()
    was = everything()

    with pytest.raises(DeskClosed, match="Open it again"):
        Visit.objects.log(entry, late=False)

    assert everything() == was


def test_late_undo_removes_visit_from_totals_once(entry, opening, spoon):
    lot = a_lot(spoon, 10, number="A", expires_on=NEXT_YEAR)
    Visit.objects.log(entry)
    Visit.objects.log(replace(entry, id=uuid.uuid4(), people=1))
    opening.close()

    assert Visit.objects.log(entry.as_void()) == LogResult.UNDONE
    assert Visit.objects.log(entry.as_void()) == LogResult.UNDONE

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (Opening.State.CLOSED, 1, 1)
    assert tallies() == counted(1, 1, spoon, 3)
    assert went_out() == {lot.pk: 3}


def test_late_undo_of_only_visit_means_nobody_came(entry, opening):
    Visit.objects.log(entry)
    opening.close()

    Visit.objects.log(entry.as_void())

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (Opening.State.NOBODY_CAME, 0, 0)


def test_late_undo_that_does_not_fit_is_refused(entry, opening):
    Visit.objects.log(entry)
    opening.close()
    was = everything()

    with pytest.raises(VisitDiffers, match=r"This does not match what was counted that evening."):
        Visit.objects.log(replace(entry, people=9, items={}, void=True))

    assert everything() == was


def test_late_undo_before_its_visit_blocks_it(entry, opening):
    opening.close()

    assert Visit.objects.log(entry.as_void()) == LogResult.UNDONE
    assert Visit.objects.log(entry) == LogResult.DUPLICATE
    assert tallies() == {}


@pytest.mark.parametrize("days", [1, 365, -1, -25, -26, -365])
def test_evening_of_a_wrong_clock_makes_no_opening(entry, opening, days):
    """A device that knows no opening says an evening on which none was: it asks again, and nothing is made up."""
    opening.close()
    was = everything()

    with pytest.raises(EveningUnclear):
        Visit.objects.log(replace(entry, opening=None, evening=TODAY + dt.timedelta(days=days)))

    assert everything() == was


def test_evening_somebody_chose_takes_waiting_visits(entry, opening):
    """At “Catch up” a person says that there was an evening: then what waited for it is counted."""
    late = replace(entry, opening=None, evening=TODAY - dt.timedelta(days=1))
    with pytest.raises(EveningUnclear, match=r"If there was one, choose it under “Catch up”."):
        Visit.objects.log(late)

    evening = Opening.objects.get_for_evening(late.evening)

    assert Visit.objects.log(late) == LogResult.CREATED
    evening.refresh_from_db()
    assert (evening.visits, evening.state) == (1, "closed")


@pytest.mark.parametrize("state", ["published", "cancelled"])
def test_only_a_planned_evening_takes_waiting_visits(entry, opening, state):
    yesterday = TODAY - dt.timedelta(days=1)
    a_shift(
        starts_at=dt.datetime.fromisoformat(f"{yesterday}T18:00+01:00"),
        state=state,
        reason="Snow" if state == "cancelled" else "",
    )
    late = replace(entry, opening=None, evening=yesterday)

    if state == "cancelled":
        with pytest.raises(EveningUnclear):
            Visit.objects.log(late)
    else:
        assert Visit.objects.log(late) == LogResult.CREATED
        assert Opening.objects.get(date=yesterday).kind == Opening.Kind.PLANNED


def test_visit_is_too_old_after_25_days(entry, opening, clock):
    opening.close()
    move(clock, "2026-06-15 18:30")
    was = everything()

    with pytest.raises(DeskClosed, match="too long ago"):
        Visit.objects.log(entry)
    assert everything() == was

    move(clock, "2026-06-14 18:30")
    assert Visit.objects.log(entry) == LogResult.CREATED


def test_current_id_cannot_count_for_earlier_evening(entry, opening, clock):
    opening.close()
    move(clock, "2026-05-21 18:30")
    today = Opening.objects.start(kind=Opening.Kind.PLANNED)
    Visit.objects.log(replace(entry, opening=today.pk))
    was = everything()

    for late in (entry, entry.as_void()):
        with pytest.raises(VisitDiffers):
            Visit.objects.log(late)

    assert everything() == was
    today.close()
    assert (today.visits, today.people) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_the_same_visit_from_two_threads_counts_once():
    opening, spoon = Opening.objects.start(kind=Opening.Kind.PLANNED), an_item("Spoon")
    a_lot(spoon, 10, number="A")
    entry = VisitPayload(uuid.uuid4(), opening.pk, 2, {spoon.pk: 3})
    ready = threading.Barrier(2)

    def post(_):
        try:
            ready.wait(timeout=PATIENCE)
            return Visit.objects.log(entry)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        logged = sorted(pool.map(post, range(2), timeout=PATIENCE))

    assert logged == [LogResult.CREATED, LogResult.DUPLICATE]
    assert opening.totals() == Totals(1, 2)
    assert on_hand(spoon) == 7


@pytest.fixture
def two_evenings(transactional_db):
    """The same visit for an evening that is over and for tonight, as only a faulty device would send it."""
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False) as clock:
        last = Opening.objects.start(kind=Opening.Kind.PLANNED)
        last.close()
        move(clock, "2026-05-21 18:30")
        tonight = Opening.objects.start(kind=Opening.Kind.PLANNED)
        late = VisitPayload(uuid.uuid4(), last.pk, 2, {})
        yield tonight, late, replace(late, opening=tonight.pk)


def test_visit_counted_late_is_not_logged_again(two_evenings):
    tonight, late, live = two_evenings
    with transaction.atomic():
        assert Visit.objects.log(late) == LogResult.CREATED
        meanwhile = Meanwhile(lambda: Visit.objects.log(live))

    assert meanwhile.answer == LogResult.DUPLICATE
    tonight.close()
    assert [(opening.visits, opening.people) for opening in Opening.objects.order_by("date")] == [(1, 2), (None, None)]


def test_visit_logged_once_is_not_counted_late(two_evenings):
    tonight, late, live = two_evenings
    with transaction.atomic():
        assert Visit.objects.log(live) == LogResult.CREATED
        meanwhile = Meanwhile(lambda: Visit.objects.log(late))

    assert str(meanwhile.answer) == "That visit was logged on another evening. Nothing was changed."
    tonight.close()
    assert [(opening.visits, opening.people) for opening in Opening.objects.order_by("date")] == [(None, None), (1, 2)]


def test_undo_for_two_evenings_is_remembered_once(two_evenings):
    _tonight, late, live = two_evenings
    with transaction.atomic():
        Visit.objects.log(late.as_void())
        meanwhile = Meanwhile(lambda: Visit.objects.log(live.as_void()))

    assert meanwhile.answer == LogResult.UNDONE
    assert SeenVisit.objects.get().opening_id == late.opening


def test_id_of_two_evenings_does_not_block_aggregating(opening, clock):
    """No way leads there any more; but an evening that cannot be folded would keep its visits for ever."""
    opening.close()
    move(clock, "2026-05-21 18:30")
    tonight = Opening.objects.start(kind=Opening.Kind.PLANNED)
    twice = Visit.objects.create(pk=uuid.uuid4(), opening=tonight, people=2)
    SeenVisit.objects.create(pk=twice.pk, opening=opening)

    tonight.close()

    assert not Visit.objects.exists()
    assert SeenVisit.objects.get().opening == opening


def size_of(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s)", [table])
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_sweep_truncates_when_no_desk_is_open():
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    visit = Visit.objects.create(pk=uuid.uuid4(), opening=opening, people=1)
    visit.items.create(item=an_item("Spoon"), quantity=1)
    visit.delete()

    assert Opening.objects.truncate_visits() is False
    assert size_of("hub_visit") > 0

    Opening.objects.filter(pk=opening.pk).update(state=Opening.State.NOT_RECORDED)
    assert Opening.objects.truncate_visits() is True
    assert size_of("hub_visit") == size_of("hub_visititem") == 0


@pytest.mark.django_db(transaction=True)
def test_closing_sweeps_unless_another_desk_is_open():
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    bus = Opening.objects.start(kind=Opening.Kind.OUTREACH, place="Bus")
    for one in (opening, bus):
        Visit.objects.log(VisitPayload(uuid.uuid4(), one.pk, 1, {}))

    opening.close()
    assert Visit.objects.get().opening == bus
    assert size_of("hub_visit") > 0

    bus.close()
    assert size_of("hub_visit") == 0


@pytest.mark.django_db(transaction=True)
def test_sweeping_waits_for_nobody():
    Opening.objects.start(kind=Opening.Kind.UNPLANNED).close()
    with transaction.atomic():
        Visit.objects.exists()  # this transaction now reads the table, and would be waited for
        meanwhile = Meanwhile(Opening.objects.truncate_visits)
        assert meanwhile.answer is False

    assert Opening.objects.truncate_visits() is True


def test_endpoint_needs_the_sessions_csrf_token(entry, opening, volunteer, sign_in):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, volunteer)
    body = {"visits": [entry.as_json()]}

    assert client.post(URL, body, content_type="application/json").status_code == 403
    assert opening.totals() == Totals()

    token = client.get("/desk/session/").json()["csrf"]
    answer = client.post(URL, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200
    assert opening.totals() == Totals(1, 2)


def test_endpoint_counts_a_visit_and_says_so(entry, send, client, volunteer, sign_in):
    sign_in(client, volunteer)

    for status in ("created", "duplicate"):
        answer = send(entry.as_json())
        assert answer.status_code == 200
        assert answer.json() == {"results": {str(entry.id): {"status": status}}, "visits": 1, "people": 2}

    answer = send(entry.as_void().as_json())
    assert answer.json() == {"results": {str(entry.id): {"status": "undone"}}, "visits": 0, "people": 0}


@pytest.mark.parametrize(
    "wrong", [{"items": {"999999": 1}}, {"people": 0}, {"people": 21}, {"id": "one"}, {"opening": None}, {"void": 1}]
)
def test_endpoint_refuses_what_is_not_a_visit(entry, send, client, volunteer, sign_in, wrong):
    sign_in(client, volunteer)
    raw = entry.as_json() | wrong
    was = everything()

    answer = send(raw)

    assert answer.status_code == 422
    assert answer.json()["results"][raw["id"]]["status"] == "refused"
    assert answer.json()["results"][raw["id"]]["why"].endswith((".", "?"))
    assert everything() == was


@pytest.mark.parametrize("quantity", [0, -1, 10_000, 1.5, "3", None])
def test_endpoint_refuses_a_quantity_nobody_gave_out(entry, spoon, send, client, volunteer, sign_in, quantity):
    sign_in(client, volunteer)
    was = everything()

    answer = send(entry.as_json() | {"items": {str(spoon.pk): quantity}})

    assert answer.status_code == 422
    assert answer.json()["results"][str(entry.id)]["why"].startswith("How many of each?")
    assert everything() == was


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("not json", "application/json"),
        ("", "application/json"),
        (b"\xff", "application/json"),
        ("[" * 60_000, "application/json"),
        ("[]", "application/json"),
        ('{"visits": {}}', "application/json"),
        ('{"visits": []}', "application/json"),
        ('{"visits": [' + ",".join(["{}"] * 26) + "]}", "application/json"),
        ('{"visits": [{}]}' + " " * 65_536, "application/json"),
        ('{"visits": [{}]}', "text/plain"),
    ],
    ids=["words", "empty", "bytes", "deep", "list", "object", "none", "too many", "too long", "plain"],
)
def test_endpoint_refuses_a_body_it_cannot_read(opening, client, volunteer, sign_in, body, kind):
    sign_in(client, volunteer)
    was = everything()

    answer = client.post(URL, body, content_type=kind)

    assert answer.status_code == 422
    assert answer.json()["why"]
    assert everything() == was


@pytest.mark.parametrize("wrong", [{"people": 3}, {"opening": 999_999}])
def test_endpoint_refuses_what_is_no_visit(entry, send, client, volunteer, sign_in, wrong):
    sign_in(client, volunteer)
    Visit.objects.log(entry)
    was = everything()

    answer = send(entry.as_json() | wrong)

    assert answer.status_code == 409
    assert answer.json()["results"][str(entry.id)]["why"].endswith(".")
    assert everything() == was


def test_endpoint_takes_the_good_beside_the_bad(entry, opening, send, client, volunteer, sign_in):
    sign_in(client, volunteer)
    bad = entry.as_json() | {"id": str(uuid.uuid4()), "items": {"999999": 1}}

    answer = send(bad, entry.as_json())

    assert answer.status_code == 422
    assert {id_: result["status"] for id_, result in answer.json()["results"].items()} == {
        bad["id"]: "refused",
        str(entry.id): "created",
    }
    assert opening.totals() == Totals(1, 2)


def test_endpoint_shows_both_versions_of_a_visit(entry, opening, spoon, send, client, volunteer, sign_in):
    sign_in(client, volunteer)
    send(entry.as_json())

    answer = send(replace(entry, people=3, items={spoon.pk: 4}).as_json())

    assert answer.status_code == 409
    result = answer.json()["results"][str(entry.id)]
    assert result["status"] == "refused"
    assert result["versions"] == ["Written down: 2 people · 3 × Spoon.", "Sent now: 3 people · 4 × Spoon."]
    assert opening.totals() == Totals(1, 2)


@pytest.mark.parametrize("days", [1, -1, -365, 365])
def test_endpoint_asks_again_for_evening_of_wrong_clock(entry, opening, send, client, volunteer, sign_in, days):
    sign_in(client, volunteer)
    raw = entry.as_json() | {"opening": None, "evening": str(TODAY + dt.timedelta(days=days))}

    answer = send(raw)

    assert answer.status_code == 409
    assert answer.json()["results"][raw["id"]]["status"] == "later"
    assert Opening.objects.count() == 1
    assert not Visit.objects.exists()


def test_form_with_used_id_shows_both_versions(entry, opening, spoon, client, volunteer, sign_in):
    sign_in(client, volunteer)
    spoon.desk_order = 1
    spoon.save()
    sent = {"id": str(entry.id), "opening": opening.pk, "people": "2", f"item-{spoon.pk}": "3"}
    assert client.post("/desk/", sent).status_code == 302

    answer = client.post("/desk/", sent | {"people": "4"})

    assert answer.status_code == 409
    assert "Written down: 2 people · 3 × Spoon." in answer.content.decode()
    assert "Sent now: 4 people · 3 × Spoon." in answer.content.decode()
    again = answer.context["form"]
    assert (again["people"].value(), again[f"item-{spoon.pk}"].value()) == ("4", "3")
    assert client.post("/desk/", sent | {"people": "4", "id": again["id"].value()}).status_code == 302
    assert opening.totals() == Totals(2, 6)


def test_asking_for_the_session_keeps_nobody_awake(opening, client, volunteer, sign_in, clock):
    """The page does so by itself, for as long as it lies open."""
    sign_in(client, volunteer)

    for _minute in range(30):
        clock.shift(60)
        status = client.get("/desk/session/").status_code
        if status != 200:
            break

    assert (status, _minute) == (401, settings.IDLE_SECONDS // 60)


def test_session_says_which_moment_it_is(opening, client, volunteer, sign_in):
    sign_in(client, volunteer)

    told = client.get("/desk/session/").json()

    now = dt.datetime.fromtimestamp(told["now"] / 1000, tz=dt.UTC)
    ends = dt.datetime.fromtimestamp(told["ends"] / 1000, tz=dt.UTC)
    assert (told["evening"], told["open"]) == (str(TODAY), opening.pk)
    assert now == timezone.now()
    assert timezone.localtime(ends).isoformat() == f"{TODAY + dt.timedelta(days=1)}T06:00:00+01:00"


def test_endpoint_tells_the_signed_out_in_json(entry, send):
    was = everything()

    answer = send(entry.as_json())

    assert answer.status_code == 401
    assert answer.json() == {"why": "Please sign in again. What you logged is safe on this device."}
    assert everything() == was


def test_endpoint_tells_a_trainee_in_json(entry, send, client, trainee, sign_in):
    sign_in(client, trainee)
    was = everything()

    answer = send(entry.as_json())

    assert answer.status_code == 403
    assert answer.json() == {"why": "Ask a coordinator to put you on the desk."}
    assert everything() == was
