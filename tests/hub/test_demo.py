"""The demo: one world, the same every time, and never among real people."""

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from hub.demo import SIGN_INS
from hub.models import (
    Alert,
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
from school.completion import Level
from school.models import Course, Enrolment, Proposal, Session
from school.models.progress import in_course, progress
from supplies.models import Item, Movement, Outgoing
from volunteers.models import Hours, Period, User

pytestmark = pytest.mark.django_db


@time_machine.travel("2026-11-23 12:00+00:00", tick=False)
def test_demo_lays_out_a_hub_that_adds_up(demo, capsys):
    call_command("demo")

    assert Hub.current().address
    assert all(User.objects.get(username=name).check_password(password) for _role, name, password in SIGN_INS)
    visits = Tally.objects.filter(measure=Measure.VISITS).aggregate(n=Sum("value"))["n"]
    assert visits == Opening.objects.aggregate(n=Sum("visits"))["n"] > 300
    assert not Visit.objects.exists()
    given = Tally.objects.filter(measure=Measure.GIVEN).aggregate(n=Sum("value"))["n"]
    gone = Movement.objects.filter(kind=Movement.Kind.GIVEN_OUT).aggregate(n=Sum("quantity"))["n"]
    kits = NaloxoneGiven.objects.aggregate(n=Sum("kits"))["n"]
    assert given + kits == Outgoing.objects.aggregate(n=Sum("quantity"))["n"] - gone
    assert kits > 50
    assert Alert.objects.live().count() == 1
    (period,) = Period.objects.open()
    assert 0 < period.answered().count() < period.people().count()
    assert period.shifts().filter(state="draft").count() > 8
    assert Hours.objects.exists()
    assert 40 <= Pathway.objects.to_check(90).count() < Pathway.objects.shown().count()
    assert {model.objects.count() > 5 for model in (Reversal, StripResult)} == {True}
    assert Item.objects.on_the_desk().count() >= 8
    assert all(name in capsys.readouterr().out for name in ["volunteer"])


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


@time_machine.travel("2026-11-23 12:00+00:00", tick=False)
def test_demo_has_a_school_with_people_at_every_point(demo):
    call_command("demo")

    course = Course.objects.with_modules().get()
    levels = {one.level for one in progress(course, in_course(course), now=timezone.now())}
    assert levels >= {Level.READY, Level.NEARLY, Level.UNDER_WAY, Level.NEW}
    states = set(Enrolment.objects.values_list("state", flat=True))
    assert states == {"enrolled", "offered", "waiting", "there", "not_there", "withdrawn"}
    assert set(Session.objects.values_list("state", flat=True)) == {"planned", "announced", "cancelled"}
    assert Session.objects.filter(settled_on__isnull=False).exists()
    assert Session.objects.with_unsaid().exists()
    assert Proposal.objects.open().exists()
