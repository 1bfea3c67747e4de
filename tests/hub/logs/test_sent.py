"""Entries a device kept: each written once in its month, undone in any order, and never beside another.

Tries hub/logs/views/sent.py and hub/logs/models/seen_entries.py.
"""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from hub.models import Choice, Incident, NaloxoneGiven, Reversal, SeenEntry, Strip, StripResult
from supplies.models import Item
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, a_lot, an_item, on_hand
from tests.volunteers.threads import at_once

NOW = "2026-05-20 18:30 +0100"
KINDS = ("naloxone", "reversal", "strip")
MODELS = {"naloxone": NaloxoneGiven, "reversal": Reversal, "strip": StripResult, "incident": Incident}
GONE = ": that answer is not on our list any more."
PAGES = {"naloxone": "hub:naloxone", "reversal": "hub:reversals", "incident": "hub:incidents"}


@pytest.fixture
def fields(db):
    """What each form holds at first, and one field of it that says something else."""
    Choice.objects.lay_out()
    nyxoid = an_item("Nyxoid", naloxone=True)
    for number in (1, 2):
        a_lot(nyxoid, 1, number=f"N{number}", expires_on=NEXT_YEAR + dt.timedelta(days=number))
    strip = Strip.objects.create(name="Nitazene strip", limits="Misses some.")
    kind = str(Choice.objects.offered(Choice.Of.INCIDENT)[0].pk)
    return {
        "naloxone": ({"product": str(nyxoid.pk), "kits": "3", "first": "again"}, {"kits": "2"}),
        "reversal": ({"doses": "2", "called_999": "yes"}, {"called_999": "no"}),
        "strip": ({"strip": str(strip.pk), "line": "absent"}, {"line": "present"}),
        "incident": ({"kind": kind}, {"first_aid": "on"}),
    }


@pytest.fixture
def send(client, volunteer, sign_in, fields):
    """Send what a device kept: `send("naloxone", void=True)`; the status, and what became of it."""
    sign_in(client, volunteer)

    def send(kind, /, **about):
        said = {"id": str(uuid.uuid4()), "kind": kind, "month": "2026-05-01", "fields": fields[kind][0]} | about
        answer = client.post(reverse("hub:log-sent"), said, content_type="application/json")
        return answer.status_code, answer.json()["results"][str(said["id"])]

    with time_machine.travel(NOW, tick=False):
        yield send


def count(kind):
    return MODELS[kind].objects.count()


@pytest.mark.parametrize("kind", KINDS)
def test_kept_entry_is_written_once_in_its_month(send, kind):
    key = str(uuid.uuid4())

    assert [send(kind, id=key, month="2026-04-01") for _time in range(2)] == [(200, {"status": "created"})] * 2
    assert send(kind) == (200, {"status": "created"})

    rows = {"naloxone": 3 + 1}.get(kind, 2)  # three lots: two of one kit, and none left
    assert count(kind) == rows
    assert {*MODELS[kind].objects.values_list("month", flat=True)} == {APRIL, MAY}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", [(False, True), (True, False), (False, True, True, False)])
def test_undone_entry_is_never_written_in_any_order(send, kind, order):
    key = str(uuid.uuid4())

    assert [send(kind, id=key, void=void)[0] for void in order] == [200] * len(order)

    assert count(kind) == 0
    assert on_hand(Item.objects.get(naloxone=True)) == 2
    assert {*SeenEntry.objects.values_list("undone", flat=True)} == {True}


@pytest.mark.parametrize("kind", KINDS)
def test_other_content_under_a_key_shows_both(send, fields, kind):
    key = str(uuid.uuid4())
    send(kind, id=key)
    before = [*MODELS[kind].objects.values().order_by("pk")]

    status, result = send(kind, id=key, fields=fields[kind][0] | fields[kind][1])

    assert (status, result["status"]) == (409, "refused")
    kept, sent = (version.split(": ", 1)[1].rstrip(".").split(" · ") for version in result["versions"])
    assert len({*kept} ^ {*sent}) == 2  # one line, in two versions
    assert [*MODELS[kind].objects.values().order_by("pk")] == before


