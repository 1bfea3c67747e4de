"""Items, their categories (categories.py) and the catalogue they start from (default_catalogue.py)."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from supplies import default_catalogue
from supplies.models import Category, Item, StockState, Store, calculate_needs
from tests.supplies.makers import MAY, NEXT_YEAR, TODAY, a_lot, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.mark.parametrize(
    ("rule", "about"),
    [
        ("item_words_given", {"name": ""}),
        ("item_words_given", {"unit": ""}),
        ("item_words_given", {"units": ""}),
        ("item_pack_holds_something", {"pack_size": 0}),
        ("item_target_reaches_minimum", {"minimum": 10, "target": 9}),
        ("item_tap_adds_something", {"desk_tap": 0}),
        ("item_tap_adds_something", {"desk_tap": 1000}),
        ("item_naloxone_off_visits", {"naloxone": True, "desk_order": 1}),
        ("minimum_check", {"minimum": -1}),
    ],
)
def test_item_refuses(rule, about):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        an_item(**{"name": "Spoon"} | about, slug="spoon")


def test_item_says_in_words_what_is_wrong():
    item = an_item(minimum=10)
    item.target, item.pack_size = 5, 0
    with pytest.raises(ValidationError) as refusal:
        item.full_clean()

    assert "The target should be at least the minimum." in str(refusal.value)
    assert "A pack has one or more." in str(refusal.value)


def test_category_needs_words():
    with pytest.raises(IntegrityError, match="category_name_given"), transaction.atomic():
        Category.objects.create(name="", slug="x")


def test_stocking_the_catalogue_fills_an_empty_hub_once():
    assert Item.objects.add_default_catalogue() == len(default_catalogue.ITEMS) == Item.objects.count()
    assert Item.objects.add_default_catalogue() == 0

    assert Item.objects.count() == len(default_catalogue.ITEMS)
    assert [category.name for category in Category.objects.all()] == list(default_catalogue.CATEGORIES)
    assert [store.name for store in Store.objects.all()] == list(default_catalogue.STORES)
    assert Store.objects.main().name == "Cupboard"
    for item in Item.objects.all():
        item.full_clean()


def test_stocking_catalogue_never_overwrites_changes():
    Item.objects.add_default_catalogue()
    Item.objects.filter(slug="foil").update(name="Tin foil", desk_order=None, withdrawn=True)
    Item.objects.filter(slug="lube").delete()
    Category.objects.filter(slug="safer-sex").update(name="Sex", order=1)
    Store.objects.exclude(name="Cupboard").delete()

    assert Item.objects.add_default_catalogue() == 1

    foil = Item.objects.get(slug="foil")
    assert (foil.name, foil.desk_order, foil.withdrawn) == ("Tin foil", None, True)
    assert Item.objects.get(slug="lube").category.name == "Sex"
    assert Category.objects.count() == len(default_catalogue.CATEGORIES)
    assert Store.objects.count() == 1


def test_stocking_skips_names_already_used():
    an_item("Lube", slug="our-lube")

    Item.objects.add_default_catalogue()

    assert Item.objects.filter(name="Lube").get().slug == "our-lube"


def test_the_desk_as_it_is_first_laid_out():
    Item.objects.add_default_catalogue()

    tiles = [item.slug for item in Item.objects.on_the_desk()]

    assert tiles == [
        "fixed-1ml-29g",
        "barrel-2ml",
        "foil",
        "spoon",
        "citric",
        "sterile-water",
        "swab",
        "bin-small",
        "condom",
        "strip-nitazene",
        "hot-drink",
        "food",
    ]


def test_catalogue_counts_syringes_as_sets():
    sets = {entry.slug for entry in default_catalogue.ITEMS if entry.counts_as_set}
    assert sets == {"fixed-1ml-29g", "fixed-1ml-30g", "insulin-1ml", "barrel-1ml", "barrel-2ml", "barrel-5ml"}


def test_catalogue_marks_naloxone_as_trained_only_medicine():
    naloxone = [entry for entry in default_catalogue.ITEMS if entry.naloxone]
    assert {entry.slug for entry in naloxone} == {"prenoxad", "nyxoid"}
    for entry in naloxone:
        assert (entry.medicine, entry.trained_only, entry.tracks_lot, entry.tracks_expiry) == (True,) * 4
        assert entry.desk is None


def test_catalogue_pictures_are_in_the_set():
    sprite = (Path(settings.BASE_DIR) / "static/icons/icons.svg").read_text()
    assert {entry.icon for entry in default_catalogue.ITEMS} <= set(re.findall(r'<symbol id="([^"]+)"', sprite))


def test_desk_leaves_out_withdrawn_and_unplaced_items():
    an_item("Second", desk_order=2)
    an_item("First", desk_order=1)
    an_item("Gone", desk_order=3, withdrawn=True)
    an_item("Placeless")
    an_item("Nyxoid", naloxone=True)

    assert [item.name for item in Item.objects.on_the_desk()] == ["First", "Second"]
    assert {item.name for item in Item.objects.for_visits()} == {"First", "Second", "Placeless"}


@pytest.mark.parametrize(
    ("on_hand", "minimum", "state"),
    [
        (-1, None, StockState.BELOW_ZERO),
        (-1, 10, StockState.BELOW_ZERO),
        (0, None, StockState.OUT),
        (0, 0, StockState.OUT),
        (1, None, StockState.FINE),
        (9, 10, StockState.LOW),
        (10, 10, StockState.FINE),
        (1, 0, StockState.FINE),
    ],
)
def test_state_of_an_item(on_hand, minimum, state):
    item = an_item(minimum=minimum)
    if on_hand:
        item.count(on_hand) if on_hand > 0 else Item.objects.issue({item.pk: -on_hand}, month=MAY)

    assert Item.objects.with_on_hand().get().state == state


@pytest.mark.parametrize(
    ("fit", "past", "aside", "minimum", "state", "why"),
    [
        (0, 43, 0, None, StockState.UNUSABLE, "43 past their date or set aside"),
        (0, 0, 43, 5, StockState.UNUSABLE, "43 past their date or set aside"),
        (4, 40, 3, 5, StockState.LOW, "4 to give out, below the minimum of 5"),
        (5, 40, 0, 5, StockState.FINE, "40 past their date or set aside"),
        (5, 0, 0, 5, StockState.FINE, ""),
        (1200, 0, 0, 2000, StockState.LOW, "1,200 to give out, below the minimum of 2,000"),
        (0, 0, 0, 5, StockState.OUT, ""),
    ],
)
def test_state_follows_what_can_be_given_out(today, fit, past, aside, minimum, state, why):
    item = an_item(minimum=minimum)
    a_lot(item, fit, number="F", expires_on=NEXT_YEAR)
    a_lot(item, past, number="P", expires_on=TODAY - dt.timedelta(days=1))
    a_lot(item, aside, number="A", expires_on=NEXT_YEAR, quarantined_since=TODAY)

    seen = Item.objects.with_on_hand().with_unusable(TODAY).get()
    (need,) = calculate_needs(Item.objects.with_on_hand())

    assert (seen.state, seen.why_state, seen.to_give) == (state, why, fit)
    assert (need.item.state, need.item.why_state, need.to_give) == (state, why, fit)


def test_on_hand_counts_each_row_once():
    item = an_item()
    for number in "ABC":
        a_lot(item, 10, number=number)
    Item.objects.issue({item.pk: 12}, month=dt.date(2026, 4, 1))
    Item.objects.issue({item.pk: 3}, month=MAY)

    assert Item.objects.with_on_hand().with_next_expiry().get().on_hand == 15


def test_next_expiry_is_of_what_is_left():
    item = an_item()
    assert Item.objects.with_next_expiry().get().next_expiry is None

    a_lot(item, 10, number="later", expires_on=NEXT_YEAR)
    a_lot(item, 2, number="soon", expires_on=TODAY)
    a_lot(item, 0, number="spent", expires_on=TODAY - dt.timedelta(9))
    a_lot(item, 5, number="dateless")
    assert Item.objects.with_next_expiry().get().next_expiry == TODAY

    Item.objects.issue({item.pk: 2}, month=MAY)
    assert Item.objects.with_next_expiry().get().next_expiry == NEXT_YEAR


def test_next_expiry_includes_expired_stock():
    a_lot(an_item(), 1, expires_on=TODAY - dt.timedelta(1))
    assert Item.objects.with_next_expiry().get().next_expiry == TODAY - dt.timedelta(1)


def test_catalogue_history_excludes_giving_out():
    item = an_item()
    item.name = "Cooker"
    item.save()
    Item.objects.issue({item.pk: 1}, month=MAY)

    assert list(item.events.order_by("pgh_id").values_list("name", flat=True)) == ["Spoon", "Cooker"]
