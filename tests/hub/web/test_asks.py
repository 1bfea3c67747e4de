"""Whoever is asked something reads it on Today, and a number on the bar of every page; the School's asks too."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.school.makers import a_course, a_session, enrol
from tests.volunteers.rota_world import NOW, a_period, a_shift, at, post_of, says, somebody
from volunteers.models import Offer

DAY = dt.timedelta(days=1)
TUESDAY = at("2026-11-24")


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def wren(db, clock):
    person = somebody("Wren")
    person.email = None
    person.save()
    return person


@pytest.fixture
def shown(client, sign_in, demo, wren):
    def read(path="/today/"):
        sign_in(client, wren)
        return client.get(path).content.decode()

    return read


def offer_place(wren, mo):
    shift = a_shift(TUESDAY, title="Night shift", place="Arch 4")
    post_of(shift).offers.create(to=wren, until=TUESDAY)


def ask_for_cover(wren, mo):
    shift = a_shift(TUESDAY, title="Night shift", place="Arch 4")
    mine = post_of(shift).book(mo, by=mo)
    Offer.ask_to_cover(mine, [wren], by=mo)


def ask_to_swap(wren, mo):
    shifts = a_shift(TUESDAY, title="Night shift", place="Arch 4"), a_shift(TUESDAY + 2 * DAY)
    mine, theirs = (post_of(shift).book(who, by=who) for shift, who in zip(shifts, (mo, wren), strict=True))
    Offer.ask_to_swap(mine, [theirs], by=mo)


def hold_place(wren, mo):
    session = a_session(a_course(), starts_at=TUESDAY, title="Night shift", place="Arch 4")
    enrol(session, wren, "offered")


def ask_when(wren, mo):
    a_period(a_shift(TUESDAY, state="draft"))


@pytest.fixture
def planner(wren):
    return somebody("Mo", roles=["coordinator"])


@pytest.mark.parametrize(
    ("asking", "title", "what"),
    [
        (offer_place, "Would you take this place?", "Tuesday 24 November, 6 pm to 9 pm (Night shift, Arch 4, Desk)"),
        (ask_for_cover, "Would you cover?", "Tuesday 24 November, 6 pm to 9 pm (Night shift, Arch 4, Desk)"),
        (ask_to_swap, "Would you swap?", "for yours: Thursday 26 November, 6 pm to 9 pm"),
        (hold_place, "We hold a School place for you", "Until Tuesday 24 November, 6 pm."),
        (ask_when, "When can you?", "By Thursday 19 November."),
    ],
)
def test_ask_stands_on_today_and_bar(shown, wren, planner, asking, title, what):
    before = shown()
    assert title not in before
    assert "waits for you" not in before

    asking(wren, planner)

    assert title in shown()
    assert what in shown()
    for path in ("/today/", "/rota/mine/", "/people/me/"):
        assert '<span class="badge">1<span class="hush"> thing waits for you' in shown(path), path


@pytest.mark.parametrize("asking", [offer_place, ask_for_cover, ask_to_swap, hold_place])
def test_ask_that_ran_out_is_gone(shown, wren, planner, asking, clock):
    asking(wren, planner)
    shown()
    clock.move_to(TUESDAY + DAY)

    assert "for you</span>" not in shown("/rota/mine/")


def test_answered_ask_is_gone(shown, wren, planner, client):
    offer_place(wren, planner)
    shift = a_shift(TUESDAY + DAY, state="draft")
    a_period(shift)
    assert '<span class="badge">2' in shown()

    client.post(reverse("rota:offer-decline", args=[Offer.objects.get().pk]))
    says(wren, "yes", shift)

    assert "for you</span>" not in shown()


def test_school_that_lapsed_is_not_asked(shown, wren, planner, clock):
    """The day of the request counts, not the one on which the statement was first made."""
    ask_when(wren, planner)
    assert "When can you?" in shown()
    wren.holdings.update(until=NOW.date() + DAY)
    clock.move_to(NOW + DAY)

    assert "When can you?" not in shown()


def test_what_is_asked_of_others_is_not_shown(shown, wren, planner):
    sam = somebody("Sam")
    offer_place(sam, planner)
    hold_place(sam, planner)
    post_of(a_shift(TUESDAY)).offers.create(to=None, until=TUESDAY)

    assert "for you</span>" not in shown()


@pytest.mark.parametrize("number", [1, 3])
def test_asks_cost_no_statement(shown, wren, planner, number):
    shown()
    with CaptureQueriesContext(connection) as before:
        shown()
    for each in range(number):
        offer_place(wren, planner)
        course = a_course(f"Topic {each}", name=f"Course {each}")
        enrol(a_session(course, starts_at=TUESDAY), wren, "offered")

    with CaptureQueriesContext(connection) as after:
        shown()

    assert len(after) == len(before)


def test_promise_to_who_left_no_email(shown):
    assert "You gave no e-mail, so we send nothing." in shown("/people/me/")
