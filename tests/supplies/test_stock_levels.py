"""Stock levels: the page of the shelf, by category, state and next date."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from hub.models import Opening
from supplies.models import Category, Item
from tests.supplies.makers import APRIL, MAY, NEXT_YEAR, TODAY, a_lot, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

SHELF = reverse("supplies:shelf")


@pytest.fixture
def reader(client, somebody, sign_in, let):
    """A browser of somebody who may look at the shelf, and no more than that."""
    let("supplies.view_item")
    sign_in(client, somebody)
    return client


def words(response):
    section = response.content.decode().partition('<section id="found"')[2].partition("</section>")[0]
    return " ".join(strip_tags(section).split())


def names(response):
    return [need.item.name for need in response.context["needs"]]


def test_shelf_shows_stock_state_and_expiry(reader):
    spoon = an_item("Spoon", unit="spoon", units="spoons", minimum=20)
    a_lot(spoon, 12, number="A", expires_on=NEXT_YEAR)
    Item.objects.issue({spoon.pk: 2}, month=MAY)

    response = reader.get(SHELF)

    assert response.status_code == 200
    assert "1 item" in words(response)
    assert "Preparing Spoon 10 spoons Low 10 to give out, below the minimum of 20 20 May 2027" in words(response)


@pytest.mark.parametrize(
    ("on_hand", "said"),
    [(25, "25 spoons Fine"), (1, "1 spoon Low"), (0, "0 spoons Out"), (-4, "-4 spoons Below zero")],
)
def test_shelf_says_each_state_in_words(reader, on_hand, said):
    spoon = an_item("Spoon", unit="spoon", units="spoons", minimum=20)
    a_lot(spoon, on_hand)

    assert said in words(reader.get(SHELF))


def test_shelf_says_which_rule_calls_it_low(reader):
    spoon = an_item("Spoon", unit="spoon", units="spoons", minimum=500)
    a_lot(spoon, 400, number="A", expires_on=NEXT_YEAR)
    Opening.objects.create(date=dt.date(2026, 4, 7), kind="planned", state="closed", visits=1, people=1)
    Item.objects.issue({spoon.pk: 1}, month=APRIL)

    said = words(reader.get(SHELF))

    assert "399 spoons Low 399 to give out, below the minimum of 500 lasts over a year" in said


def test_shelf_of_expired_lots_is_not_fine(reader):
    a_lot(an_item("Spoon", unit="spoon", units="spoons"), 43, number="A", expires_on=TODAY - dt.timedelta(1))

    said = words(reader.get(SHELF))

    assert "43 spoons None we can give out 43 past their date or set aside" in said
    assert "Fine" not in said
    assert "lasts" not in said
    assert names(reader.get(SHELF, {"state": "unusable"})) == ["Spoon"]


@pytest.mark.parametrize(
    ("ahead", "said"),
    [(-1, "19 May 2026 Past its date"), (0, "20 May 2026 Soon"), (60, "19 Jul 2026 Soon"), (61, "20 Jul 2026")],
)
def test_shelf_says_how_near_the_next_date_is(reader, ahead, said):
    a_lot(an_item(), 5, expires_on=TODAY + dt.timedelta(ahead))

    assert words(reader.get(SHELF)).endswith(said)


def test_shelf_is_in_the_order_of_its_categories(reader):
    later = Category.objects.create(name="Food", slug="food", order=2)
    for name, about in {"Tea": {"category": later}, "Swab": {}, "Citric": {}}.items():
        an_item(name, **about)

    assert names(reader.get(SHELF)) == ["Citric", "Swab", "Tea"]


def test_shelf_shows_withdrawn_items_until_gone(reader):
    a_lot(an_item("Old spoon", withdrawn=True), 3)
    an_item("Older spoon", withdrawn=True)

    response = reader.get(SHELF)

    assert names(response) == ["Old spoon"]
    assert "Withdrawn" in words(response)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "foil"}, ["Foil"]),
        ({"words": "PREP spo"}, ["Spoon"]),
        ({"words": "  "}, ["Foil", "Spoon"]),
        ({"state": "out"}, ["Foil"]),
        ({"state": "fine"}, ["Spoon"]),
        ({"words": "foil", "state": "fine"}, []),
    ],
)
def test_shelf_narrows(reader, asked, found):
    an_item("Foil")
    a_lot(an_item("Spoon"), 5)

    assert names(reader.get(SHELF, asked)) == found


def test_shelf_without_a_match_offers_everything(reader):
    an_item("Foil")

    response = reader.get(SHELF, {"words": "spoon"})

    assert "Nothing like that here" in words(response)
    assert f'href="{SHELF}"' in response.content.decode().partition('id="found"')[2]


def test_empty_shelf_says_so(reader):
    assert "The shelf is empty" in words(reader.get(SHELF))


def test_shelf_with_unknown_filter_shows_everything(reader):
    an_item("Foil")

    response = reader.get(SHELF, {"state": "sold"})

    assert response.status_code == 422
    assert names(response) == ["Foil"]
    assert "this is everything" in words(response)


def test_htmx_shelf_sends_only_results(reader):
    an_item("Foil")
    an_item("Spoon")

    html = reader.get(SHELF, {"words": "foil"}, headers={"HX-Request": "true", "HX-Target": "found"}).content.decode()

    assert html.strip().startswith('<section id="found"')
    assert "Foil" in html
    assert "Spoon" not in html
    assert "<html" not in html
    assert 'hx-swap-oob="innerHTML:#say">1 item</div>' in html


def test_shelf_needs_its_permission(client, somebody, sign_in):
    assert client.get(SHELF).status_code == 302
    sign_in(client, somebody)
    assert client.get(SHELF).status_code == 403


def test_shelf_only_reads(reader):
    assert reader.post(SHELF).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_shelf_statements(reader, rows, django_assert_num_queries):
    for n in range(rows):
        shelf = Category.objects.create(name=f"Shelf {n}", slug=f"shelf-{n}")
        item = an_item(f"Item {n}", category=shelf)
        for number in "AB"[: rows - n]:
            a_lot(item, 5, number=number, expires_on=NEXT_YEAR)
        Item.objects.issue({item.pk: 1}, month=MAY)

    # Session, person, headings, shelf, six about what is needed, and how many stores there are.
    with django_assert_num_queries(11):
        response = reader.get(SHELF)
    assert len(names(response)) == rows
