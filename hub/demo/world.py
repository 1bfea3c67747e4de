"""The demo's world of today: its hub, people, openings and stock; the other modules add their parts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from random import Random

from django.db import transaction

from hub.core.hub import Hub
from hub.core.periods import month_of, tonight
from hub.core.roles import ADMIN, COORDINATOR, TRAINER, VOLUNTEER
from hub.demo import availability, desk, front, ideas, logs, numbers, rota, school, stock, supplies
from hub.desk.models.openings import Opening
from hub.desk.models.tallies import Measure, Tally
from hub.directory.models.emergency_cards import EmergencyCard
from hub.months.models import Month
from supplies.models import Item, Lot, Movement, Store
from volunteers.models import Qualification, User

PASSWORD = "demo-demo-demo"  # noqa: S105 -- printed on the screen; the demo has nothing to protect
MONTHS = 6
OPENING_DAYS = (1, 3, 4)  # Tuesdays, Thursdays and Fridays, as the rota has them
VISITS_A_MONTH = 140


@dataclass(frozen=True)
class DemoPerson:
    """Somebody in the demo."""

    sign_in: str
    name: str
    pronouns: str
    role: str = ""
    holds: tuple[str, ...] = ()


SCHOOL = ("school-done",)
TRAINED = (*SCHOOL, "naloxone-trained")
PEOPLE = (
    DemoPerson("volunteer", "Ash", "they/them", VOLUNTEER.name, TRAINED),
    DemoPerson("coordinator", "Mo", "he/him", COORDINATOR.name, (*TRAINED, "shift-lead", "keyholder")),
    DemoPerson("trainer", "Ida", "she/her", TRAINER.name, (*TRAINED, "first-aid")),
    DemoPerson("admin", "Robin", "they/he", ADMIN.name, TRAINED),
    DemoPerson("trainee", "Jules", "she/they"),
    DemoPerson("sasha", "Sasha", "she/her", ADMIN.name, SCHOOL),
    DemoPerson("bo", "Bo", "", VOLUNTEER.name, (*TRAINED, "shift-lead")),
    DemoPerson("cam", "Cam", "he/they", VOLUNTEER.name, SCHOOL),
    DemoPerson("dee", "Dee", "she/her", VOLUNTEER.name, (*TRAINED, "keyholder")),
    DemoPerson("eli", "Eli", "", VOLUNTEER.name, TRAINED),
    DemoPerson("fox", "Fox", "fae/faer", VOLUNTEER.name, (*SCHOOL, "first-aid")),
    DemoPerson("gil", "Gil", "he/him", VOLUNTEER.name, (*TRAINED, "shift-lead")),
    DemoPerson("hal", "Hal", "", VOLUNTEER.name, TRAINED),
    DemoPerson("ivy", "Ivy", "she/they", VOLUNTEER.name, (*TRAINED, "shift-lead", "keyholder")),
    DemoPerson("jo", "Jo", "they/them", VOLUNTEER.name, SCHOOL),
    DemoPerson("kit", "Kit", "he/him", VOLUNTEER.name, TRAINED),
    DemoPerson("lou", "Lou", "", VOLUNTEER.name, (*SCHOOL, "first-aid")),
    DemoPerson("nour", "Nour", "she/her"),
    DemoPerson("teo", "Teo", "they/them"),
)
SIGN_INS = tuple((person.role or "trainee", person.sign_in, PASSWORD) for person in PEOPLE[:5])
"""(role, sign-in name, password): one for each role, to be printed where the demo is served."""


def list_sign_ins() -> list[tuple[str, str, str]]:
    """List the rows of `SIGN_INS` whose person is in this database."""
    there = set(User.objects.filter(username__in=[name for _role, name, _password in SIGN_INS]).values_list("username"))
    return [sign_in for sign_in in SIGN_INS if (sign_in[1],) in there]


# Short name → (in how many of a hundred visits it is taken, how many units then, at least and at most).
TAKEN = {
    "fixed-1ml-29g": (45, 5, 40),
    "fixed-1ml-30g": (18, 5, 30),
    "barrel-2ml": (20, 5, 30),
    "needle-orange": (16, 5, 30),
    "needle-blue": (9, 5, 20),
    "spoon": (40, 5, 20),
    "citric": (42, 5, 40),
    "sterile-water": (36, 5, 30),
    "swab": (38, 5, 30),
    "foil": (24, 5, 35),
    "bin-small": (30, 1, 2),
    "condom": (22, 3, 20),
    "lube": (18, 3, 20),
    "strip-nitazene": (14, 1, 3),
    "strip-benzo": (8, 1, 3),
    "hot-drink": (70, 1, 2),
    "food": (45, 1, 2),
    "rights-card": (10, 1, 1),
    "wound-care": (7, 1, 2),
    "socks": (12, 1, 2),
}


@transaction.atomic
def build(before: Callable[[], None]) -> None:
    """Build the whole world, or none of it. The caller has made sure that nobody real is in the database.

    `before` adds the past, which is in the report that is published last.
    """
    random = Random("a hub")  # noqa: S311 -- the same world every time is the point
    today = tonight()  # until 06:00 last month is not over, and cannot be completed
    _add_hub()
    _add_people(today)
    Item.objects.add_default_catalogue()
    logs.add_choices()
    _add_deliveries(random, today)
    _add_openings(random, today)
    logs.add_present(today)
    rota.add_rota(random, today, User.objects.get(username="coordinator"))
    availability.add_availability(random, today, User.objects.get(username="coordinator"))
    desk.add_desk(today)
    supplies.add_purchases(today)
    stock.add_stock(today)
    school.add_school(random, today)
    ideas.add_ideas(random, today)
    before()
    numbers.publish_quarter(today)
    front.add_front(today)


def _add_hub() -> None:
    Hub.objects.update_or_create(
        pk=1,
        defaults={
            "name": "The Hub",
            "address": "12 Sample Street, London (the demo's own, not a real address)",
            "door": "Blue door beside the arch, middle bell",
            "nearest_naloxone": "Red box on the wall behind the desk",
        },
    )
    EmergencyCard.objects.lay_out()
    Qualification.objects.lay_out()


def _add_people(today: dt.date) -> None:
    qualifications = {qualification.slug: qualification for qualification in Qualification.objects.all()}
    coordinator: User | None = None
    for about in PEOPLE:
        person = User.objects.create_user(
            about.sign_in,
            chosen_name=about.name,
            pronouns=about.pronouns,
            password=PASSWORD,
            roles=[about.role] if about.role else [],
        )
        if about.role == COORDINATOR.name:
            coordinator = person
        for slug in about.holds:
            person.holdings.create(
                qualification=qualifications[slug],
                since=today - dt.timedelta(days=200),
                granted_by=coordinator,
                reason="The demo says so",
            )


def _add_deliveries(random: Random, today: dt.date) -> None:
    """Two lots of everything we stock, half a year and two months ago; one of the older ones is past its date."""
    store = Store.objects.main()
    movements = []
    for item in Item.objects.active().order_by("slug"):
        for number, days_ago in enumerate((190, 60), start=1):
            expires = today + dt.timedelta(days=random.randint(20, 900)) if item.tracks_expiry else None
            if item.slug == "wound-care" and number == 1:
                expires = today - dt.timedelta(days=12)
            tracked = item.tracks_lot or item.tracks_expiry
            name = f"D{number}{random.randint(1000, 9999)}" if tracked else ""
            lot = Lot.objects.get_or_create(item=item, number=name, expires_on=expires)[0]
            movements.append(
                Movement(
                    kind=Movement.Kind.RECEIVED,
                    item=item,
                    lot=lot,
                    store=store,
                    quantity=item.pack_size * _draw_packs(random, item),
                    made_on=today - dt.timedelta(days=days_ago),
                )
            )
        if item.slug in TAKEN:
            item.minimum, item.target = item.pack_size * 2, item.pack_size * 8
            item.save(update_fields=["minimum", "target"])
    Movement.objects.bulk_create(movements)


def _draw_packs(random: Random, item: Item) -> int:
    """How many packs each of the two deliveries brought: together a little more, or less, than goes out."""
    if item.naloxone:
        return 45
    if item.slug not in TAKEN:
        return 2
    often, low, high = TAKEN[item.slug]
    use = (MONTHS + 1) * VISITS_A_MONTH * often / 100 * (low + high) / 2
    return ceil(use * random.uniform(0.52, 0.75) / item.pack_size)


def _add_openings(random: Random, today: dt.date) -> None:
    """Openings since `MONTHS` months ago, folded as the desk folds them; months before the last are sealed."""
    items = {item.slug: item.pk for item in Item.objects.filter(slug__in=TAKEN)}
    first = month_of(today - dt.timedelta(days=31 * MONTHS))
    usual = {items[slug]: VISITS_A_MONTH * often * (low + high) // 200 for slug, (often, low, high) in TAKEN.items()}
    numbers.add_earlier_months(first, usual, OPENING_DAYS)
    days = [first + dt.timedelta(days=n) for n in range((today - first).days)]
    this_month, last_month = month_of(today), month_of(month_of(today) - dt.timedelta(days=1))
    for month in sorted({month_of(day) for day in days}):
        given: Counter[str] = Counter()
        visits = people = 0
        for day in days:
            if month_of(day) == month and day.weekday() in OPENING_DAYS:
                came = _add_opening(random, day)
                visits += len(came)
                people += sum(came)
                for _visit in came:
                    given.update(_draw_items(random))
        amounts = {items[slug]: n for slug, n in given.items()}
        Tally.objects.add(
            month,
            {
                (Measure.VISITS, ""): visits,
                (Measure.PEOPLE, ""): people,
                **{(Measure.GIVEN, str(item)): n for item, n in amounts.items()},
            },
        )
        while amounts:
            Item.objects.issue({item: min(n, 500) for item, n in amounts.items()}, month=month)
            amounts = {item: n - 500 for item, n in amounts.items() if n > 500}  # noqa: PLR2004 -- a handful at a time
        logs.add_month(month)
        if month not in (this_month, last_month):
            Month(month).complete_month()


def _add_opening(random: Random, day: dt.date) -> list[int]:
    """One evening; how many people each of its visits was. Nobody came to a few, and one was not written down."""
    opening = Opening(date=day, kind=Opening.Kind.PLANNED, state=Opening.State.CLOSED)
    luck = random.random()
    came = [] if luck < 0.06 else [random.choices((1, 2, 3), (80, 16, 4))[0] for _ in range(random.randint(5, 17))]  # noqa: PLR2004
    if luck < 0.02:  # noqa: PLR2004 -- one in fifty
        opening.state = Opening.State.NOT_RECORDED
    elif not came:
        opening.state = Opening.State.NOBODY_CAME
    if opening.state != Opening.State.NOT_RECORDED:
        opening.visits, opening.people = len(came), sum(came)
    opening.save()
    return came


def _draw_items(random: Random) -> dict[str, int]:
    return {
        slug: random.randint(low, high) for slug, (often, low, high) in TAKEN.items() if random.random() * 100 < often
    }
