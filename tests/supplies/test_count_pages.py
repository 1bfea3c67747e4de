"""Pages of counts: shelf by shelf, over two sittings, by two people, and on paper (views/counts.py)."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from playwright.sync_api import expect

from supplies.models import Category, Count, Item, Lot, Store
from supplies.models.counts import ItemLot
from tests.look import axe, scrolls_sideways, small_targets
from tests.supplies.makers import MAY, NEXT_YEAR, a_lot, an_item, here

pytestmark = pytest.mark.django_db
frozen = pytest.mark.usefixtures("today")

COUNTS = reverse("supplies:counts")


@pytest.fixture
def counter(client, somebody, sign_in, let):
    let("supplies.view_item", "supplies.count_stock")
    sign_in(client, somebody)
    return client


@pytest.fixture
def lot(spoon):
    return a_lot(spoon, 20, number="A", expires_on=NEXT_YEAR)


@pytest.fixture
def count(store, lot):
    return Count.objects.start(store)


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(strip_tags(main.replace("<", " <")).split())


def at(name, count, *more):
    return reverse(f"supplies:count-{name}" if name else "supplies:count", args=[count.pk, *more])


def box(item, lot=None):
    return f"f-{item.pk}-{lot.pk if lot else 0}"


@frozen
def test_a_count_is_begun_and_gone_on_with(counter, store):
    first, second = (counter.post(reverse("supplies:count-start"), {"store": store.pk}) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"] == at("", Count.objects.get())
    assert "Going on since 20 May" in words(counter.get(COUNTS))


@frozen
@pytest.mark.parametrize("store", ["", "0", "cupboard", "\x00", "9" * 30])
def test_a_count_of_no_place_is_not_begun(counter, store):
    assert counter.post(reverse("supplies:count-start"), {"store": store}).status_code == 302
    assert not Count.objects.exists()


@frozen
def test_shelf_shows_saved_counts_never_books(counter, count, spoon, lot):
    shelf = at("shelf", count, "preparing")
    before = counter.get(shelf)
    assert "Lot A · use by 20 May 2027" in words(before)
    assert "20 some" not in words(before)

    counter.post(shelf, {box(spoon, lot): "17", f"initial-{box(spoon, lot)}": ""})

    after = counter.get(shelf)
    assert after.context["form"][box(spoon, lot)].value() == 17
    assert "counted by Somebody" in words(after)
    assert here(spoon) == {"A": 20}


@frozen
def test_count_saved_meanwhile_is_not_overwritten(counter, count, spoon, lot, another):
    shelf = at("shelf", count, "preparing")
    count.record({ItemLot(spoon.pk, lot.pk): 12}, by=another)

    # The page was opened before the other saved, and this box was not touched.
    counter.post(shelf, {box(spoon, lot): "", f"initial-{box(spoon, lot)}": ""})

    assert count.lines.get().found == 12


@frozen
@pytest.mark.parametrize("number", ["-1", "1.5", "lots", "1000001", "9" * 40, "\x00"])
def test_absurd_count_is_refused_and_kept(counter, count, spoon, lot, number):
    foil = an_item("Foil")
    typed = {box(spoon, lot): number, box(foil): "33"}

    response = counter.post(at("shelf", count, "preparing"), typed)

    assert response.status_code == 422
    assert 'value="33"' in response.content.decode()
    assert not count.lines.exists()


@frozen
def test_a_lot_nobody_knew_of_is_counted_too(counter, count, spoon, somebody, another):
    strip = an_item("Strip", tracks_lot=True, tracks_expiry=True)
    other = at("other", count, "preparing")
    wrong = counter.post(other, {"item": strip.pk, "found": 5})
    assert wrong.status_code == 422
    assert "Copy the lot number" in words(wrong)

    counter.post(other, {"item": strip.pk, "found": 5, "number": "N1", "expires_on": "2027-05-20"})
    count.apply(by=another)

    assert here(strip) == {"N1": 5}


@frozen
def test_lot_number_with_other_date_is_confirmed(counter, count, spoon, lot):
    other = at("other", count, "preparing")
    data = {"item": spoon.pk, "found": 5, "number": " a ", "expires_on": "2027-05-21"}

    doubted = counter.post(other, data)
    assert doubted.status_code == 422
    assert "We know lot a with 20 May 2027" in words(doubted)
    assert not count.lines.exists()
    assert counter.post(other, data | {"sure": "on"}).status_code == 302
    counter.post(other, data | {"expires_on": "2027-05-20", "found": 4})

    assert sorted(count.lines.values_list("lot__number", "lot__expires_on__day", "found")) == [
        ("A", 20, 4),
        ("A", 21, 5),
    ]


@frozen
def test_differences_are_applied_by_second_person(counter, count, spoon, lot, another):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=another)

    text = words(counter.get(at("", count)))
    assert "1 of 1 counted differs from the records" in text
    assert "Spoon lot A · Another 17 20 −3" in text
    applied = counter.post(at("apply", count), follow=True)

    assert "1 place corrected" in applied.content.decode()
    assert here(spoon) == {"A": 17}
    again = counter.post(at("apply", count), follow=True)
    assert "Somebody was faster: it was already applied, and counted once." in again.content.decode()
    assert here(spoon) == {"A": 17}


@frozen
def test_whoever_counted_says_why_nobody_else_looks(counter, count, spoon, lot, somebody):
    count.record({ItemLot(spoon.pk, lot.pk): 17}, by=somebody)

    refused = counter.post(at("apply", count))
    assert refused.status_code == 422
    assert "You counted some of this yourself" in words(refused)
    counter.post(at("apply", count), {"reason": "Only me here"})

    assert here(spoon) == {"A": 17}


@frozen
def test_nothing_counted_is_nothing_to_apply(counter, count):
    response = counter.post(at("apply", count))

    assert response.status_code == 409
    assert "Nothing is counted yet" in words(response)


@frozen
def test_a_count_given_up_is_over(counter, count, spoon, lot):
    count.record({ItemLot(spoon.pk, lot.pk): 17})

    counter.post(at("give-up", count))

    assert here(spoon) == {"A": 20}
    late = counter.post(at("shelf", count, "preparing"), {box(spoon, lot): 3})
    assert (late.status_code, "This count is over" in words(late)) == (409, True)
    assert "Cancelled" in words(counter.get(COUNTS))


@frozen
def test_count_sheet_lists_lots_without_numbers(counter, count, spoon, lot):
    an_item("Foil")

    text = words(counter.get(at("sheet", count)))

    assert "Foil to be written in" in text
    assert "Spoon Lot A · use by 20 May 2027" in text
    assert "20 some" not in text


@frozen
@pytest.mark.parametrize("name", ["", "sheet", "give-up", "apply"])
def test_a_count_that_is_none_is_not_found(counter, name):
    nothing = Count(pk=2**31)
    ask = counter.post if name in ("give-up", "apply") else counter.get
    assert ask(at(name, nothing)).status_code == 404


@frozen
def test_a_shelf_that_is_none_is_not_found(counter, count):
    assert counter.get(at("shelf", count, "nothing")).status_code == 404
    assert counter.get(at("other", count, "nothing")).status_code == 404


@frozen
@pytest.mark.parametrize("rows", [1, 3])
def test_count_statements(counter, store, another, rows, django_assert_num_queries):
    count = Count.objects.start(store)
    for n in range(rows):
        item = an_item(f"Item {n}")
        shelved = a_lot(item, 5, number="A")
        count.record({ItemLot(item.pk, shelved.pk): n}, by=another)

    # Session, person, count, lines, standing, places saved, items.
    with django_assert_num_queries(7):
        counter.get(at("", count))
    # Session, person, count, shelf, standing, places saved, items, lines, lots.
    with django_assert_num_queries(9):
        counter.get(at("shelf", count, "preparing"))
    # Session, person, going on, over's size, over, stores to choose from, which of them is chosen.
    count.apply(by=another, reason="Only me here")
    with django_assert_num_queries(7):
        counter.get(COUNTS)


@pytest.mark.browser
def test_a_count_over_two_sittings_on_a_phone(page_as, live_server, volunteer, console):
    store = Store.objects.create(name="Cupboard", order=1)
    spoon, condom = an_item("Spoon"), an_item("Condom", category=Category.objects.create(name="Safer sex", slug="sex"))
    a_lot(spoon, 20, number="A", expires_on=NEXT_YEAR)
    a_lot(condom, 50, number="C", expires_on=NEXT_YEAR)
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/stock/counts/")
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.get_by_role("button", name="Start counting").click()
    page.get_by_role("link", name="Preparing").click()
    expect(page.get_by_label("Lot A")).to_be_visible()
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.get_by_label("Lot A").fill("17")
    page.get_by_role("button", name="Save this shelf").click()
    expect(page.get_by_role("link", name="Preparing")).to_contain_text("Done")

    # The phone goes into a pocket, things go out, and another evening somebody goes on.
    Item.objects.issue({spoon.pk: 5}, month=MAY)
    page.goto(f"{live_server.url}/stock/counts/")
    page.get_by_role("link", name="Continue counting").click()
    page.get_by_role("link", name="Safer sex").click()
    page.get_by_label("Lot C").fill("50")
    page.get_by_role("button", name="Save this shelf").click()
    expect(page.get_by_label("Why nobody else")).to_be_visible()
    assert (axe(page), small_targets(page), scrolls_sideways(page)) == ([], [], False)
    page.get_by_label("Why nobody else").fill("Only me here")
    page.get_by_role("button", name="Apply the count").click()
    expect(page.get_by_text("The records were wrong for 1 of them")).to_be_visible()

    assert (here(spoon, store), here(condom, store)) == ({"A": 12}, {"C": 50})
    assert Lot.objects.count() == 2
    assert console.quiet
