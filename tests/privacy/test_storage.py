"""After a closed evening: system columns, statistics and files of the database tell nobody's visit."""

import datetime as dt
import uuid
from collections import Counter

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from hub.desk.models.paper_sheet import PaperSheet
from hub.desk.visit_payload import VisitPayload
from hub.ideas.form_tokens import make_token
from hub.models import Idea, Month, Opening, PendingRewrite, Visit
from hub.operations.jobs import delete_daily
from school.models import Feedback, JoinRequest
from supplies.models import Item, Outgoing, Wish
from tests.privacy import dumps, storage
from tests.privacy.evenings import (
    Came,
    a_world,
    an_evening,
    at_the_desk,
    close,
    forget,
    incident,
    log,
    naloxone,
    opened,
    reversal,
    strip_result,
)
from tests.school.makers import a_course, a_session
from tests.volunteers.threads import at_once
from volunteers.shared.registries import row_order

pytestmark = pytest.mark.django_db(transaction=True)

# The rows of history and of the admin's log say the time themselves; the others are written by `migrate`.
AT_A_TIME = "event", "pghistory_context", "django_admin_log", "auth_", "django_content_type", "hub_pendingrewrite"
RULES = "SELECT tgname, tgenabled FROM pg_trigger ORDER BY 1"
HEARD = uuid.UUID("11111111-1111-4111-8111-111111111111")
UNDONE = Came(5, {"spoon": 9, "swab": 4})
BASKETS = [
    Came(1, {"foil": 3}, {"first": ["yes"]}),
    Came(2, {"spoon": 5, "citric": 20}, {"collecting": ["few"], "first": ["no"]}),
    Came(1, {}, {"collecting": ["rather_not"]}),
    Came(3, {"fixed-1ml-29g": 40, "swab": 10, "foil": 1}),
]
LOGS = [naloxone(1), reversal(2), strip_result("absent"), naloxone(3), strip_result("present"), incident(2)]


def missing(thing, reason="out"):
    def write(client):
        asked = {"key": str(uuid.uuid4()), "thing": thing, "reason": reason}
        assert client.post(reverse("hub:missing"), asked).status_code == 302

    return write


def idea(words):
    def write(client):
        with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)):
            token = make_token()
        assert client.post(reverse("hub:ideas"), {"words": words, "token": token}).status_code == 302

    return write


def me_too():
    def write(client):
        answer = client.post(reverse("hub:idea-me-too", args=[HEARD]), {"token": make_token()})
        assert answer.status_code == 302

    return write


def everything_a_visitor_does(client):
    """An evening of everything, one after another; the desk is open still."""
    opening = opened(client)
    asked = [
        idea("A hot shower"),
        me_too(),
        missing(f"item-{Item.objects.get(slug='foil').pk}"),
        missing(f"wish-{Wish.objects.get().pk}", "law"),
    ]
    for number, came in enumerate([UNDONE, *BASKETS]):
        assert log(client, opening, came) == "created"
        for write in [*LOGS, *asked][number * 2 : number * 2 + 2]:
            write(client)
    assert log(client, opening, UNDONE, void=True) == "undone"
    return opening


@pytest.fixture
def desk(sign_in):
    client = at_the_desk(sign_in, a_world())
    Wish.objects.create(name="Pipes")
    Idea.objects.create(pk=HEARD, words="A chair", state="heard")
    return client


def test_no_row_knows_its_transaction_after_closing(desk):
    """Rows written or locked by one transaction belong together: whoever groups by it has every basket."""
    start = storage.moment()
    opening = everything_a_visitor_does(desk)
    close(desk, opening)

    assert storage.tell_apart(start) == {}


def test_no_row_knows_its_transaction_though_desks_overlap(desk):
    """A van is out day and night: what the drop-in left is forgotten all the same, and the van loses nothing."""
    start = storage.moment()
    opening = everything_a_visitor_does(desk)
    van = Opening.objects.start(kind=Opening.Kind.OUTREACH, place="The van")
    on_the_van = Came(2, {"foil": 7})
    assert log(desk, van, on_the_van) == "created"
    close(desk, opening)

    assert storage.tell_apart(start) == {}
    assert [(visit.pk, visit.people) for visit in van.live_visits.all()] == [(on_the_van.id, 2)]


