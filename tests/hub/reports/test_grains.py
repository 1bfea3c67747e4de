"""Grains: how long a time one published number covers, and the page that chooses it."""

import re

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from hub.core.periods import Span
from hub.disclosure.measures import MEASURES
from hub.models import MeasureGrain
from hub.reports.models.grains import Grains
from supplies.models import Item
from tests.hub.reports.numbers_world import QUARTER, TODAY, a_quarter, cells, publish
from tests.supplies.makers import an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PAGE = reverse("hub:report-grains")


@pytest.fixture
def reader(client, coordinator, sign_in):
    sign_in(client, coordinator)
    return client


def form_of(reader):
    """What the page sends if nothing is changed."""
    page = reader.get(PAGE).content.decode()
    chosen = re.findall(r'<select name="([\w-]+)".*?<option value="(\d+)" selected>', page, re.DOTALL)
    return dict(chosen)


def test_measures_have_defaults_until_chosen():
    assert MeasureGrain.objects.of_measures() == {slug: measure.grain for slug, measure in MEASURES.items()}

    MeasureGrain.objects.choose({"visits": 3}, {})

    assert MeasureGrain.objects.of_measures()["visits"] == Span.QUARTER


def test_an_item_takes_the_longer_grain():
    spoon, rare = an_item("Spoon"), an_item("Rare")
    MeasureGrain.objects.choose({}, {rare.pk: 12})
    grain = Grains.read({item.pk: item for item in Item.objects.all()})

    assert grain(f"given:{spoon.pk}") == Span.MONTH
    assert grain(f"given:{rare.pk}") == Span.YEAR
    assert grain(f"law:{spoon.pk}") == Span.QUARTER
    assert grain(f"naloxone:{rare.pk}:again") == Span.YEAR
    assert grain("law:-3") == Span.QUARTER


def test_page_keeps_what_is_chosen(reader):
    spoon = an_item("Spoon")
    form = form_of(reader)
    assert form[f"item-{spoon.pk}"] == "1"
    assert form["measure-reversals"] == "3"

    response = reader.post(PAGE, form | {f"item-{spoon.pk}": "3", "measure-reversals": "12"})

    assert response.headers["Location"] == PAGE
    spoon.refresh_from_db()
    assert spoon.grain == Span.QUARTER
    assert MeasureGrain.objects.of_measures()["reversals"] == Span.YEAR
    assert form_of(reader)["measure-reversals"] == "12"


@pytest.mark.parametrize("wrong", ["2", "", "month", "999999999999"])
def test_unknown_grain_is_refused(reader, wrong):
    spoon = an_item("Spoon")
    form = form_of(reader)

    response = reader.post(PAGE, form | {f"item-{spoon.pk}": wrong, "measure-visits": "12"})

    assert response.status_code == 422
    assert not MeasureGrain.objects.exists()
    # What was chosen beside it is still there.
    assert '<option value="12" selected>' in response.content.decode()


def test_answers_are_never_by_the_month(reader):
    response = reader.post(PAGE, form_of(reader) | {"measure-said": "1"})

    assert response.status_code == 422


def test_each_measure_says_why(reader):
    page = reader.get(PAGE).content.decode()
    for measure in MEASURES.values():
        assert str(measure.why) in page


def test_database_refuses_unknown_grain():
    with pytest.raises(IntegrityError, match="grain_known"):
        MeasureGrain.objects.create(measure="visits", span=2)


@time_machine.travel(f"{TODAY} 12:00 +0100", tick=False)
def test_rare_item_is_left_to_its_year():
    rare, spoon = an_item("Rare"), an_item("Spoon")
    Item.objects.filter(pk=rare.pk).update(grain=12)
    a_quarter(given={rare: 9, spoon: 9})

    (table,) = [table for table in publish(QUARTER).tables if table["slug"] == "given"]

    assert [row["label"] for row in table["rows"]] == ["Spoon"]
    assert [line["span"] for line in table["later"]] == [12]


@pytest.mark.parametrize("items", [1, 3])
def test_grains_statements(reader, items, django_assert_num_queries):
    for n in range(items):
        an_item(f"Thing {n}")
    with django_assert_num_queries(4):
        reader.get(PAGE)


def test_item_grain_is_bounded():
    spoon = an_item("Spoon")
    with pytest.raises(IntegrityError, match="item_grain_known"):
        Item.objects.filter(pk=spoon.pk).update(grain=2)


def test_cells_of_rare_item_are_absent_by_month():
    """`cells` finds no row: a number for so short a time is not there, and not a dash."""
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        rare = an_item("Rare")
        Item.objects.filter(pk=rare.pk).update(grain=3)
        a_quarter(given={rare: 9})

        assert cells(publish(QUARTER), "given")["Rare"] == [25, None, None, None, None, None]
