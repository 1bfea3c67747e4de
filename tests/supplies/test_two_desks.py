"""Desks at once: real threads on real connections."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from supplies.models import CompletedMonth, Item, Movement, Outgoing
from tests.supplies.makers import APRIL, MAY, a_lot, an_item, on_hand
from tests.wait_for_server import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def next_year():
    return timezone.localdate() + dt.timedelta(days=365)


def at_once(*works):
    """Run these in threads that start together; their answers in order. What one raises is raised here."""
    ready = threading.Barrier(len(works))

    def start(work):
        try:
            ready.wait(timeout=PATIENCE)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=PATIENCE) for future in [pool.submit(start, work) for work in works]]


def test_desks_issuing_oppositely_share_no_lot():
    foil, spoon = an_item("Foil"), an_item("Spoon")
    lots = [a_lot(item, 30, number="A", expires_on=next_year()) for item in (foil, spoon)]

    def desk(*items):
        return [Item.objects.issue({item.pk: 1 for item in items}, month=MAY) for _ in range(25)]

    at_once(lambda: desk(foil, spoon), lambda: desk(spoon, foil))

    for item, lot in zip((foil, spoon), lots, strict=True):
        rows = dict(Outgoing.objects.filter(item=item).values_list("lot", "quantity"))
        assert rows == {lot.pk: 30, None: 20}
        assert on_hand(item) == -20


def test_200_issues_use_up_one_lot():
    spoon = an_item("Spoon")
    lot = a_lot(spoon, 150, number="A", expires_on=next_year())

    def desk():
        return [Item.objects.issue({spoon.pk: 1}, month=MAY) for _ in range(5)]

    answers = at_once(*[desk] * 40)

    assert sum(line.quantity for lines in answers for issued in lines for line in issued) == 200
    assert dict(Outgoing.objects.values_list("lot", "quantity")) == {lot.pk: 150, None: 50}
    assert on_hand(spoon) == -50


def test_issue_and_undo_at_once_balance():
    foil, spoon = an_item("Foil"), an_item("Spoon")
    issued = [Item.objects.issue({foil.pk: 1, spoon.pk: 1}, month=MAY) for _ in range(20)]

    def give():
        for _ in range(20):
            Item.objects.issue({spoon.pk: 2, foil.pk: 2}, month=MAY)

    def undo():
        for lines in issued:
            Item.objects.take_back(reversed(lines), month=MAY)

    at_once(give, undo)

    assert dict(Outgoing.objects.values_list("item__name", "quantity")) == {"Foil": 40, "Spoon": 40}


def test_issue_waits_for_a_seal_and_then_corrects():
    spoon = an_item("Spoon")
    Item.objects.issue({spoon.pk: 3}, month=APRIL)
    sealing = threading.Event()

    def seal():
        with transaction.atomic():
            Item.objects.complete_month(APRIL)
            sealing.set()
            # Holds its locks until the other has surely come to wait for them.
            _until_somebody_waits()

    def issue():
        assert sealing.wait(timeout=PATIENCE)
        Item.objects.issue({spoon.pk: 2}, month=APRIL)

    at_once(seal, issue)

    assert sorted(Movement.objects.values_list("quantity", flat=True)) == [-3, -2]
    assert Outgoing.objects.count() == 0
    assert on_hand(spoon) == -5


def test_two_seals_at_once_write_each_row_once():
    spoon = an_item("Spoon")
    Item.objects.issue({spoon.pk: 3}, month=APRIL)

    answers = at_once(*[lambda: Item.objects.complete_month(APRIL)] * 2)

    assert sorted(answers) == [False, True]
    assert Movement.objects.get().quantity == -3
    assert CompletedMonth.objects.count() == 1


def test_checking_a_foreign_key_waits_for_no_desk():
    """A visit's lines name items another desk has locked; waiting for it would make deadlocks."""
    spoon = an_item("Spoon")

    def hold_shared():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("SELECT FROM supplies_item WHERE id = %s FOR KEY SHARE", [spoon.pk])

    with transaction.atomic():
        Item.objects.issue({spoon.pk: 1}, month=MAY)
        at_once(hold_shared)


def _until_somebody_waits():
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came to wait")
