"""Watch: items and lots that need attention."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from supplies.models import Glance, Item, Watch, calculate_needs
from tests.supplies.makers import MAY, NEXT_YEAR, TODAY, a_lot, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

SOON = TODAY + dt.timedelta(60)


@pytest.fixture
def shelf(store):
    """One of everything that can be the matter, and one where nothing is."""
    a_lot(an_item("Fine", minimum=1), 5, number="F", expires_on=NEXT_YEAR)
    a_lot(an_item("Low", minimum=9), 5)
    an_item("Out", minimum=9)
    an_item("Never stocked")
    an_item("Bundle", kind="bundle", desk_order=3)
    Item.objects.issue({an_item("Below").pk: 4}, month=MAY)
    a_lot(an_item("Past"), 5, number="P", expires_on=TODAY - dt.timedelta(1))
    a_lot(an_item("Stale", minimum=1), 43, number="O", expires_on=TODAY - dt.timedelta(1))
    a_lot(an_item("Soon"), 5, number="S", expires_on=SOON)
    a_lot(an_item("Later"), 5, number="L", expires_on=SOON + dt.timedelta(1))
    a_lot(an_item("Aside"), 5, number="A", expires_on=NEXT_YEAR, quarantined_since=TODAY)
    a_lot(an_item("Gone"), 0, number="G", expires_on=TODAY - dt.timedelta(1), quarantined_since=TODAY)


def names(found):
    return [thing.name if isinstance(thing, Item) else thing.item.name for thing in found]


def watch():
    needs = calculate_needs(Item.objects.stocked().with_on_hand().by_category())
    return Watch.over([need.item for need in needs], needs)


def test_watch_sorts_what_is_the_matter(shelf):
    findings = watch()

    assert names(findings.below_zero) == ["Below"]
    assert names(findings.out) == ["Out", "Stale"]
    assert names(findings.low) == ["Low"]
    assert names(findings.past) == ["Past", "Stale"]
    assert names(findings.soon) == ["Soon"]
    assert names(findings.set_aside) == ["Aside"]


def test_glance_counts_the_same_in_one_statement(shelf, django_assert_num_queries):
    with django_assert_num_queries(1):
        seen = Glance.at(Item.objects.active())

    assert seen == Glance(below_zero=1, out=2, low=1, past=2, soon=1, set_aside=1, has_tiles=True)


def test_nothing_the_matter_is_nothing_to_say(store):
    a_lot(an_item("Fine", minimum=1), 5, number="F", expires_on=NEXT_YEAR)

    assert not watch()
    assert not Glance.at(Item.objects.active())


def test_page_says_all_of_it(shelf, client, somebody, sign_in, let):
    let("supplies.view_item")
    sign_in(client, somebody)

    html = client.get(reverse("supplies:watch")).content.decode().partition("<main")[2]
    text = " ".join(strip_tags(html.replace("<", " <")).split())

    assert (
        "Below zero: please count More went out than we had in the records. That is no problem: count what is "
        "there. Below -4 some"
    ) in text
    assert "None left Out" in text
    assert "Low Low 5 of at least 9" in text
    assert "Past its date Do not give it out. Take it off the shelf. Past lot P 5 some · 19 May 2026" in text
    assert "Set aside or recalled Aside lot A 5 some · 20 May 2027" in text
    assert "Never stocked" not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_watch_statements(client, somebody, sign_in, let, rows, django_assert_num_queries):
    let("supplies.view_item")
    sign_in(client, somebody)
    for n in range(rows):
        a_lot(an_item(f"Item {n}", minimum=9), 5, expires_on=TODAY)

    # Session, person, items, six about what is needed, lots.
    with django_assert_num_queries(10):
        client.get(reverse("supplies:watch"))
