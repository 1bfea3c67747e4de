"""Bad days: a worker that has been dead for a week, and a clock that jumps. What people see, and what is kept.

Mail that is down has its tests with the letters, a database that is away with the public pages and in `tests/torture`.
"""

import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from hub.desk.access import DEVICE_COOKIE
from hub.models import Idea, Measure, Opening, SeenTap, Tally, Visit
from hub.operations.invariants import find_broken
from school.models import Enrolment, Feedback, JoinRequest
from school.models.join_requests import SALT
from supplies.models import Item, SeenShortfall
from tests.school.makers import a_course, a_session, enrol
from tests.supplies.makers import a_lot, an_item
from tests.volunteers.rota_world import a_shift, post_of, somebody
from volunteers.models import Letter, Signup
from volunteers.models.people import LetterKind
from volunteers.shared.registries.retention import Every, delete_overdue
from volunteers.shared.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

EVENING = dt.datetime(2026, 11, 19, 20, tzinfo=dt.UTC)
NOVEMBER = dt.date(2026, 11, 1)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def at(moment):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def spoon():
    item = an_item("Spoon")
    a_lot(item, 50)
    return item


@pytest.fixture
def desk(client, sign_in, volunteer, spoon):
    """Sends visits as a device does; `desk(id)` the status of that one."""
    with at(EVENING):
        sign_in(client, volunteer)
        client.post(reverse("hub:desk-open"))
    opening = Opening.objects.get()

    def send(id_, person=volunteer):
        sign_in(client, person)
        entry = {"id": str(id_), "opening": opening.pk, "people": 2, "items": {str(spoon.pk): 3}, "void": False}
        body = json.dumps({"visits": [entry]})
        answer = client.post(reverse("hub:desk-visits"), body, content_type="application/json")
        return answer.json()["results"][str(id_)]["status"]

    return send


def counted():
    """Visits of the month so far, on the desk and in the totals, and what is left on the shelf."""
    said = Tally.objects.filter(month=NOVEMBER, measure=Measure.VISITS).values_list("value", flat=True)
    return sum(said) + Visit.objects.count(), Item.objects.with_on_hand().get(slug="spoon").on_hand


def names():
    return {check.name for check in find_broken()}


def test_week_without_worker_loses_nothing(client, sign_in, coordinator, desk, django_capture_on_commit_callbacks):
    with at(EVENING):
        assert desk(uuid.UUID(int=1, version=4)) == "created"
        ash = somebody("Wren")
        Signup.objects.create(person=ash, post=post_of(a_shift(EVENING - 59 * DAY)), state="came")
    with at(EVENING + 8 * DAY):
        # A promise is broken by then, and it is said; visits are where they were.
        assert names() == {"no_visit_outlives_its_evening", "signups_become_hours", "what_runs_out_goes"}
        sign_in(client, coordinator)
        page = client.get("/today/").content.decode()
        assert "An earlier evening was never closed." in page
        assert "The worker is not running." in page

        client.post(reverse("hub:desk-open"))

        assert counted() == (1, 47)
        assert Opening.objects.get(date=EVENING.date()).state == "closed"
        assert not Visit.objects.exists()
        # And the worker that comes back does the rest, once.
        with django_capture_on_commit_callbacks(execute=False):
            delete_overdue(Every.HOUR)
        assert ash.hours.get().shifts == 1
        assert names() == set()


