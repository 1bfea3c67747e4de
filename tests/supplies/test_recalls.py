"""Setting a lot aside, and recalling it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from supplies.models import Item, Lot, Movement, Recall
from supplies.models.recalls import WentOut, list_affected_lots, list_given_out
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, TODAY, a_kit, a_lot, an_item, here

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def bad(spoon, store, bag):
    """A lot in two places, some of which has gone out in two months."""
    lot = a_lot(spoon, 50, number="BAD", expires_on=NEXT_YEAR)
    Item.objects.move_stock({spoon.pk: 10}, source=store, destination=bag)
    Item.objects.issue({spoon.pk: 7}, month=APRIL)
    Item.objects.complete_month(APRIL)
    Item.objects.issue({spoon.pk: 3}, month=MAY, store=bag)
    return lot


def test_quarantine_stops_issues_until_release(spoon, store):
    lot = a_lot(spoon, 5, number="A")

    lot.set_aside()
    assert Item.objects.issue({spoon.pk: 1}, month=MAY)[0].lot_id is None
    lot.release()
    assert Item.objects.issue({spoon.pk: 1}, month=MAY)[0].lot_id == lot.pk


def test_setting_aside_again_keeps_the_first_day(spoon):
    lot = a_lot(spoon, 5, number="A", quarantined_since=MAY)

    lot.set_aside()

    lot.refresh_from_db()
    assert lot.quarantined_since == MAY


def test_recall_empties_every_store_at_once(spoon, store, bag, bad, somebody):
    a_lot(spoon, 5, number="fine")

    recall = Recall.objects.pull(bad, reason="Maker's notice", by=somebody)

    assert here(spoon) == {"fine": 5}
    bad.refresh_from_db()
    assert bad.quarantined_since == TODAY
    assert {(row.store_id, row.quantity) for row in recall.list_pulled()} == {(store.pk, 33), (bag.pk, 7)}
    assert {(row.kind, row.by, row.reason) for row in Movement.objects.filter(act=recall.act)} == {
        ("wasted", somebody, "Recalled")
    }


def test_recall_shows_months_and_nothing_finer(bad):
    assert list_given_out([bad]) == [WentOut(bad, MAY, 3), WentOut(bad, APRIL, 7)]


def test_recalling_twice_is_once(bad):
    first = Recall.objects.pull(bad, reason="Maker's notice")

    assert Recall.objects.pull(bad, reason="Again") == first

    assert (Recall.objects.count(), first.reason) == (1, "Maker's notice")


def test_a_recall_finds_the_packs_it_is_in(spoon, bad):
    swab = an_item("Swab")
    a_lot(swab, 50, number="W")
    pack = a_kit(of=[(spoon, 2), (swab, 1)])
    lot_made = pack.assemble(5)
    other = a_kit("Other", of=[(swab, 1)]).assemble(1)
    Item.objects.issue({pack.pk: 2}, month=MAY)

    recall = Recall.objects.pull(bad, reason="Maker's notice")

    assert list_affected_lots(bad) == [bad, lot_made]
    assert here(pack) == here(spoon) == {}
    assert WentOut(lot_made, MAY, 2) in list_given_out(list_affected_lots(bad))
    lot_made.refresh_from_db()
    other.refresh_from_db()
    assert (lot_made.quarantined_since, other.quarantined_since) == (TODAY, None)
    assert {row.quantity for row in recall.list_pulled()} == {3, 7, 23}


def test_found_packs_of_recalled_parts_are_recalled(spoon, bad):
    pack = a_kit(of=[(spoon, 2)])
    lot_made = pack.assemble(5)
    pack.take_apart(5, lot=lot_made)
    pack.count(1, lot=lot_made)

    recall = Recall.objects.pull(bad, reason="Maker's notice")

    assert list_affected_lots(bad) == [bad, lot_made]
    assert here(pack) == {}
    assert sum(row.quantity for row in recall.list_pulled() if row.lot_id == lot_made.pk) == 1


def test_packs_found_after_recall_stay_in(spoon, bad):
    pack = a_kit(of=[(spoon, 2)])
    lot_made = pack.assemble(5)
    pack.take_apart(5, lot=lot_made)
    Recall.objects.pull(bad, reason="Maker's notice")
    pack.count(1, lot=lot_made)

    assert Item.objects.issue({pack.pk: 1}, month=MAY)[0].lot_id is None


def test_undoing_recall_returns_everything(spoon, store, bag, bad, another):
    pack = a_kit(of=[(spoon, 2)])
    lot_made = pack.assemble(5)
    before = (here(spoon, store), here(spoon, bag), here(pack))
    recall = Recall.objects.pull(bad, reason="Maker's notice")

    recall.undo(by=another)

    assert (here(spoon, store), here(spoon, bag), here(pack)) == before
    for lot in (bad, lot_made):
        lot.refresh_from_db()
        assert lot.quarantined_since is None
    assert recall.ended_on == TODAY
    assert Movement.objects.filter(undoes__act=recall.act, by=another).count() == 3


def test_undoing_twice_is_once(spoon, bad):
    recall = Recall.objects.pull(bad, reason="Maker's notice")
    recall.undo()
    recall.undo()

    assert here(spoon) == {"BAD": 40}


def test_what_was_aside_before_stays_aside(bad):
    bad.set_aside()
    recall = Recall.objects.pull(bad, reason="Maker's notice")

    recall.undo()

    bad.refresh_from_db()
    assert bad.quarantined_since == TODAY


def test_pack_of_another_recall_stays_quarantined(spoon, bad):
    swab = an_item("Swab")
    also_bad = a_lot(swab, 50, number="W")
    lot_made = a_kit(of=[(spoon, 2), (swab, 1)]).assemble(5)
    first = Recall.objects.pull(bad, reason="Maker's notice")
    Recall.objects.pull(also_bad, reason="Another notice")

    first.undo()

    lot_made.refresh_from_db()
    assert lot_made.quarantined_since == TODAY


def test_recalled_lot_is_released_only_by_undo(bad):
    Recall.objects.pull(bad, reason="Maker's notice")

    with pytest.raises(ValidationError, match="It is recalled"):
        bad.release()
    with pytest.raises(IntegrityError, match="lot is recalled"), transaction.atomic():
        Lot.objects.filter(pk=bad.pk).update(quarantined_since=None)

    bad.refresh_from_db()
    assert bad.quarantined_since == TODAY


def test_lot_can_be_recalled_again_after_undo(spoon, bad):
    Recall.objects.pull(bad, reason="Maker's notice").undo()

    Recall.objects.pull(bad, reason="It was true")

    assert here(spoon) == {}


def test_recall_leaves_negative_stock_to_count(spoon, store, bag):
    lot = a_lot(spoon, 5, number="A")
    Movement.objects.create(kind="counted", item=spoon, lot=lot, store=bag, quantity=-2, made_on=TODAY)

    Recall.objects.pull(lot, reason="Maker's notice")

    assert (here(spoon, store), here(spoon, bag)) == ({}, {"A": -2})


def test_a_recall_keeps_nothing_about_who_had_it(bad):
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'supplies_recall'")
        assert {name for (name,) in cursor.fetchall()} == {
            "id",
            "lot_id",
            "reason",
            "made_on",
            "by_id",
            "act",
            "set_aside",
            "ended_on",
        }


def test_database_keeps_one_recall_per_lot(bad):
    Recall.objects.pull(bad, reason="Maker's notice")
    for about in ({"lot": bad, "reason": "again"}, {"lot": a_lot(an_item("Foil")), "reason": ""}):
        with pytest.raises(IntegrityError, match="recall_"), transaction.atomic():
            Recall.objects.create(act="00000000-0000-4000-8000-000000000000", **about)


def test_lots_by_name_and_state(spoon):
    a_lot(spoon, number="AB12")
    a_lot(an_item("Foil"), number="CD34", quarantined_since=TODAY)

    def numbers(lots):
        return sorted(lots.values_list("number", flat=True))

    assert numbers(Lot.objects.named("ab1")) == ["AB12"]
    assert numbers(Lot.objects.named("foil 34")) == ["CD34"]
    assert numbers(Lot.objects.named("spoon 34")) == []
    assert numbers(Lot.objects.set_aside()) == ["CD34"]
