"""A hub in another country: its own clock, number, money, week and bank holidays; on no page London's.

It walks every address there is (locality.py, clock.py, holiday_regions.py), and the sources for what they could forget.
"""

import datetime as dt
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.html import strip_tags

from hub.core.hub import Hub
from hub.directory.models.emergency_cards import EmergencyCard
from hub.reports.charts import format_figure
from hub.web.settings_groups import GROUPS
from supplies.templatetags.money import money
from tests.project.access_matrix import DOORS
from tests.project.access_requests import Cast, addresses
from tests.volunteers.rota_world import a_pattern, a_shift, post_of, somebody
from volunteers.eligibility import Rules, ShiftSpan, in_words
from volunteers.models import Letter, RotaSettings
from volunteers.shared import locality
from volunteers.shared.clock import format_span, format_time, get_week_start
from volunteers.shared.ical import CalendarEntry, calendar
from volunteers.shared.sealing import unseal

NOW = dt.datetime(2026, 11, 26, 17, 30, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Place:
    """A hub somewhere, and what its people read."""

    time_zone: str
    currency: str
    clock: str
    first_weekday: int
    region: str
    holiday: dt.date
    tonight: str
    costs: str
    week: str


PLACES = {
    "Warsaw": Place(
        "Europe/Warsaw", "zł", "24", 0, "PL", dt.date(2026, 11, 11), "18:00–21:00", "1,234.50\xa0zł", "23–29 November"
    ),
    "Dublin": Place(
        "Europe/Dublin", "€", "12", 0, "IE", dt.date(2026, 10, 26), "5 pm to 8 pm", "€1,234.50", "23–29 November"
    ),
    "Porto": Place(
        "Europe/Lisbon", "€", "24", 6, "PT", dt.date(2026, 12, 8), "17:00–20:00", "€1,234.50", "22–28 November"
    ),
}


@pytest.fixture(params=PLACES)
def place(request, db):
    """The hub there, in the middle of an evening that began half an hour ago in Warsaw and Dublin's winter alike."""
    place = PLACES[request.param]
    with time_machine.travel(NOW, tick=False):
        Hub.objects.create(
            pk=1,
            name="The Hub",
            address=f"1 Street, {request.param}",
            emergency_number="112",
            time_zone=place.time_zone,
            currency=place.currency,
            clock=place.clock,
            first_weekday=place.first_weekday,
        )
        EmergencyCard.objects.lay_out()
        RotaSettings.objects.create(pk=1, bank_holidays=place.region)
        a_shift(NOW - dt.timedelta(minutes=30))
        yield place


@pytest.fixture
def cast(place, demo, sign_in, admin, coordinator, trainer, volunteer, trainee):
    people = {
        "trainee": trainee,
        "volunteer": volunteer,
        "trainer": trainer,
        "coordinator": coordinator,
        "admin": admin,
    }
    return Cast(people, sign_in)


# London, its number or its money, to a reader. In boxes and figures 999 is a number like any other.
LONDONS = re.compile(r"tel:999|(?<![\d.,\w=\"])999(?![\d.,\w\"])|£|GBP|London")
# Where every zone or region of the world is offered.
LISTS = re.compile(r"<(select|script|style|datalist)\b.*?</\1>", re.DOTALL)


def said(response):
    """What a page says, with what its links ring."""
    kind = response.headers.get("Content-Type", "")
    if getattr(response, "streaming", False) or not re.search("text|xml|json|csv|calendar", kind):
        return ""
    page = LISTS.sub(" ", response.content.decode())
    return " ".join([strip_tags(page), *re.findall(r'href="tel:[^"]*"', page)])


@pytest.mark.usefixtures("demo")
def test_no_page_says_anything_of_london(cast):
    """Of every address there is, as whoever gets furthest in."""
    names = [name for name, _view, _wanted in addresses(get_resolver()) if name in DOORS]
    wrong = {}
    looked_at = 0
    for name in names:
        if DOORS[name].admin != 200:
            continue
        with cast.behind(name) as address:
            for role in ("admin", "anonymous"):
                response = cast.ask(role, "GET", address, patient=True)
                looked_at += response.status_code == 200
                if found := LONDONS.findall(said(response)):
                    wrong[name] = found

    for slug in (group.slug for group in GROUPS):
        response = cast.ask("admin", "GET", reverse("hub:settings-group", args=[slug]))
        if found := LONDONS.findall(said(response)):
            wrong[slug] = found

    assert wrong == {}
    assert looked_at > 100, "the walk reached the pages"


def test_front_page_keeps_the_clock_there(client, place):
    page = " ".join(strip_tags(client.get("/").content.decode()).split())

    closes = {"Warsaw": "21:00", "Dublin": "8 pm", "Lisbon": "20:00"}[place.time_zone.partition("/")[2]]
    assert f"Open now until {closes}" in page
    assert "Call 112" in page


def test_times_weeks_and_money_are_written_as_there(place):
    shift = ShiftSpan(1, NOW - dt.timedelta(minutes=30), NOW + dt.timedelta(hours=2, minutes=30))

    assert in_words(shift, Rules(zone=locality.known().zone)) == f"Thursday 26 November, {place.tonight}"
    assert money(Decimal("1234.5")) == place.costs
    assert format_figure("1234.5", "money") == place.costs
    assert get_week_start(NOW.date()).weekday() == place.first_weekday


def test_letters_say_nothing_of_london(place, coordinator):
    wren = somebody("Wren", "shift-lead")
    shift = a_shift(NOW + dt.timedelta(days=1), title="Night shift")
    post_of(shift).put_on(wren)
    shift.cancel("The heating is off", by=coordinator)
    letters = [json.loads(unseal(letter.sealed, purpose="letter")) for letter in Letter.objects.all()]

    assert letters
    assert LONDONS.findall(json.dumps(letters, ensure_ascii=False)) == []


def test_feeds_are_right_in_every_zone(place):
    """In UTC, which names no zone, and at the moment the shift begins."""
    entry = CalendarEntry("1@x", NOW, NOW + dt.timedelta(hours=3), "Busy")
    written = ical(entry)

    assert "DTSTART:20261126T173000Z" in written
    assert "TZID" not in written


def ical(*entries):
    return calendar(entries, name="Busy").decode()


def test_another_process_learns_of_a_change(db, monkeypatch):
    """An admin saves in one worker; the others read it again when theirs is old, and live by it from then on."""
    Hub.objects.create(pk=1, name="The Hub")
    Hub.objects.update(time_zone="Europe/Warsaw", emergency_number="112")
    assert locality.current().emergency_number == "999", "not asked at every turn"

    monkeypatch.setattr(locality, "TTL", 0.0)

    assert locality.current().emergency_number == "112"
    assert timezone.get_default_timezone_name() == "Europe/Warsaw"


def test_zone_is_adopted_whatever_the_setting_says():
    """A setting that is put back by itself leaves Django's default zone as it was: both have to follow."""
    with override_settings(DEMO=True):
        locality.adopt(locality.Locality(time_zone="Europe/Warsaw"))
        assert timezone.get_default_timezone_name() == "Europe/Warsaw"
    assert settings.TIME_ZONE == "Europe/London"

    locality.adopt(locality.Locality())

    assert timezone.get_default_timezone_name() == "Europe/London"


@pytest.mark.parametrize(
    "wrong",
    [{"emergency_number": "nine"}, {"emergency_number": ""}, {"clock": "13"}, {"first_weekday": 2}, {"time_zone": ""}],
)
def test_database_refuses_a_wrong_country(db, wrong):
    Hub.objects.create(pk=1, name="The Hub")

    with pytest.raises(IntegrityError), transaction.atomic():
        Hub.objects.update(**wrong)


@pytest.mark.usefixtures("demo")
def test_rota_week_begins_as_there(client, sign_in, coordinator, place):
    sign_in(client, coordinator)
    page = " ".join(strip_tags(client.get("/rota/").content.decode()).split())

    assert f"Rota, {place.week}" in page
    assert place.tonight in page


def test_bank_holidays_are_those_of_there(place, coordinator):
    day = place.holiday
    pattern = a_pattern(f"FREQ=WEEKLY;BYDAY={['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][day.weekday()]}", first_day=day)
    (planned,) = pattern.preview(day, day)

    assert planned.why_not


def test_days_begin_by_the_clock_there(place):
    just_after = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)
    is_tomorrow = place.time_zone == "Europe/Warsaw"

    assert timezone.localdate(just_after) == dt.date(2026, 7, 2 if is_tomorrow else 1)


