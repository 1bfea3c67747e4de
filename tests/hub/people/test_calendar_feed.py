"""One's own shifts in one's own calendar: what the address tells, to whom, and how it is taken back."""

import datetime as dt
from itertools import pairwise

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from hub.models import Feed
from school.models import Enrolment
from tests.hub.people.test_erasure import everything
from tests.school.makers import a_course, a_session, enrol
from tests.volunteers.read_ical import read, read_as_programs_do
from tests.volunteers.rota_world import NOW, a_shift, at, post_of, somebody
from volunteers.models import Signup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def ash():
    return somebody("Ash2")


@pytest.fixture
def feed_of(client):
    """The events of somebody's feed, as both readers have them."""

    def fetch(token):
        answer = client.get(reverse("hub:feed", args=[token]))
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        _whole, events = read(answer.content)
        library = Calendar.from_ical(answer.content).walk("VEVENT")
        programs = read_as_programs_do(answer.content)
        assert {str(event["uid"]) for event in library} == {event["UID"] for event in events} == set(programs)
        return sorted(events, key=lambda event: event["DTSTART"])

    return fetch


def test_feed_holds_own_shifts_with_neutral_titles(feed_of, ash):
    mine = a_shift(at("2026-11-26"), title="Festival welfare", place="Under the bridge", note="Bring Bo's keys")
    signup = post_of(mine).put_on(ash)
    post_of(a_shift(at("2026-11-27"))).put_on(somebody("Bo"))
    post_of(a_shift(at("2026-11-28"), state="draft")).put_on(ash)
    a_shift(at("2026-11-29"))

    (event,) = feed_of(Feed.objects.renew(ash))

    assert event == {
        "UID": str(signup.uid),
        "SEQUENCE": 0,
        "DTSTART": at("2026-11-26"),
        "DTEND": at("2026-11-26", "21:00"),
        "DTSTAMP": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        "SUMMARY": "Shift",
        "CLASS": "PRIVATE",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
    }


def test_moved_shift_keeps_its_name_and_counts_up(feed_of, ash, coordinator):
    shift = a_shift(at("2026-11-26"))
    post_of(shift).put_on(ash)
    token = Feed.objects.renew(ash)
    (before,) = feed_of(token)
    shift.move(at("2026-11-26", "19:00"), at("2026-11-26", "22:00"), by=coordinator)
    (after,) = feed_of(token)

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"] == at("2026-11-26", "19:00")


@pytest.mark.parametrize("how", ["shift", "signup"])
def test_cancellations_are_carried(feed_of, ash, coordinator, how):
    shift = a_shift(at("2026-11-26"))
    signup = post_of(shift).put_on(ash)
    if how == "shift":
        shift.cancel("Flood", by=coordinator)
    else:
        signup.withdraw(by=ash)

    (event,) = feed_of(Feed.objects.renew(ash))

    assert (event["STATUS"], event["SEQUENCE"] > 0) == ("CANCELLED", True)


def test_feed_over_the_nights_the_clocks_change(feed_of, ash):
    for day in ("2027-03-27", "2027-10-30"):
        shift = a_shift(at(day, "22:00"), 6)
        post_of(shift).put_on(ash)

    events = feed_of(Feed.objects.renew(ash))

    assert [event["DTEND"] - event["DTSTART"] for event in events] == [dt.timedelta(hours=5), dt.timedelta(hours=7)]


def test_feed_drops_old_and_missed_shifts(feed_of, ash):
    post_of(a_shift(at("2026-10-01"))).put_on(ash)
    recent = post_of(a_shift(at("2026-11-12"))).put_on(ash)
    Signup.objects.filter(pk=recent.pk).update(state="not_there")

    (event,) = feed_of(Feed.objects.renew(ash))

    assert (event["UID"], event["STATUS"]) == (str(recent.uid), "CONFIRMED")


def test_feed_holds_sessions_with_neutral_titles(feed_of, ash):
    course = a_course()
    days = [at(f"2026-11-{day}", "14:00") for day in (25, 26, 27, 28, 29)]
    mine, left, waiting, given, off = [
        a_session(course, starts_at=day, title="Safer injecting", place="Room 2") for day in days
    ]
    enrol(mine, ash)
    enrol(left, ash, "withdrawn")
    enrol(waiting, ash, "waiting")
    given.facilitators.add(ash)
    enrol(off, ash)
    type(off).objects.filter(pk=off.pk).update(state="cancelled", called_off_because="Snow")
    token = Feed.objects.renew(ash)

    events = feed_of(token)

    assert [(event["SUMMARY"], event["STATUS"], event["DTSTART"]) for event in events] == [
        ("Session", "CONFIRMED", days[0]),
        ("Session", "CANCELLED", days[1]),
        ("Session", "CONFIRMED", days[3]),
        ("Session", "CANCELLED", days[4]),
    ]
    assert [event["UID"] for event in feed_of(token)] == [event["UID"] for event in events]
    assert all(len(event["UID"]) == 32 for event in events)


# --- What calendars keep to: a later version is known by its number and its stamp, and nothing vanishes


def a_session_of(ash, state="enrolled", **more):
    session = a_session(a_course(), starts_at=at("2026-11-26"), **more)
    if state:
        enrol(session, ash, state)
    return session


def place_given_back(session, ash, ida):
    ash.enrolments.get().withdraw(now=NOW)


def session_called_off(session, ash, ida):
    session.call_off("Snow", now=NOW)