def test_expiry_works_by_hand_without_worker(demo):
    """What check_invariants says to do about it has to do it: registers, requests and feedback stayed."""
    with at(EVENING):
        session = a_session(a_course(), starts_at=EVENING - HOUR)
        enrol(session, somebody("Wren"), "there")
        Feedback.objects.create(session=session, useful=4)
        JoinRequest.objects.create(sealed=seal("{}", purpose=SALT), mark="m", expires_at=EVENING + 2 * DAY)
        SeenTap.objects.create(id=uuid.uuid4(), day=EVENING.date())
        SeenShortfall.objects.create(id=uuid.uuid4(), month=NOVEMBER)
        Idea.objects.create(words="Tea", state="done", answer="There is tea.", answered_on=EVENING.date())
    kept = (Enrolment, Feedback, JoinRequest, SeenTap, SeenShortfall, Idea)
    with at(EVENING + 8 * DAY):
        assert names() == {"what_runs_out_goes"}
        call_command("tidy")
        assert names() == set()
        assert [model.objects.count() for model in kept] == [1, 1, 0, 0, 1, 1]
    # A register, what was thought of it, and an idea that was settled: each has its own time.
    for days in (93, 368, 733):
        with at(EVENING + days * DAY):
            assert names() == {"what_runs_out_goes"}, days
            call_command("tidy")
            assert names() == set(), days
    with at(EVENING + 733 * DAY):
        assert [model.objects.count() for model in kept] == [0] * len(kept)


def test_letter_leaves_after_week_without_worker(volunteer):
    with at(EVENING):
        volunteer.email = "ash@example.org"
        volunteer.save()
        letter = volunteer.tell(LetterKind.SHIFTS, "/today/")
        assert letter.try_to_send()
    with at(EVENING + 8 * DAY):
        delete_overdue(Every.HOUR)
        assert not Letter.objects.exists()


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
def test_clock_jump_of_an_hour_counts_once(desk, jump):
    first, second = uuid.UUID(int=1, version=4), uuid.UUID(int=2, version=4)
    with at(EVENING):
        assert desk(first) == "created"
    with at(EVENING + jump):
        assert (desk(first), desk(second)) == ("duplicate", "created")
        assert counted() == (2, 44)
        assert names() == set()
    with at(EVENING + jump + DAY):
        Opening.objects.aggregate_overdue()
        assert (counted(), names()) == ((2, 44), set())


def test_clock_jump_over_six_counts_once(desk):
    before, after = dt.datetime(2026, 11, 20, 5, 50, tzinfo=dt.UTC), dt.datetime(2026, 11, 20, 6, 50, tzinfo=dt.UTC)
    ids = [uuid.UUID(int=number, version=4) for number in (1, 2, 3)]
    with at(before):
        assert desk(ids[0]) == "created"
    with at(after):
        # The evening is over: it is folded, and what is sent goes into its totals.
        assert desk(ids[1]) == "created"
        assert Opening.objects.get().state == "closed"
    with at(before):
        assert [desk(id_) for id_ in ids] == ["duplicate", "duplicate", "created"]
        assert (counted(), names()) == ((3, 41), set())


def test_clock_jump_ahead_keeps_devices_paired(client, sign_in, coordinator, desk):
    with at(EVENING):
        sign_in(client, coordinator)
        client.post(reverse("hub:device-invite"))
        code = Opening.objects.get().devices.get().code
        client.post(reverse("hub:device-pair"), {"code": code})
        assert DEVICE_COOKIE in client.cookies
    with at(EVENING - HOUR):
        assert client.get("/today/").status_code == 200
    with at(EVENING + HOUR):
        assert client.get("/today/").headers["Location"].startswith("/accounts/login/")
        assert client.get(reverse("hub:desk")).status_code == 200


def test_pairing_code_dies_at_clock_jump(client, sign_in, coordinator, desk):
    with at(EVENING):
        sign_in(client, coordinator)
        client.post(reverse("hub:device-invite"))
        old = Opening.objects.get().devices.get().code
    with at(EVENING + HOUR):
        assert client.post(reverse("hub:device-pair"), {"code": old}).status_code == 422
        new = Opening.objects.get().devices.get().code
        assert client.post(reverse("hub:device-pair"), {"code": new}).status_code == 302


def test_database_clock_decides_no_desk_rule():
    """The one moment that counts is the web server's: a database on another machine may be an hour out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT proname FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid"
            " JOIN pg_class ON pg_class.oid = tgrelid WHERE relname ~ '^(hub|supplies)_'"
            " AND prosrc ~* '(now\\(\\)|current_(date|time)|clock_timestamp)' AND relname !~ 'event$'"
            " AND prosrc !~ 'event'"
        )
        assert cursor.fetchall() == []
