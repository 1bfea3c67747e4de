"""A hub with work to do: years of months to complete, shifts to take, a full register, a shelf, and people."""

import datetime as dt
import uuid

from django.utils import timezone

from hub.core.periods import evening, month_of
from hub.models import Hub, Measure, Opening, Tally
from supplies.models import Item
from tests.school.makers import a_course, a_session, enrol
from tests.supplies.makers import an_item
from tests.volunteers.rota_world import a_shift, somebody
from volunteers.models import RotaSettings, User

MONTHS = 110
ITEMS = ("foil", "spoon", "citric", "swab", "fixed-1ml-29g")


class World:
    """What the flows reach for, as keys and numbers: nothing in here goes stale when the database is killed."""

    def __init__(self):
        Hub.objects.create(pk=1, name="The Hub", address="12 Sample Street")
        RotaSettings.objects.create(pk=1, most_a_week=21, rest_hours=0, weeks_ahead=None)
        Item.objects.add_default_catalogue()
        self.items = [Item.objects.get(slug=slug).pk for slug in ITEMS]
        for item in Item.objects.filter(pk__in=self.items):
            item.receive(500_000, lot_number="L1", expires_on=dt.date(2099, 1, 1))
        # Each of its deliveries is a lot of its own, by which it is found again.
        self.water = an_item("Water", tracks_expiry=True, tracks_lot=True).pk
        self.desk = [somebody(f"Desk {n}") for n in range(4)]
        self.office = somebody("Mo", roles=("coordinator",))
        self.ida = somebody("Ida", roles=("trainer",))
        self.takers = [somebody(f"Taker {n}") for n in range(6)]
        self.month = month_of(evening(timezone.localtime()))
        self.past = self._past_months()
        self.posts = self._posts()
        self.session, self.places = self._register()

    def _past_months(self):
        """Months that are over and not complete, the earliest first; each gave some of everything."""
        months, first = [], self.month
        for _n in range(MONTHS):
            first = month_of(first - dt.timedelta(days=1))
            months.append(first)
        for number, month in enumerate(reversed(months)):
            visits = 20 + number % 7
            Opening.objects.create(
                date=month.replace(day=3), kind="planned", state="closed", visits=visits, people=visits + 5
            )
            given = {item: 9 + (item + number) % 13 for item in self.items}
            Item.objects.issue(given, month=month)
            said = {(Measure.GIVEN, str(item)): n for item, n in given.items()}
            Tally.objects.add(month, {(Measure.VISITS, ""): visits, (Measure.PEOPLE, ""): visits + 5, **said})
        return sorted(months)

    def _posts(self):
        """(post, shift) of a shift a day for two months, each with two places."""
        now = timezone.now()
        shifts = [a_shift(now + dt.timedelta(days=1 + n), posts=(("Desk", 1, 2, None),)) for n in range(60)]
        return [(shift.posts.get().pk, shift.pk) for shift in shifts]

    def _register(self):
        course = a_course()
        session = a_session(course, starts_at=timezone.now() - dt.timedelta(minutes=30), places=40)
        people = [User.objects.create_user(f"p{n}", chosen_name=f"Person {n}") for n in range(30)]
        return session.pk, [enrol(session, person).pk for person in people]

    @staticmethod
    def key():
        """A random id, as a device makes one."""
        return uuid.uuid4()
