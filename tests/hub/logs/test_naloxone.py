"""Naloxone given: a log of its own, one write, the shelf goes down; undone, it comes back."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from hub.models import Choice, NaloxoneGiven, Tally, Visit
from supplies.models import Item, Movement, Outgoing
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, TODAY, a_lot, an_item, on_hand
from tests.volunteers.threads import Meanwhile, at_once


@pytest.fixture
def nyxoid(db):
    return an_item("Nyxoid", naloxone=True)


@pytest.fixture
def lists(db):
    Choice.objects.lay_out()


def a_choice(of):
    return Choice.objects.filter(of=of).first()


def test_giving_naloxone_adds_row_and_lowers_stock(clock, nyxoid, lists):
    lot = a_lot(nyxoid, 5, number="N1", expires_on=NEXT_YEAR)
    why, who = a_choice("why_again"), a_choice("recipient")

    (row,) = NaloxoneGiven.objects.give(nyxoid, 2, month=MAY, again=True, why_again=why, trained=True, recipient=who)

    row.refresh_from_db()
    assert (row.product, row.lot, row.kits, row.month) == (nyxoid, lot, 2, MAY)
    assert (row.again, row.why_again, row.trained, row.recipient) == (True, why, True, who)
    assert on_hand(nyxoid) == 3
    assert not Visit.objects.exists()
    assert not Tally.objects.exists()


def test_unasked_answer_is_empty_instead_of_no(clock, nyxoid):
    (row,) = NaloxoneGiven.objects.give(nyxoid, 1, month=MAY)

    assert (row.again, row.why_again, row.trained, row.recipient) == (None, None, None, None)


def test_a_reason_without_again_is_left_out(clock, nyxoid, lists):
    (row,) = NaloxoneGiven.objects.give(nyxoid, 1, month=MAY, again=False, why_again=a_choice("why_again"))

    assert row.why_again is None


def test_kits_of_two_lots_are_two_rows(clock, nyxoid):
    first = a_lot(nyxoid, 1, number="N1", expires_on=NEXT_YEAR)
    second = a_lot(nyxoid, 1, number="N2", expires_on=NEXT_YEAR + dt.timedelta(days=9))

    rows = NaloxoneGiven.objects.give(nyxoid, 4, month=MAY)

    assert [(row.lot, row.kits) for row in rows] == [(first, 1), (second, 1), (None, 2)]
    assert on_hand(nyxoid) == -2
    assert NaloxoneGiven.objects.count_kits_by_product() == [("Nyxoid", 4)]


def test_the_same_tap_twice_counts_once(clock, nyxoid):
    tap = uuid.uuid4()

    assert len(NaloxoneGiven.objects.give(nyxoid, 1, month=MAY, id=tap)) == 1
    assert NaloxoneGiven.objects.give(nyxoid, 1, month=MAY, id=tap) == []

    assert NaloxoneGiven.objects.count() == 1
    assert on_hand(nyxoid) == -1


@pytest.mark.django_db(transaction=True)
def test_the_same_tap_twice_at_once_counts_once():
    nyxoid, tap = an_item("Nyxoid", naloxone=True), uuid.uuid4()

    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False):
        rows = at_once(*[lambda: NaloxoneGiven.objects.give(nyxoid, 1, month=MAY, id=tap)] * 4)

    assert sorted(map(len, rows)) == [0, 0, 0, 1]
    assert on_hand(nyxoid) == -1


def test_removed_kits_return_to_their_lots(clock, nyxoid):
    lot = a_lot(nyxoid, 1, number="N1", expires_on=NEXT_YEAR)
    rows = NaloxoneGiven.objects.give(nyxoid, 3, month=MAY)
    kept = NaloxoneGiven.objects.give(nyxoid, 1, month=MAY)

    assert NaloxoneGiven.objects.take_out([row.pk for row in rows]) == 2
    assert NaloxoneGiven.objects.take_out([row.pk for row in rows]) == 0

    assert [*NaloxoneGiven.objects.all()] == kept
    assert {*Outgoing.objects.values_list("lot", "quantity")} == {(None, 1)}
    assert on_hand(nyxoid) == 0
    assert lot.number == "N1"


@pytest.mark.django_db(transaction=True)
def test_removing_twice_at_once_returns_kits_once():
    nyxoid = an_item("Nyxoid", naloxone=True)
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False):
        (row,) = NaloxoneGiven.objects.give(nyxoid, 3, month=MAY)

        gone = at_once(*[lambda: NaloxoneGiven.objects.take_out([row.pk])] * 3)

    assert sorted(gone) == [0, 0, 1]
    assert on_hand(nyxoid) == 0


@pytest.mark.django_db(transaction=True)
def test_giving_waits_for_month_completion():
    nyxoid = an_item("Nyxoid", naloxone=True)
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False):
        with transaction.atomic():
            Item.objects.complete_month(APRIL)
            giving = Meanwhile(lambda: NaloxoneGiven.objects.give(nyxoid, 1, month=APRIL))
            assert not NaloxoneGiven.objects.exists()

        assert len(giving.answer) == 1
    assert Movement.objects.get(kind="given_out").quantity == -1


@pytest.mark.parametrize("kits", [0, -1, 51])
def test_impossible_number_of_kits_is_refused(clock, nyxoid, kits):
    with pytest.raises(ValidationError, match="from 1 to 50"):
        NaloxoneGiven.objects.give(nyxoid, kits, month=MAY)

    assert on_hand(nyxoid) == 0


@pytest.mark.parametrize("month", [dt.date(2026, 6, 1), dt.date(2026, 5, 2)])
def test_future_month_or_day_is_refused(clock, nyxoid, month):
    with pytest.raises(ValidationError, match="Choose another"):
        NaloxoneGiven.objects.give(nyxoid, 1, month=month)


def test_item_that_is_no_naloxone_is_refused(clock):
    spoon = an_item("Spoon")

    with pytest.raises(ValidationError, match="its own log"):
        NaloxoneGiven.objects.give(spoon, 1, month=MAY)

    assert on_hand(spoon) == 0
    assert not NaloxoneGiven.objects.exists()


def test_database_takes_only_naloxone_and_its_lots(clock, nyxoid):
    spoon = an_item("Spoon")

    with pytest.raises(IntegrityError, match="naloxone only"), transaction.atomic():
        NaloxoneGiven.objects.create(month=MAY, product=spoon, kits=1)
    with pytest.raises(IntegrityError, match="of another item"), transaction.atomic():
        NaloxoneGiven.objects.create(month=MAY, product=nyxoid, lot=a_lot(spoon, number="A"), kits=1)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"month": TODAY}, "naloxonegiven_by_month"),
        ({"kits": 0}, "naloxonegiven_kits_in_range"),
        ({"kits": 51}, "naloxonegiven_kits_in_range"),
        ({"again": False, "why_again": True}, "naloxonegiven_reason_only_again"),
        ({"why_again": True}, "naloxonegiven_reason_only_again"),
        ({"recipient": "why_again"}, "of another list"),
    ],
)
def test_the_database_keeps_the_rules_of_the_log(clock, nyxoid, lists, wrong, rule):
    if "why_again" in wrong:
        wrong = wrong | {"why_again": a_choice("why_again")}
    if "recipient" in wrong:
        wrong = wrong | {"recipient": a_choice(wrong["recipient"])}

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        NaloxoneGiven.objects.create(**{"month": MAY, "product": nyxoid, "kits": 1} | wrong)


def test_naloxone_log_has_no_joinable_column(db):
    with connection.cursor() as cursor:
        columns = {
            table: {c.name for c in connection.introspection.get_table_description(cursor, table)}
            for table in ("hub_naloxonegiven", "hub_reversal", "hub_stripresult")
        }

    assert columns == {
        "hub_naloxonegiven": {
            "id", "month", "product_id", "lot_id", "kits", "again", "why_again_id", "trained", "recipient_id",
        },
        "hub_reversal": {"id", "month", "place_id", "doses", "called_999", "outcome_id"},
        "hub_stripresult": {"id", "month", "sold_as_id", "strip_id", "lot_id", "line"},
    }  # fmt: skip
    assert Item.objects.count() == 0
