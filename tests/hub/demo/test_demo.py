"""The demo: one world, the same every time, and never among real people."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from hub.core.periods import Period, Span, tonight
from hub.demo import SIGN_INS
from hub.models import (
    Alert,
    Edition,
    Hub,
    Measure,
    NaloxoneGiven,
    Opening,
    Pathway,
    Reversal,
    StripResult,
    Tally,
    Visit,
)
from hub.reports.charts import build_charts, find_middle
from school.completion import Level
from school.models import Course, Enrolment, Proposal, Session
from school.models.progress import find_people_in_course, load_progress
from supplies.models import Contribution, Item, Movement, Outgoing
from tests.hub.reports.numbers_world import cells
from volunteers.models import Hours, RotaPeriod, Shift, Signup, User

pytestmark = pytest.mark.django_db


@time_machine.travel("2026-11-23 12:00+00:00", tick=False)
def test_demo_totals_add_up_and_sign_ins_work(demo, capsys):
    call_command("demo")

    assert all(name in capsys.readouterr().out for name in ["volunteer"])
    the_hub_adds_up()
    the_school_has_people_at_every_point()
    the_published_quarter_agrees_with_itself()


def test_demo_is_laid_out_today(demo):
    """Whatever day that is: `make test-dates` says which."""
    lay_out_on_any_day()


# The evening is still the old year's; nothing of the month has happened yet; other months have no such day.
@pytest.mark.parametrize("moment", ["2027-01-01 00:30+00:00", "2027-07-01 06:30+01:00", "2027-03-31 20:00+01:00"])
def test_demo_is_laid_out_at_a_turn(demo, moment):
    with time_machine.travel(moment, tick=False):
        lay_out_on_any_day()
        buckets = Contribution.objects.filter(kind="collection", fund__name__contains="ucket")
        assert len({bucket.month for bucket in buckets}) == len(buckets) == 7


def lay_out_on_any_day():
    call_command("demo")
    the_hub_adds_up()
    the_school_has_people_at_every_point()
    edition = Edition.objects.get()
    assert edition.period == Period.of(tonight(), Span.QUARTER).before
    assert [table["slug"] for table in edition.tables if not table["rows"]] in ([], ["said"])


def the_hub_adds_up():
    assert Hub.current().address
    assert all(User.objects.get(username=name).check_password(password) for _role, name, password in SIGN_INS)
    visits = Tally.objects.filter(measure=Measure.VISITS).aggregate(n=Sum("value"))["n"]
    assert visits == Opening.objects.aggregate(n=Sum("visits"))["n"] > 300
    assert not Visit.objects.exists()
    given = Tally.objects.filter(measure=Measure.GIVEN).aggregate(n=Sum("value"))["n"]
    gone = Movement.objects.filter(kind=Movement.Kind.GIVEN_OUT).aggregate(n=Sum("quantity"))["n"]
    kits = NaloxoneGiven.objects.aggregate(n=Sum("kits"))["n"]
    # On the first day of a quarter every month there is has been completed, and all of it lies in the ledger.
    assert given + kits == (Outgoing.objects.aggregate(n=Sum("quantity"))["n"] or 0) - gone
    assert kits > 50
    assert Alert.objects.live().count() == 1
    (period,) = RotaPeriod.objects.open()
    assert 0 < period.answered().count() < period.people().count()
    assert period.shifts().filter(state="draft").count() > 8
    assert Hours.objects.exists()
    assert 40 <= Pathway.objects.to_check(90).count() < Pathway.objects.shown().count()
    assert {model.objects.count() > 5 for model in (Reversal, StripResult)} == {True}
    assert Item.objects.on_the_desk().count() >= 8


def the_school_has_people_at_every_point():
    course = Course.objects.with_modules().get()
    levels = {progress.level for progress in load_progress([course], find_people_in_course(course), now=timezone.now())}
    assert levels >= {Level.READY, Level.NEARLY, Level.UNDER_WAY, Level.NEW}
    states = set(Enrolment.objects.values_list("state", flat=True))
    assert states == {"enrolled", "offered", "waiting", "there", "not_there", "withdrawn"}
    assert set(Session.objects.values_list("state", flat=True)) == {"planned", "announced", "cancelled"}
    assert Session.objects.filter(settled_on__isnull=False).exists()
    assert Session.objects.with_missing_outcomes().exists()
    assert Proposal.objects.open().exists()


def the_published_quarter_agrees_with_itself():
    edition = Edition.objects.get()
    assert edition.period == Period.read("2026-q3")
    assert [table["slug"] for table in edition.tables if not table["rows"]] in ([], ["said"])
    assert [picture.slug for picture in build_charts(edition.tables)] == [
        "trend",
        "given",
        "missing",
        "law",
        "rota",
        "school",
    ]
    volunteering, school, money = (cells(edition, slug) for slug in ("volunteering", "school", "money"))
    planned = cells(edition, "openings")["Openings planned"]
    for column in range(3):
        # Every opening is staffed, packing comes on top, and some of it was short; two to five hours a person.
        shifts = volunteering["Shifts"][column]
        assert shifts - planned[column] in (6, 7)
        short = volunteering["Shifts with too few people"][column]
        assert short == "*" or 0 < short < shifts / 2
        assert 2 * 2 * shifts < find_middle(volunteering["Hours volunteers gave"][column]) < 4 * 5 * shifts
        assert school["Sessions"][column] * 6 <= find_middle(school["Times somebody came to a session"][column])
        assert 1 < Decimal(money["Supplies for one visit, on average"][column]) < 10
        assert find_middle(cells(edition, "naloxone")["Naloxone kits given out"][column]) > 20
    # In the books, and not among who is asked for by name.
    old = timezone.now() - dt.timedelta(days=60)
    assert Shift.objects.filter(ends_at__lt=old, short__gt=0).exists()
    assert not Signup.objects.filter(during__endswith__lte=old).exists()


@time_machine.travel("2026-11-23 12:00+00:00", tick=False)
def test_demo_stays_out_of_a_database_with_people(demo, volunteer):
    with pytest.raises(CommandError, match="people"):
        call_command("demo")

    assert not Item.objects.exists()


def test_demo_is_not_laid_out_by_accident(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="--on-this-database"):
        call_command("demo")

    assert not User.objects.exists()
