"""The answers our forms offer are the hub's own to write.

Here too: `hub/core/choices.py` and `hub/core/form_saving.py`.
"""

import pytest
from django.urls import reverse

from hub.models import Choice, Reversal, Strip
from tests.look import axe, scrolls_sideways, small_targets
from tests.supplies.makers import MAY

LISTS = "/lists/"


@pytest.fixture
def writer(demo, client, sign_in, coordinator):
    sign_in(client, coordinator)
    return client


def test_answer_is_added_at_end_of_list(writer):
    Choice.objects.create(of="place", name="Home", order=40)

    assert writer.post("/lists/place/", {"name": "  The canal "}).headers["Location"] == LISTS

    assert [*Choice.objects.filter(of="place").values_list("name", "order")] == [("Home", 40), ("The canal", 50)]


@pytest.mark.parametrize("name", ["", "Home", "x" * 61, "\x00"])
def test_invalid_answer_is_refused_beside_its_field(writer, name):
    Choice.objects.create(of="place", name="Home")

    answer = writer.post("/lists/place/", {"name": name})

    assert answer.status_code == 422
    assert 'aria-describedby="add-place-error"' in answer.content.decode()
    assert Choice.objects.count() == 1


def test_a_list_there_is_not_is_not_found(writer):
    assert writer.post("/lists/colours/", {"name": "Red"}).status_code == 404


def test_withdrawn_answer_keeps_old_rows(writer):
    home = Choice.objects.create(of="place", name="Home")
    Reversal.objects.create(month=MAY, place=home)

    writer.post(f"/lists/answers/{home.pk}/", {"name": "At home", "order": "5", "withdrawn": "on"})

    home.refresh_from_db()
    assert (home.name, home.order, home.withdrawn) == ("At home", 5, True)
    assert Reversal.objects.get().place == home
    assert "Withdrawn" in writer.get(LISTS).content.decode()


def test_a_strip_is_nothing_without_its_limits(writer):
    assert writer.post("/lists/strips/new/", {"name": "New strip", "limits": "", "order": "9"}).status_code == 422
    assert not Strip.objects.exists()

    writer.post("/lists/strips/new/", {"name": "New strip", "limits": "Misses half.", "order": "9"})
    strip = Strip.objects.get()
    writer.post(reverse("hub:strip", args=[strip.pk]), {"name": "New strip", "limits": "Misses more.", "order": "9"})

    strip.refresh_from_db()
    assert strip.limits == "Misses more."
    assert [event.limits for event in strip.events.order_by("pgh_id")] == ["Misses half.", "Misses more."]


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_statements(writer, rows, django_assert_num_queries):
    for n in range(rows):
        Choice.objects.create(of="place", name=f"Place {n}")
        Strip.objects.create(name=f"Strip {n}", limits="Little.")
    # Session, person, answers, strips.
    with django_assert_num_queries(4):
        writer.get(LISTS)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
@pytest.mark.parametrize("where", [LISTS, "/lists/strips/new/"])
def test_lists_look_right(demo, page_as, live_server, coordinator, console, scheme, width, where):
    Choice.objects.lay_out()
    Strip.objects.lay_out()
    page = page_as(coordinator)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + where)

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert console.quiet