def test_database_has_no_zone_of_its_own(db):
    """A function, trigger, view, default or generated column with a zone in it would go on living in London."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc ILIKE '%%europe/%%'"
            " UNION SELECT conname FROM pg_constraint WHERE pg_get_constraintdef(oid) ILIKE '%%europe/%%'"
            " UNION SELECT adrelid::regclass::text FROM pg_attrdef"
            " WHERE pg_get_expr(adbin, adrelid) ILIKE '%%europe/%%'"
            " UNION SELECT viewname FROM pg_views WHERE schemaname = 'public' AND definition ILIKE '%%europe/%%'"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    ("first", "last", "twelve", "twenty_four"),
    [
        ("20:00", "00:00", "8 pm to midnight", "20:00–00:00"),
        ("00:30", "12:00", "12:30 am to noon", "00:30–12:00"),
        ("12:15", "13:05", "12:15 pm to 1:05 pm", "12:15–13:05"),
        ("09:00", "11:59", "9 am to 11:59 am", "09:00–11:59"),
    ],
)
def test_clock_of_either_kind(first, last, twelve, twenty_four):
    first, last = dt.time.fromisoformat(first), dt.time.fromisoformat(last)
    assert format_span(first, last) == twelve

    locality.adopt(locality.Locality(clock="24"))
    assert format_span(first, last) == twenty_four
    assert format_time(first) == twenty_four.partition("–")[0]


# --- What the sources may not say, so that the next page is right too

ELSEWHERE = {
    # The one place, its column, Django's setting before a hub is known, and machines' own formats.
    "volunteers/shared/locality.py",
    "volunteers/shared/clock.py",
    "hub/core/hub.py",
    "hub/settings.py",
    "hub/formats/en_GB/formats.py",
    "hub/public/structured_data.py",
    # Boxes for a time: a browser shows it in its own way.
    "volunteers/forms/refusing.py",
    "school/forms/sessions.py",
    # How amounts are read in any money, and an example of how they are written.
    "volunteers/shared/forms/readers.py",
    "supplies/templatetags/money.py",
}
FIXED = re.compile(
    r"Europe/London|TIME_FORMAT|DATETIME_FORMAT|\bH:i\b|%H:%M|£|\bGBP\b|tel:999"
    r"|(?:[Cc]alls?|[Ss]ay to|[Rr]ing(?:ing)?) 999"
)


def sources():
    for folder in ("hub", "volunteers", "school", "supplies", "templates", "static/js"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            name = f"{path.relative_to(settings.BASE_DIR)}"
            if path.suffix in {".py", ".html", ".js"} and "migrations" not in name and "/demo/" not in name:
                yield name, path


def test_no_source_fixes_a_clock_or_money():
    found = {name: FIXED.findall(path.read_text(encoding="utf-8")) for name, path in sources() if name not in ELSEWHERE}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_source_counts_weeks_by_itself():
    """`day - timedelta(days=day.weekday())` is Monday: the hub's week begins elsewhere, at `get_week_start`."""
    by_itself = re.compile(r"- (?:dt\.)?timedelta\(days=[\w.() ]*\.weekday\(\)\)")
    # Weeks that nobody reads as a week of the rota: what is kept of an alert, and whether this week's letter went.
    stored = {"hub/directory/models/alerts.py", "hub/operations/stock_digest.py"}
    found = [name for name, path in sources() if by_itself.search(path.read_text(encoding="utf-8"))]
    assert set(found) <= stored


def test_every_listed_exception_is_needed():
    assert [name for name in ELSEWHERE if not FIXED.search((Path(settings.BASE_DIR) / name).read_text())] == []
