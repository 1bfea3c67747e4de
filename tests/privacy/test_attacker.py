"""Somebody who holds the whole database server after an evening: its system columns, counters, samples and files.

The evening is a real one: the real web server, and two devices that talk to it.
"""

import uuid

import pytest
from django.urls import reverse

from hub.core.periods import opening_month
from hub.jobs import rewrite_tables
from hub.models import Choice, Opening, Strip
from supplies.models import Item, Wish
from tests.privacy import dumps, storage
from tests.privacy.devices import Device, a_real_server
from tests.privacy.evenings import Came, a_world, forget
from volunteers.models import User
from volunteers.shared.registries import row_order

pytestmark = pytest.mark.django_db(transaction=True)

UNDONE = {"people": 6, "items": {"spoon": 11, "swab": 13}}
BASKETS = [
    (1, {"foil": 3}, {"first": ["yes"]}),
    (2, {"spoon": 5, "citric": 20}, {"collecting": ["few"], "first": ["no"]}),
    (1, {}, {"collecting": ["rather_not"]}),
    (3, {"fixed-1ml-29g": 40, "swab": 10, "foil": 1}, {}),
]


def naloxone():
    nyxoid = Item.objects.get(slug="nyxoid")
    return reverse("hub:naloxone"), {"product": nyxoid.pk, "kits": 2, "first": "first"}


def reversal():
    return reverse("hub:reversals"), {"doses": 1}


def strip_result():
    return reverse("hub:strip-result", args=[Strip.objects.get(name="Nitazene strip").pk]), {"line": "absent"}


def incident():
    needs = [need.pk for need in Choice.objects.offered("need")[:2]]
    return reverse("hub:incidents"), {"kind": Choice.objects.offered("incident")[0].pk, "needs": needs}


def not_there():
    return reverse("hub:missing"), {"thing": f"item-{Item.objects.get(slug='foil').pk}", "reason": "out"}


def never_there():
    return reverse("hub:missing"), {"thing": f"wish-{Wish.objects.get().pk}", "reason": "law"}


LOGS = [naloxone, reversal, strip_result, incident, not_there, never_there]


def evening(sign_in, baskets, logs):
    """A new world and an evening in it, by two devices in turn; the ids of its visits, and when it began."""
    a_world()
    Wish.objects.create(name="Pipes")
    people = [User.objects.get(username="ash"), User.objects.create_user("bo", chosen_name="Bo", roles=["volunteer"])]
    with a_real_server() as (port, _process):
        opener, _other = phones = [Device(port, sign_in, person) for person in people]
        start, sequences = storage.moment(), dumps.take().sequences
        assert opener.post(reverse("hub:desk-open"), {}) == 302
        opening = Opening.objects.current()
        undone = Came(**UNDONE)
        assert opener.send(opening, undone) == 200
        came = [Came(people, items, said) for people, items, said in baskets]
        for number, visit in enumerate(came):
            assert phones[number % 2].send(opening, visit) == 200
            for address, about in [log() for log in logs[2 * number : 2 * number + 2]]:
                sent = {"id": uuid.uuid4(), "key": uuid.uuid4(), "month": opening_month().isoformat()} | about
                assert phones[number % 2].post(address, sent) == 302
        assert opener.send(opening, undone, void=True) == 200
        closing = {"note": "The kettle is broken.", "bins-small-full": "2"}
        assert opener.post(reverse("hub:desk-close", args=[opening.pk]), closing) == 302
        forget()
    return start, sequences, [undone.id, *(visit.id for visit in came)]


def desk_tables():
    return [table.table for table in row_order.find_desk_tables()]


def test_attacker_finds_no_visit_in_whole_server(sign_in):
    start, sequences, ids = evening(sign_in, BASKETS, LOGS)
    # The server is away, and has told PostgreSQL the last it counted; the worker comes by.
    rewrite_tables(0)

    tables = "SELECT relname FROM pg_stat_user_tables WHERE relname = ANY (%s)"
    assert storage.ask(f"{tables} AND n_tup_ins + n_tup_upd + n_tup_del > 0", desk_tables()) == []
    assert storage.ask(f"{tables} AND coalesce(last_seq_scan, last_idx_scan) IS NOT NULL", desk_tables()) == []
    indexes = "SELECT indexrelname FROM pg_stat_user_indexes WHERE relname = ANY (%s) AND last_idx_scan IS NOT NULL"
    assert storage.ask(indexes, desk_tables()) == []
    assert storage.ask("SELECT query FROM pg_stat_activity WHERE query <> ''") == []
    registered = [table.table for table in row_order.find_registered()]
    assert storage.ask("SELECT tablename, attname FROM pg_stats WHERE tablename = ANY (%s)", registered) == []

    baskets = "SELECT xmin::text, array_agg(item_id ORDER BY item_id) FROM supplies_outgoing GROUP BY 1"
    assert len(storage.ask(baskets)) == 1
    assert storage.tell_apart(start) == {}
    moved = {name for name, at in dumps.take().sequences.items() if at != sequences[name]}
    assert moved == {"hub_opening_id_seq", "hub_handover_id_seq"}

    for table in desk_tables():
        rows = storage.raw_rows(table)
        assert len({row.xmin for row in rows}) <= 1, table
        assert {row.xmax for row in rows} <= {0}, table
        assert all(row.by_itself for row in rows), table
        assert [(len(rows),)] == storage.ask(f"SELECT count(*) FROM {table}"), table  # noqa: S608 -- our own names
    for visit in ids:
        assert storage.files_with(visit.bytes) == {"hub_seenvisit", "hub_seenvisit_pkey"}


def test_evenings_in_another_order_leave_same_bytes(sign_in):
    """But for random ids, by which most tables are sorted; `tests/privacy/test_order.py` has those that are not."""
    seen = []
    for baskets, logs in ((BASKETS, LOGS), (BASKETS[::-1], LOGS[::-1])):
        evening(sign_in, baskets, logs)
        ids = storage.random_ids()
        seen.append({table: sorted(_without(ids, row) for row in storage.raw_rows(table)) for table in desk_tables()})

    assert {table for table in seen[0] if seen[0][table] != seen[1][table]} == set()


def _without(ids, row):
    content = row.content
    for value in ids:
        content = content.replace(value, b"?" * 16)
    return content
