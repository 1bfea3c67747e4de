"""After a closed evening: no table holds a visit, and nothing anywhere says when anything happened at the desk."""

import datetime as dt
import io
import json
import logging
import re
import signal
import socket

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from hub.jobs import aggregate_visits
from hub.models import (
    Incident,
    NaloxoneGiven,
    Opening,
    Reversal,
    SeenEntry,
    SeenVisit,
    StripResult,
    Tally,
    Visit,
    VisitItem,
)
from hub.web.logging import QuietFormatter
from supplies.models import Item, Outgoing
from supplies.models.shortfalls import SeenShortfall, Shortfall
from tests.privacy import dumps
from tests.privacy.devices import Device, a_real_server
from tests.privacy.evenings import (
    Came,
    a_world,
    an_evening,
    at_the_desk,
    close,
    log,
    naloxone,
    opened,
    reversal,
    strip_result,
)
from tests.wait_for_server import PATIENCE
from volunteers.models import User

pytestmark = pytest.mark.django_db(transaction=True)

OF_THE_DESK = (
    Visit, VisitItem, SeenVisit, Tally, NaloxoneGiven, Reversal, StripResult, Incident, Opening, Outgoing, Shortfall,
    SeenShortfall, SeenEntry,
)  # fmt: skip
# Numbers that stand for nothing else: each of one visit, and none a sum of the others.
TELLTALE = [Came(7, {"foil": 211, "spoon": 17}), Came(9, {"foil": 307, "citric": 613}), Came(3, {"foil": 401})]
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?")
SECONDS = re.compile(r"(?<!\d)1[789]\d{8}(?:\.\d+)?(?!\d)")


@pytest.fixture
def somebody_at_the_desk(sign_in):
    return at_the_desk(sign_in, a_world())


def moments(value):
    """Every moment that a cell could be read as."""
    for found in A_MOMENT.findall(value):
        moment = dt.datetime.fromisoformat(found)
        yield moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    for found in SECONDS.findall(value):
        yield dt.datetime.fromtimestamp(float(found), tz=dt.UTC)


def test_no_table_holds_a_visit(somebody_at_the_desk):
    an_evening(somebody_at_the_desk, TELLTALE, [naloxone(3), reversal(2), strip_result("absent")])
    dump = dumps.take()

    assert dump["hub_visit"].rows == dump["hub_visititem"].rows == []
    for came in TELLTALE:
        assert {table for table, _column, value in dump.cells() if str(came.id) in value} == {"hub_seenvisit"}
    for number in ("211", "307", "401", "9"):
        places = {(table, column) for table, column, value in dump.cells() if value == number}
        # A number as small as nine is also somebody's id.
        assert {place for place in places if not place[1].endswith("id") and place[1] not in NUMBERS_OF_THINGS} == set()
    assert dump["hub_opening"].only("visits", "people") == [("3", "19")]


TOLD_OF_AN_EVENING = ("date", "kind", "place", "state", "visits", "people")
NUMBERS_OF_THINGS = {"order", "desk_order", "pack_size", "desk_tap"}


def test_dump_knows_date_visits_and_people(somebody_at_the_desk):
    opening = an_evening(somebody_at_the_desk, TELLTALE)
    dump = dumps.take()

    assert set(dump["hub_opening"].columns) == {*TOLD_OF_AN_EVENING, "id", "shift_id"}
    assert dump["hub_opening"].only(*TOLD_OF_AN_EVENING) == [
        (opening.date.isoformat(), "unplanned", "", "closed", "3", "19")
    ]
    with_opening = {table for table, told in dump.tables.items() if "opening_id" in told.columns and told.rows}
    # Random ids, and what this shift left for the next in its own words.
    assert with_opening == {"hub_seenvisit", "hub_handover"}


def test_no_cell_holds_a_desk_time(somebody_at_the_desk):
    began = timezone.now()
    opening = opened(somebody_at_the_desk)
    for came in TELLTALE:
        log(somebody_at_the_desk, opening, came)
    log(somebody_at_the_desk, opening, TELLTALE[0], void=True)
    for write in (naloxone(1), reversal(1), strip_result("present")):
        write(somebody_at_the_desk)
    close(somebody_at_the_desk, opening)
    aggregate_visits(0)
    ended = timezone.now()

    told = [
        (table, column, moment)
        for table, column, value in dumps.take().cells()
        for moment in moments(value)
        if began <= moment <= ended
    ]

    assert told == []


def test_the_check_for_moments_sees_one(somebody_at_the_desk):
    now = timezone.now()
    somebody_at_the_desk.session.save()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hub_hub SET door = %s", [f"somebody rang at {now.isoformat()}"])
        cursor.execute("UPDATE hub_hub SET address = %s", [f"{int(now.timestamp())}"])

    told = {column for table, column, value in dumps.take().cells() if table == "hub_hub" and [*moments(value)]}

    assert told == {"door", "address"}


def test_evening_moves_no_other_sequence(somebody_at_the_desk):
    before = dumps.take().sequences
    an_evening(somebody_at_the_desk, TELLTALE, [naloxone(1), reversal(1)])

    after = dumps.take().sequences

    assert {name for name in after if after[name] != before[name]} == {"hub_opening_id_seq", "hub_handover_id_seq"}


