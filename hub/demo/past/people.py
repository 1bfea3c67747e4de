"""The past's people: who is on the rota now, and the hours of all who have left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from dateutil.relativedelta import relativedelta
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from hub.core.periods import month_of
from hub.core.roles import VOLUNTEER
from hub.demo.past.size import Size
from volunteers.models import Holding, Hours, Qualification, User
from volunteers.models.hours import SIGNUP_RETENTION_DAYS, quarter_of

NAMES = """
    Ada Ali Amal Andrea Anouk Ari Aster Bay Bell Benji Blue Bram Briar Casey Ciara Comfort Dara Dev Dina Dot Ebo Eda
    Elm Esi Ezra Farah Fen Finn Flo Gus Hana Heath Hope Ife Ines Isa Iva Jax Jem Juno Kaya Keir Kofi Lake Lark Leo
    Lux Maeve Malik Marlo Mina Moss Nadia Niko Nina Noor Oak Oli Omar Oona Otis Pax Petra Quinn Rae Reed Remy Rio Roe
    Rowan Ruth Sade Sam Shay Sid Sky Stella Tariq Tess Tove Uma Val Vera Wes Xan Yara Yusuf Zadie Zed Zoe
"""
# Short name → how many of a hundred hold it.
HELD_PERCENT = {"school-done": 100, "naloxone-trained": 70, "shift-lead": 25, "first-aid": 15, "keyholder": 10}
A_SHIFT = 180


def make_people(sign_ins: list[str], random: Random, first: dt.date) -> list[User]:
    """People by these sign-in names, with chosen names that come again, as names do, who cannot get in yet."""
    names = NAMES.split()
    people = User.objects.bulk_create(
        User(
            username=name,
            chosen_name=random.choice(names) if random.random() < 0.5 else f"{random.choice(names)} {name[-1].upper()}",  # noqa: PLR2004
            pronouns=random.choice(("", "she/her", "he/him", "they/them")),
            password=make_password(None),
            last_here=first,
        )
        for name in sign_ins
    )
    return sorted(people, key=lambda person: person.username)


def add_people(size: Size) -> Iterator[float]:
    """Add enough people for the rota, with their qualifications; then hours, with and without a person."""
    random = Random("people of years")  # noqa: S311 -- the same world every time is the point
    missing = size.people - User.objects.filter(groups__isnull=False).distinct().count()
    crew = make_people([f"crew-{number:03}" for number in range(missing)], random, month_of(size.today))
    role = Group.objects.get(name=VOLUNTEER.name)
    User.groups.through.objects.bulk_create(User.groups.through(user=person, group=role) for person in crew)
    joined = {person.pk: _pick_day(random, size) for person in crew}
    _add_holdings(random, crew, joined)
    yield 0.5
    _add_hours(random, size, crew, joined)
    yield 1


def _pick_day(random: Random, size: Size) -> dt.date:
    """Most have not been here long: the square of luck is small."""
    days = (size.today - size.first_day).days
    return size.today - dt.timedelta(days=20 + round((days - 40) * random.random() ** 2))


def _add_holdings(random: Random, crew: list[User], joined: dict[int, dt.date]) -> None:
    qualifications = {qualification.slug: qualification for qualification in Qualification.objects.all()}
    Holding.objects.bulk_create(
        Holding(person=person, qualification=qualifications[slug], since=joined[person.pk], reason="The demo says so")
        for person in crew
        for slug, often in HELD_PERCENT.items()
        if random.random() * 100 < often
    )


def _add_hours(random: Random, size: Size, crew: list[User], joined: dict[int, dt.date]) -> None:
    """Add hours of shifts whose sign-ups are deleted. People who left share one row a quarter."""
    last = quarter_of(size.today - dt.timedelta(days=SIGNUP_RETENTION_DAYS)) - relativedelta(months=3)
    rows = [
        _make_hours(random, person, quarter)
        for person in crew
        for quarter in _list_quarters(quarter_of(joined[person.pk]), last)
    ]
    gone: dict[dt.date, Hours] = {}
    for _number in range(size.past_people):
        came = quarter_of(_pick_day(random, size))
        stayed = came + relativedelta(months=3 * random.randint(1, 8))
        for quarter in _list_quarters(came, min(last, stayed)):
            more = _make_hours(random, None, quarter)
            sums = gone.setdefault(quarter, Hours(quarter=quarter, last_month=quarter))
            sums.minutes, sums.shifts = sums.minutes + more.minutes, sums.shifts + more.shifts
    Hours.objects.bulk_create(rows + _make_hours_of_present(random, size) + [gone[quarter] for quarter in sorted(gone)])


def _make_hours_of_present(random: Random, size: Size) -> list[Hours]:
    """Three quarters of the people the demo has by name, before the sign-ups that are still there."""
    crew = User.objects.active().filter(username__startswith="crew-")
    people = User.objects.active().filter(holdings__qualification__slug="school-done").exclude(pk__in=crew)
    now = quarter_of(size.today)
    quarters = [now - relativedelta(months=3 * number) for number in (1, 2, 3)]
    return [_make_hours(random, person, quarter) for person in people.order_by("username") for quarter in quarters]


def _list_quarters(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += relativedelta(months=3)


def _make_hours(random: Random, person: User | None, quarter: dt.date) -> Hours:
    shifts = random.randint(2, 11)
    month = quarter + relativedelta(months=random.randint(0, 2))
    return Hours(person=person, quarter=quarter, shifts=shifts, minutes=A_SHIFT * shifts, last_month=month)
