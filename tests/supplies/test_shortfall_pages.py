"""The page of shortfalls (views/shortfalls.py)."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from supplies.models import Shortfall, Wish
from tests.supplies.makers import APRIL, MAY, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = reverse("supplies:shortfalls")


@pytest.fixture
def coordinating(client, somebody, sign_in, let):
    let("supplies.see_shortfalls")
    sign_in(client, somebody)
    return client


@pytest.fixture
def pipes(db):
    return Wish.objects.create(name="Pipes")


def words(response):
    return " ".join(strip_tags(response.content.decode().partition("<main")[2].replace("<", " <")).split())


def note(reason="out", month=MAY, **about):
    Shortfall.objects.note(reason, month=month, key=uuid.uuid4(), **about)


def count(browser, **said):
    data = {"key": uuid.uuid4(), "reason": "out", "number": "2", "month": "2026-05"}
    return browser.post(PAGE, data | said)


def test_shortfalls_show_item_reason_and_count(coordinating, spoon, pipes):
    note(item=spoon, number=3)
    note("law", wish=pipes, number=9)
    note(item=spoon, month=APRIL)
    note(item=spoon, month=dt.date(2025, 5, 1), number=77)

    text = words(coordinating.get(PAGE))

    assert "May 2026 What Why not How often Pipes the law stops us 9 Spoon we were out 3" in text
    assert "April 2026 What Why not How often Spoon we were out 1" in text
    assert "True figures, do not share: small numbers can show who somebody is." in text
    assert "77" not in text


def test_nothing_yet_says_how_it_is_counted(coordinating):
    assert "The desk counts it with one tap" in words(coordinating.get(PAGE))


def test_paper_is_counted_once(coordinating, spoon, pipes):
    key = uuid.uuid4()
    for _ in range(2):
        assert count(coordinating, thing=f"item-{spoon.pk}", key=key).status_code == 302
    count(coordinating, thing=f"wish-{pipes.pk}", reason="not_stocked", month="2026-04")

    assert sorted(Shortfall.objects.values_list("month", "number", "reason")) == [
        (APRIL, 2, "not_stocked"),
        (MAY, 2, "out"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"thing": ""}, "This field is required"),
        ({"thing": "item-999999"}, "Select a valid choice"),
        ({"thing": "wish"}, "We do not stock that, so we cannot be out of it."),
        ({"number": "0"}, "greater than or equal to 1"),
        ({"number": "1000"}, "less than or equal to 999"),
        ({"month": "2026-06"}, "That month has not begun."),
        ({"month": "0000-13"}, "is not a month we can read"),
        ({"reason": "dear"}, "Select a valid choice"),
    ],
)
def test_invalid_shortfall_is_refused_beside_its_field(coordinating, spoon, pipes, wrong, said):
    thing = {"thing": f"wish-{pipes.pk}"} if wrong.get("thing") == "wish" else wrong

    response = count(coordinating, **{"thing": f"item-{spoon.pk}"} | thing)

    assert response.status_code == 422
    assert said in words(response)
    assert Shortfall.objects.count() == 0


def test_wish_words_are_added_and_withdrawn(coordinating, pipes):
    assert coordinating.post(reverse("supplies:wish-add"), {"name": "Vapes"}).status_code == 302
    assert coordinating.post(reverse("supplies:wish-add"), {"name": "Vapes"}).status_code == 422
    page = reverse("supplies:wish", args=[pipes.pk])

    coordinating.post(page)
    pipes.refresh_from_db()
    assert pipes.withdrawn
    assert f"wish-{pipes.pk}" not in coordinating.get(PAGE).content.decode()
    coordinating.post(page, {"on": "yes"})
    pipes.refresh_from_db()
    assert not pipes.withdrawn


@pytest.mark.parametrize("rows", [1, 3])
def test_shortfalls_statements(coordinating, rows, django_assert_num_queries):
    for n in range(rows):
        note(item=an_item(f"Item {n}"))
        note("law", wish=Wish.objects.create(name=f"Wish {n}"))

    # Session, person, words to choose from, items to choose from, shortfalls, words.
    with django_assert_num_queries(6):
        coordinating.get(PAGE)