@pytest.mark.parametrize("kind", PAGES)
def test_form_with_used_key_shows_both_versions(send, client, fields, kind):
    page, (first, other) = reverse(PAGES[kind]), fields[kind]
    sent = {"id": str(uuid.uuid4()), "month": "2026-05-01", "kits": "1"} | first
    assert [client.post(page, sent).status_code for _time in range(2)] == [302, 302]
    before = [*MODELS[kind].objects.values().order_by("pk")]
    client.get(page)  # shows the messages of those two

    answer = client.post(page, sent | other)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Written down: Month: May 2026" in text
    assert "Sent now: Month: May 2026" in text
    assert "Written down." not in text
    assert [*MODELS[kind].objects.values().order_by("pk")] == before
    again = answer.context["form"]
    assert again["id"].value() != sent["id"]
    assert client.post(page, sent | other | {"id": again["id"].value()}).status_code == 302
    assert count(kind) > len(before)


def test_form_undone_and_sent_again_says_so(send, client, fields):
    page = reverse("hub:reversals")
    sent = {"id": str(uuid.uuid4()), "month": "2026-05-01"}
    client.post(page, sent)
    client.post(reverse("hub:log-undo"))

    answer = client.post(page, sent)

    assert answer.status_code == 409
    assert "This was undone before. Nothing was written down." in answer.content.decode()
    assert not Reversal.objects.exists()


@pytest.mark.parametrize("month", ["2026-06-01", "2026-03-01", "2025-05-01", "2027-05-01"])
@pytest.mark.parametrize("kind", KINDS)
def test_month_of_a_wrong_clock_is_asked_again(send, kind, month):
    assert send(kind, month=month) == (
        409,
        {"status": "later", "why": "That is not this month. Check the date on this device."},
    )
    assert count(kind) == 0


@pytest.mark.parametrize(
    ("kind", "wrong", "why"),
    [
        ("naloxone", {"id": "x"}, "Enter a valid UUID."),
        ("naloxone", {"fields": []}, "We could not read that. Nothing was changed."),
        ("naloxone", {"fields": {"kits": {}}}, "We could not read that. Nothing was changed."),
        ("naloxone", {"fields": {}}, "Which: Choose which kind."),
        ("naloxone", {"fields": {"product": "999999"}}, f"Which{GONE} Nothing was written down."),
        ("naloxone", {"month": "tonight"}, "We could not read that. Nothing was changed."),
        ("strip", {"fields": {"strip": "x"}}, "That is not on our list any more. Load the page"),
        ("strip", {"kind": "visit"}, "We could not read that. Nothing was changed."),
    ],
)  # fmt: skip
def test_invalid_entry_is_refused_with_reason(send, kind, wrong, why):
    status, result = send(kind, **wrong)

    assert (status, result["status"]) == (422, "refused")
    assert result["why"].startswith(why)
    assert count(kind) == 0


def test_undoing_in_a_completed_month_is_refused(send):
    key = str(uuid.uuid4())
    send("reversal", id=key, month="2026-04-01")
    Reversal.objects.rewrite_month(APRIL)

    status, result = send("reversal", id=key, month="2026-04-01", void=True)

    assert (status, result["status"]) == (422, "refused")
    assert "complete" in result["why"]
    assert count("reversal") == 1
    # And nothing was remembered of the try.
    assert not SeenEntry.objects.get().undone


def test_key_says_nothing_and_goes_in_time(send):
    send("reversal", month="2026-04-01")

    SeenEntry.objects.forget_old(dt.date(2026, 5, 31))
    assert {*SeenEntry.objects.values().get()} == {"id", "month", "undone"}
    SeenEntry.objects.forget_old(dt.date(2026, 6, 1))
    assert not SeenEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_entry_and_its_undoing_at_once_leave_nothing():
    with time_machine.travel(NOW, tick=False):
        for _round in range(5):
            key = uuid.uuid4()

            def write(key=key):
                Reversal.objects.report(id=key, month=MAY)

            def undo(key=key):
                Reversal.objects.take_back(key, MAY)

            at_once(write, undo)
            assert not Reversal.objects.exists()