def test_history_and_admin_know_no_desk():
    tracked = {model.__name__ for model in apps.get_models() if model.__name__.endswith("Event")}
    assert tracked & {f"{model.__name__}Event" for model in OF_THE_DESK} == set()
    assert [model for model in OF_THE_DESK if admin.site.is_registered(model)] == []


def test_history_and_the_admins_log_grow_by_nothing(somebody_at_the_desk):
    an_evening(somebody_at_the_desk, TELLTALE, [naloxone(1)])
    before = dumps.take()
    an_evening(somebody_at_the_desk, TELLTALE_AGAIN, [naloxone(2), reversal(3)])
    after = dumps.take()

    grown = {name for name in after.tables if name.endswith("event") or name in QUIET_TABLES}
    assert len(grown) > 10
    assert {name for name in grown if after[name].rows != before[name].rows} == set()


TELLTALE_AGAIN = [Came(2, {"foil": 5}), Came(1, {"swab": 9})]
QUIET_TABLES = {"django_admin_log", "pghistory_context", "procrastinate_jobs", "procrastinate_events"}


def test_jobs_cache_session_hold_no_evening(somebody_at_the_desk):
    opening = opened(somebody_at_the_desk)
    for came in TELLTALE:
        log(somebody_at_the_desk, opening, came)
    kept = json.dumps(dict(somebody_at_the_desk.session.items()))
    close(somebody_at_the_desk, opening)

    assert dumps.take()["procrastinate_jobs"].rows == []
    # The cache is a table, of tries at limits.
    assert dumps.take()["volunteers_ratelimit"].rows == []
    assert set(json.loads(kept)) == {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}


def test_a_session_row_says_neither_who_nor_when(somebody_at_the_desk):
    opened(somebody_at_the_desk)
    (row,) = dumps.take()["django_session"].only("session_data", "expire_date")

    # Sealed, so that only what is long can be looked for: three letters are found by chance.
    assert [word for word in ("_auth_user_id", "_auth_user_hash", "volunteer") if word in row[0]] == []
    assert ":" not in row[0]
    assert [*moments(row[0])] == []
    assert re.search(r" (00|23):00:00\+", row[1])


@pytest.fixture
def written():
    """Everything our own handlers write."""
    stream = io.StringIO()
    handlers = {
        handler
        for name in ("", *logging.root.manager.loggerDict)
        for handler in logging.getLogger(name).handlers
        if isinstance(handler.formatter, QuietFormatter)
    }
    was = {handler: handler.setStream(stream) for handler in handlers}
    yield stream
    for handler, old in was.items():
        handler.setStream(old)


def everything_that_goes_wrong(client, opening):
    """What a desk may send that is refused, by us and by the database."""
    came = TELLTALE[0]
    log(client, opening, came)
    log(client, opening, Came(8, {"foil": 222}, id=came.id))
    client.post(
        reverse("hub:desk-visits"), json.dumps({"visits": [{"id": str(came.id)}]}), content_type="application/json"
    )
    client.post(reverse("hub:desk-visits"), f'{{"visits": "{came.id}', content_type="application/json")
    client.get(f"/desk/{came.id}/")
    for refused in (
        lambda: Visit.objects.create(pk=came.id, opening=opening, people=7),
        lambda: VisitItem.objects.create(visit_id=came.id, item=Item.objects.get(slug="nyxoid"), quantity=211),
        lambda: Visit.objects.filter(pk=came.id).update(people=99),
        lambda: Reversal.objects.create(month=dt.date(2026, 5, 20)),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()


def test_desk_errors_are_logged_nowhere(somebody_at_the_desk, written):
    before = dumps.the_log_of_the_database()
    opening = opened(somebody_at_the_desk)

    everything_that_goes_wrong(somebody_at_the_desk, opening)
    close(somebody_at_the_desk, opening)

    assert dumps.the_log_of_the_database() == before
    assert written.getvalue() == ""


def test_an_error_page_repeats_nothing_of_a_visit(somebody_at_the_desk):
    somebody_at_the_desk.raise_request_exception = False
    opening = opened(somebody_at_the_desk)
    came = TELLTALE[1]
    log(somebody_at_the_desk, opening, came)

    pages = [
        somebody_at_the_desk.get(f"/desk/{came.id}/"),
        somebody_at_the_desk.get(f"/desk/strips/{2**70}/"),
        somebody_at_the_desk.post(f"/desk/{opening.pk + 1}/close/", {"id": str(came.id)}),
    ]

    assert {page.status_code for page in pages} == {404}
    for page in pages:
        assert str(came.id) not in page.content.decode()


@pytest.fixture
def server():
    """The real web server on the test's own database, and all it ever writes."""
    with a_real_server() as served:
        yield served


def test_the_web_server_writes_nothing_of_an_evening(somebody_at_the_desk, sign_in, server):
    port, process = server
    opening = opened(somebody_at_the_desk)
    phone = Device(port, sign_in, User.objects.get(username="ash"))
    came = Came(7, {"foil": 211})
    sent = [
        phone.send(opening, came, **change) for change in ({}, {"people": 8}, {"id": "Marisol"}, {"people": "\x00"})
    ]
    assert phone.ask("GET", "/desk/Marisol-1987/")[0] == 404
    with socket.create_connection(("127.0.0.1", port)) as rude:
        rude.sendall(b"GET /Marisol HTTP/9.9\r\n\r\n\x00")
        rude.recv(100)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)

    assert sent == [200, 409, 422, 422]
    assert Visit.objects.get().people == 7
    assert said == ""