def hold_run_out(session, ash, ida):
    with time_machine.travel(NOW + dt.timedelta(days=3), tick=False):
        Enrolment.objects.move_all_waiting_lists(NOW + dt.timedelta(days=3))


def taken_off_who_gives_it(session, ash, ida):
    session.change(now=NOW, teaches=list(session.modules.all()), gives=[ida])


CANCELLED = {
    "place given back": ("enrolled", [], place_given_back),
    "held place given back": ("offered", [], place_given_back),
    "session called off": ("enrolled", [], session_called_off),
    "session they give called off": (None, ["ash"], session_called_off),
    "hold run out": ("offered", [], hold_run_out),
    "taken off who gives it": (None, ["ash"], taken_off_who_gives_it),
}


@pytest.mark.parametrize(("state", "gives", "change"), CANCELLED.values(), ids=CANCELLED)
def test_session_is_cancelled_not_vanished(feed_of, ash, trainer, state, gives, change):
    session = a_session_of(ash, state)
    session.facilitators.set([ash] if gives else [])
    Enrolment.objects.filter(state="offered").update(held_until=NOW + dt.timedelta(days=1))
    token = Feed.objects.renew(ash)
    (before,) = feed_of(token)
    change(session, ash, trainer)
    (after,) = feed_of(token)

    assert before["STATUS"] == ("TENTATIVE" if state == "offered" else "CONFIRMED")
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTAMP"] > before["DTSTAMP"]


def test_hold_has_run_out_before_anybody_looks(feed_of, ash):
    """A worker that stands still promises nobody a place; its next look makes no further version."""
    a_session_of(ash, "offered")
    Enrolment.objects.update(held_until=NOW + dt.timedelta(hours=1))
    token = Feed.objects.renew(ash)
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        (before,) = feed_of(token)
        Enrolment.objects.move_all_waiting_lists(NOW + dt.timedelta(hours=2))
        (after,) = feed_of(token)

    assert before == after
    assert (before["STATUS"], before["SEQUENCE"]) == ("CANCELLED", 1)


def test_every_change_is_a_later_version(feed_of, ash, trainer):
    """There and back again: a place, who gives it, a new time; the stamp never goes back, nor does the number."""
    session = a_session_of(ash)
    token, versions = Feed.objects.renew(ash), []
    row = ash.enrolments.get()
    modules = list(session.modules.all())
    for change in (
        lambda: None,
        lambda: row.withdraw(now=NOW),
        lambda: Enrolment.objects.take_place(session, ash, now=NOW),
        lambda: session.change(now=NOW, teaches=modules, gives=[ash]),
        lambda: ash.enrolments.get().withdraw(now=NOW),
        lambda: session.change(now=NOW, teaches=modules, gives=[]),
        lambda: session.change(now=NOW, teaches=modules, gives=[ash]),
        lambda: session.change(
            now=NOW, teaches=modules, gives=[ash], starts_at=at("2026-11-25"), ends_at=at("2026-11-25", "20:00")
        ),
    ):
        change()
        (event,) = feed_of(token)
        versions.append((event["SEQUENCE"], event["DTSTAMP"], event["STATUS"], event["DTSTART"]))

    changed = [(old, new) for old, new in pairwise(versions) if old[2:] != new[2:]]
    assert len(changed) == 5
    assert all(new[0] > old[0] and new[1] > old[1] for old, new in changed)
    assert all(new[:2] >= old[:2] for old, new in pairwise(versions))


@pytest.mark.parametrize("token", ["unknown", "x" * 300, "%00", "..", "ünï"])
def test_guessed_address_is_a_404(client, ash, token):
    Feed.objects.renew(ash)

    assert client.get(f"/rota/feed/{token}.ics").status_code == 404


def test_renewing_and_taking_back_end_the_old_address(client, ash):
    old = Feed.objects.renew(ash)
    new = Feed.objects.renew(ash)
    assert client.get(reverse("hub:feed", args=[old])).status_code == 404
    assert client.get(reverse("hub:feed", args=[new])).status_code == 200

    ash.is_active = False
    ash.save()
    assert client.get(reverse("hub:feed", args=[new])).status_code == 404


def test_only_a_hash_is_kept(client, sign_in, ash):
    sign_in(client, ash)
    client.post(reverse("hub:calendar"))
    shown = client.get(reverse("hub:calendar")).context["address"]

    text = " ".join(everything().values())
    assert shown.rpartition("/")[2].removesuffix(".ics") not in text
    assert Feed.objects.get().digest in text


def test_unchanged_feed_is_not_sent_again(client, ash):
    post_of(a_shift(at("2026-11-26"))).put_on(ash)
    address = reverse("hub:feed", args=[Feed.objects.renew(ash)])
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    Signup.objects.update(state="withdrawn")
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_making_copying_and_taking_back_from_the_page(client, sign_in, ash):
    sign_in(client, ash)
    page = reverse("hub:calendar")
    assert "Make my address" in client.get(page).content.decode()

    shown = client.post(page, follow=True).context["address"]
    path = shown.removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 200
    assert shown not in client.get(page).content.decode(), "once"

    client.post(reverse("hub:calendar-revoke"))
    assert client.get(path).status_code == 404
    assert Feed.objects.count() == 0


@pytest.mark.parametrize("more", [0, 2])
def test_feed_is_three_questions_however_many_shifts(client, ash, more, django_assert_num_queries):
    for day in range(26, 27 + more):
        post_of(a_shift(at(f"2026-11-{day}"))).put_on(ash)
    address = reverse("hub:feed", args=[Feed.objects.renew(ash)])

    with django_assert_num_queries(3):
        client.get(address)
