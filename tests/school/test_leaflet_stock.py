"""Materials that are leaflets say how many there are. Tries school.leaflet_stock and hub.public.leaflet_stock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from supplies.models import Leaflet
from tests.school.makers import DAY, a_session
from tests.school.test_manage_pages import page_of
from tests.school.test_mine import words
from tests.supplies.makers import a_lot, an_item

pytestmark = pytest.mark.usefixtures("evening")


@pytest.fixture
def as_ida(client, sign_in, trainer):
    sign_in(client, trainer)
    return client


@pytest.fixture
def card():
    item = an_item("Overdose card")
    Leaflet.objects.create(item=item, edition="3")
    a_lot(item, 8)
    return item


@pytest.fixture
def module(course):
    return course.modules.get(title="Naloxone")


def materials(module, more=""):
    return f"/school/manage/modules/{module.pk}/materials/{more}"


def test_session_says_how_many_leaflets_are_needed(as_ida, course, module, card):
    about = {"title": "The card", "edition": "3", "since": "2026-01-01", "leaflet": card.slug}
    as_ida.post(materials(module), about)
    big = a_session(course, starts_at=timezone.now() + DAY, places=12)
    small = a_session(course, starts_at=timezone.now() + DAY, places=8)
    past = a_session(course, starts_at=timezone.now() - DAY, places=12)

    assert "Overdose card (English 3): 8 on paper. 4 more are needed: print or order them." in words(
        as_ida.get(page_of(big))
    )
    for enough in (small, past):
        page = words(as_ida.get(page_of(enough)))
        assert "8 on paper." in page
        assert "needed" not in page
    assert "8 on paper." in words(as_ida.get(f"/school/manage/modules/{module.pk}/"))


def test_leaflet_is_chosen_and_taken_back(as_ida, module, card):
    one = module.materials.create(title="The card", edition="3")

    for slug in (card.slug, ""):
        assert as_ida.post(materials(module, f"{one.pk}/leaflet/"), {"leaflet": slug}).status_code == 302
        one.refresh_from_db()
        assert one.leaflet == slug


@pytest.mark.parametrize("wrong", ["no-such", "a" * 99, "a b"])
def test_unknown_leaflet_is_refused(as_ida, module, card, wrong):
    one = module.materials.create(title="The card", edition="3")

    answer = as_ida.post(materials(module, f"{one.pk}/leaflet/"), {"leaflet": wrong})

    assert answer.status_code == 422
    assert "Choose a leaflet from the list." in words(answer)
    assert as_ida.post(materials(module), {"title": "B", "edition": "1", "leaflet": wrong}).status_code == 422


def test_hub_without_leaflets_is_not_asked(as_ida, module):
    page = words(as_ida.get(f"/school/manage/modules/{module.pk}/"))

    assert "Leaflet" not in page


def test_withdrawn_leaflet_says_nothing(as_ida, course, module, card):
    module.materials.create(title="The card", edition="3", leaflet=card.slug)
    session = a_session(course, starts_at=timezone.now() + DAY)
    card.withdrawn = True
    card.save()

    assert "on paper" not in words(as_ida.get(page_of(session)))


@pytest.mark.parametrize("rows", [1, 3])
def test_leaflets_take_one_statement_more(as_ida, course, module, card, rows):
    for number in range(rows):
        module.materials.create(title=f"Card {number}", edition="3", leaflet=card.slug)
    session = a_session(course, starts_at=timezone.now() + DAY)
    spent = []
    for page in (page_of(session), f"/school/manage/modules/{module.pk}/"):
        with CaptureQueriesContext(connection) as asked:
            as_ida.get(page)
        spent.append(len(asked))

    assert spent == [10, 8]
