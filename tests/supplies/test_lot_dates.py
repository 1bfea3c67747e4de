"""A wrong use-by date is put right in one step, and the ledger tells both dates and why (models/lots.py)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import strip_tags

from supplies.models import Item, Lot, Movement, Recall
from supplies.models.recalls import list_affected_lots
from tests.supplies.makers import MAY, NEXT_YEAR, TODAY, a_kit, a_lot, an_item, here, on_hand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

WRONG = TODAY - dt.timedelta(days=1)


@pytest.fixture
def spoon(store):
    return an_item(tracks_expiry=True)


@pytest.fixture
def keeper(client, somebody, sign_in, let):
    let("supplies.view_item", "supplies.receive_delivery", "supplies.move_stock")
    sign_in(client, somebody)
    return client


def at(lot):
    return reverse("supplies:lot-date", args=[lot.pk])


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(main.replace("<", " <")).split())


def test_date_is_put_right_with_its_reason(keeper, spoon, store, bag, somebody):
    lot = a_lot(spoon, 30, number="A", expires_on=WRONG)
    Movement.objects.create(kind="received", item=spoon, lot=lot, store=bag, quantity=10, made_on=TODAY)

    answer = keeper.post(at(lot), {"expires_on": "2027-05-20", "reason": "typed 2026 for 2027"}, follow=True)

    right = Lot.objects.get(expires_on=NEXT_YEAR)
    assert answer.redirect_chain == [(reverse("supplies:lot", args=[right.pk]), 302)]
    assert (right.number, here(spoon), on_hand(spoon)) == ("A", {"A": 40}, 40)
    assert Lot.objects.with_on_hand().get(pk=lot.pk).on_hand == 0
    assert (here(spoon, store), here(spoon, bag)) == ({"A": 30}, {"A": 10})
    assert {(row.kind, row.by) for row in Movement.objects.filter(lot=right)} == {("moved", somebody)}
    ledger = words(keeper.get(reverse("supplies:item", args=[spoon.slug])))
    assert "use by 19 May 2026 was wrong, it is 20 May 2027: typed 2026 for 2027" in ledger


def test_date_put_right_lets_it_go_out(keeper, spoon, store):
    lot = a_lot(spoon, 40, number="A", expires_on=WRONG)
    lot.correct_date(NEXT_YEAR, reason="misread")
    (issued,) = Item.objects.issue({spoon.pk: 3}, month=MAY)

    assert issued.lot_id == Lot.objects.get(expires_on=NEXT_YEAR).pk


def test_date_put_right_can_be_undone(keeper, spoon):
    lot = a_lot(spoon, 40, number="A", expires_on=WRONG)
    lot.correct_date(NEXT_YEAR, reason="misread")
    act = Movement.objects.filter(kind="moved").first().act

    assert Movement.objects.undo(act)
    assert Lot.objects.with_on_hand().get(pk=lot.pk).on_hand == 40


def test_lot_with_right_date_takes_it_in(spoon):
    lot, there = a_lot(spoon, 4, number="A", expires_on=WRONG), a_lot(spoon, 5, number="A", expires_on=NEXT_YEAR)

    assert lot.correct_date(NEXT_YEAR, reason="misread") == there
    assert Lot.objects.with_on_hand().get(pk=there.pk).on_hand == 9


def test_what_is_set_aside_stays_so(spoon):
    lot = a_lot(spoon, 4, number="A", expires_on=WRONG, quarantined_since=TODAY)

    assert lot.correct_date(NEXT_YEAR, reason="misread").quarantined_since == TODAY
    other = a_lot(spoon, 4, number="B", expires_on=WRONG)
    a_lot(spoon, 4, number="B", expires_on=NEXT_YEAR, quarantined_since=TODAY)
    with pytest.raises(ValidationError, match="one of the two is set aside"):
        other.correct_date(NEXT_YEAR, reason="misread")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"expires_on": "2026-05-19", "reason": "x"}, "It already has that date. Copy the date on the box."),
        ({"expires_on": "2207-05-20", "reason": "x"}, "That is in 2207. Check the year: a digit may have slipped."),
        ({"expires_on": "0207-05-20", "reason": "x"}, "That was in 207. Check the year: a digit may have slipped."),
        ({"expires_on": "", "reason": "x"}, "This field is required."),
        ({"expires_on": "2027-05-20", "reason": " "}, "This field is required."),
    ],
)
def test_likely_mistake_is_named_and_nothing_lost(keeper, spoon, typed, said):
    lot = a_lot(spoon, 40, number="A", expires_on=WRONG)

    answer = keeper.post(at(lot), typed)

    assert answer.status_code == 422
    assert said in words(answer)
    assert f'value="{typed["expires_on"]}"' in answer.content.decode() or not typed["expires_on"]
    assert Lot.objects.count() == 1


def test_gone_or_recalled_lot_keeps_its_date(keeper, spoon):
    lot = a_lot(spoon, 0, number="A", expires_on=WRONG)
    assert "None of it is here any more" in words(keeper.post(at(lot), {"expires_on": "2027-05-20", "reason": "x"}))
    lot = a_lot(spoon, 5, number="B", expires_on=WRONG)
    Recall.objects.pull(lot, reason="The maker says so")

    assert "It is recalled" in words(keeper.post(at(lot), {"expires_on": "2027-05-20", "reason": "x"}))


def test_recall_finds_both_dates_of_a_number(spoon):
    lot = a_lot(spoon, 40, number="A", expires_on=WRONG)
    right = lot.correct_date(NEXT_YEAR, reason="misread")
    foil = an_item("Foil")
    nameless = [a_lot(foil, 5, expires_on=day) for day in (WRONG, NEXT_YEAR)]

    Recall.objects.pull(lot, reason="The maker says so")

    assert on_hand(spoon) == 0
    assert Lot.objects.get(pk=right.pk).quarantined_since == TODAY
    assert [list_affected_lots(lot) for lot in nameless] == [[lot] for lot in nameless]


@pytest.mark.parametrize(
    ("kind", "said"), [("pack", "is withdrawn, so you cannot make up more of these."), ("bundle", "without it")]
)
def test_kit_with_withdrawn_part_says_so(keeper, spoon, kind, said):
    foil = an_item("Foil")
    kit = a_kit(kind=kind, of=[(spoon, 1), (foil, 2)])
    assert "is withdrawn" not in words(keeper.get(reverse("supplies:item", args=[kit.slug])))
    Item.objects.filter(pk=foil.pk).update(withdrawn=True)

    page = words(keeper.get(reverse("supplies:item", args=[kit.slug])))

    assert "Foil is withdrawn" in page
    assert said in page
    if kind == "pack":
        making = words(keeper.get(reverse("supplies:item-assemble", args=[kit.slug])))
        assert "Foil is withdrawn. Change what goes into the pack first." in making
