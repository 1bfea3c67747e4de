"""The page that moves stock between stores, on a phone (views/moves.py)."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from playwright.sync_api import expect

from supplies.models import Item, Store
from tests.look import axe, scrolls_sideways, small_targets
from tests.supplies.makers import MAY, NEXT_YEAR, a_lot, an_item, here

pytestmark = pytest.mark.django_db
frozen = pytest.mark.usefixtures("today")

MOVES = reverse("supplies:moves")


@pytest.fixture
def carrier(client, somebody, sign_in, let):
    let("supplies.view_item", "supplies.move_stock")
    sign_in(client, somebody)
    return client


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(main.replace("<", " <")).split())


@frozen
def test_carrying_is_hidden_while_there_is_one_store(carrier, store):
    assert "Everything is in one place" in words(carrier.get(MOVES))
    assert "Carry" not in words(carrier.get(reverse("supplies:shelf")))
    Store.objects.create(name="Bag")
    assert "Move things" in words(carrier.get(reverse("supplies:shelf")))


@frozen
def test_carrying_shows_what_is_there_and_carries_it(carrier, spoon, store, bag):
    a_lot(spoon, 20, number="A")
    an_item("Foil")
    page = carrier.get(MOVES)
    assert "From Cupboard to Outreach bag" in words(page)
    assert "Spoon 20 some here" in words(page)
    assert "Foil" not in words(page)

    response = carrier.post(MOVES, {"start": store.pk, "end": bag.pk, f"n-{spoon.pk}": 5})

    assert response.status_code == 302
    assert (here(spoon, store), here(spoon, bag)) == ({"A": 15}, {"A": 5})


@frozen
@pytest.mark.parametrize("number", ["21", "-1", "1.5", "all", "1000001", "9" * 40, "\x00", "", "0"])
def test_impossible_move_is_refused_and_kept(carrier, spoon, store, bag, number):
    foil = an_item("Foil")
    a_lot(spoon, 20, number="A")
    a_lot(foil, 20, number="F")
    typed = {f"n-{foil.pk}": "7"} if number not in ("", "0") else {}

    response = carrier.post(MOVES, {"start": store.pk, "end": bag.pk, f"n-{spoon.pk}": number} | typed)

    assert response.status_code == 422
    assert here(spoon, bag) == here(foil, bag) == {}
    assert ('value="7"' in response.content.decode()) is bool(typed)


@frozen
@pytest.mark.parametrize(
    "way", [{"start": "0"}, {"end": "x"}, {"end": "\x00"}, {"words": "x" * 61}, {"same": True}, {"end": "9" * 30}]
)
def test_a_way_that_is_none_is_said(carrier, spoon, store, bag, way):
    asked = {"end": store.pk} if "same" in way else way

    assert carrier.get(MOVES, asked).status_code == 422
    assert carrier.post(MOVES, {"start": store.pk, "end": bag.pk} | asked).status_code == 422


@frozen
@pytest.mark.parametrize("rows", [1, 3])
def test_move_statements(carrier, store, bag, rows, django_assert_num_queries):
    for n in range(rows):
        item = an_item(f"Item {n}")
        a_lot(item, 5, number="A")
        Item.objects.issue({item.pk: 1}, month=MAY)

    # Session, person, stores, standing, items.
    with django_assert_num_queries(5):
        assert len(carrier.get(MOVES).context["form"].fields) == rows


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_carrying_on_a_phone(page_as, live_server, volunteer, console, scheme, width):
    cupboard, desk = (Store.objects.create(name=name, order=n) for n, name in enumerate(("Cupboard", "Desk")))
    spoon = an_item("Spoon")
    a_lot(spoon, 20, number="A", expires_on=NEXT_YEAR, store=cupboard)
    page = page_as(volunteer)
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/stock/items/spoon/")
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.get_by_role("link", name="Move some").click()
    expect(page.get_by_label("Spoon")).to_be_visible()
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.get_by_label("Spoon").fill("25")
    page.get_by_role("button", name="Save the move").click()
    expect(page.get_by_text("in this place.").first).to_be_visible()
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.get_by_label("Spoon").fill("5")
    page.get_by_role("button", name="Save the move").click()
    expect(page.get_by_text("Desk has it now")).to_be_visible()

    assert here(spoon, desk) == {"A": 5}
    # A page that says 422 is a line in the console, and the only one.
    assert [text for text in console.messages if "422" not in text] == []