def test_late_visit_and_sheet_leave_no_transaction(desk):
    opening = everything_a_visitor_does(desk)
    close(desk, opening)
    start = storage.moment()

    assert log(desk, opening, Came(4, {"foil": 2, "citric": 6})) == "created"
    assert log(desk, opening, BASKETS[0], void=True) == "undone"
    sheet = PaperSheet(uuid.uuid4(), 2, 3, {Item.objects.get(slug="swab").pk: 9})
    assert sheet.add_to(opening)
    assert PendingRewrite.objects.exists()
    forget()

    assert storage.tell_apart(start) == {}


def test_what_waits_is_tried_again(desk):
    """Somebody works in a table at closing, and somebody else still reads what was there before."""
    opening = everything_a_visitor_does(desk)
    with storage.another_connection() as busy:
        busy.execute("LOCK TABLE hub_tally IN ROW SHARE MODE")
        opening.close()
        assert Opening.objects.rewrite_tables() is False
        assert PendingRewrite.objects.exists()
    with storage.another_connection() as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        counted = reader.execute("SELECT count(*) FROM supplies_outgoing").fetchone()
        assert Opening.objects.rewrite_tables() is False
        assert reader.execute("SELECT count(*) FROM supplies_outgoing").fetchone() == counted

    forget()

    assert not PendingRewrite.objects.exists()


def test_night_forgets_transactions_of_every_table(desk):
    """Feedback, requests to join, second steps and sessions promise no more than a day or a month."""
    start = storage.moment()
    session = a_session(a_course(), starts_at=timezone.now())
    for useful in (1, 4, 2):
        Feedback.objects.create(session=session, useful=useful)
        JoinRequest.objects.create(sealed="x" * 40, mark=f"mark {useful}", expires_at=timezone.now())
    desk.get("/today/")
    delete_daily(0)
    forget()

    assert {name for name in storage.tell_apart(start) if not any(part in name for part in AT_A_TIME)} == set()


def test_completed_month_leaves_no_transaction(sign_in):
    with time_machine.travel("2026-05-19 19:00 +0100", tick=False) as clock:
        desk = at_the_desk(sign_in, a_world())
        start = storage.moment()
        an_evening(desk, BASKETS, LOGS[:5])
        clock.move_to("2026-06-02 12:00 +0100")

        assert Month(dt.date(2026, 5, 1)).complete_month()

        given_out = "SELECT count(DISTINCT xmin::text), count(*) > 4 FROM supplies_movement WHERE kind = 'given_out'"
        assert storage.ask(given_out) == [(1, True)]
        forget()
        assert storage.tell_apart(start) == {}


def test_visits_are_counted_though_tables_are_rewritten(desk):
    """One desk closes again and again while another logs."""
    van = Opening.objects.start(kind=Opening.Kind.OUTREACH, place="The van")
    foil = Item.objects.get(slug="foil")

    def log_visits():
        for _visit in range(12):
            Visit.objects.log(VisitPayload(id=uuid.uuid4(), opening=van.pk, people=1, items={foil.pk: 1}, void=False))

    def rewrite():
        for _time in range(4):
            row_order.rewrite_desk_tables()

    assert at_once(log_visits, rewrite) == [None, None]

    assert van.live_visits.count() == 12
    assert Outgoing.objects.get(item=foil).quantity == 12


def test_rewriting_changes_no_row_and_no_rule(desk):
    everything_a_visitor_does(desk)
    before, rules = dumps.take(), storage.ask(RULES)

    row_order.rewrite_every_table()

    after = dumps.take()
    assert {name: Counter(table.rows) for name, table in after.tables.items()} == {
        name: Counter(table.rows) for name, table in before.tables.items()
    }
    assert after.sequences == before.sequences
    assert storage.ask(RULES) == rules
