"""The demo's past: the same rows every time, and books that add up after all of them."""

import datetime as dt
import hashlib

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Sum
from django.utils import timezone

from hub.core.periods import Period, Span
from hub.demo import world
from hub.demo.past import Size
from hub.demo.past.build import BUSY_PARTS
from hub.demo.past.lot_queues import LotQueues
from hub.models import Edition, Measure, NaloxoneGiven, Opening, Tally
from school.models import Completion, Outcome, Session
from supplies.models import CompletedMonth, Fund, Movement, Outgoing
from volunteers.models import Hours, Shift, Signup, User

SMALL = {"years": 3, "scale": 0.03}


def number_from_the_end():
    """Let every table count on from its last row: what was rolled back has used up numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)


def is_said(field):
    """Whether a column says something: not an id nobody may guess, or what points at one, and no hash of a password."""
    meant = field.target_field if field.remote_field else field
    return not isinstance(meant, models.UUIDField) and field.attname != "password"


def checksum():
    """Of every row of ours, as far as it is said; but for histories, which keep the moment they were written."""
    everything = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        names = [field.attname for field in model._meta.concrete_fields if is_said(field)]  # noqa: SLF001 -- Django's own public name for it
        if not any(name.startswith("pgh_") for name in names):
            rows = sorted(map(repr, model._default_manager.values_list(*names)))  # noqa: SLF001 -- the same
            everything.update("\n".join([str(model), *rows]).encode())
    return everything.hexdigest()


def lay_out_years(size):
    for part in BUSY_PARTS:
        shares = list(part.add(size))
        assert shares == sorted(shares)
        assert shares[-1] == 1


def books_add_up():
    visits = Tally.objects.filter(measure=Measure.VISITS).aggregate(n=Sum("value"))["n"]
    assert visits == Opening.objects.aggregate(n=Sum("visits"))["n"]
    given = Tally.objects.filter(measure=Measure.GIVEN).aggregate(n=Sum("value"))["n"]
    gone = Movement.objects.filter(kind=Movement.Kind.GIVEN_OUT).aggregate(n=Sum("quantity"))["n"]
    kits = NaloxoneGiven.objects.aggregate(n=Sum("kits"))["n"]
    assert given + kits == Outgoing.objects.aggregate(n=Sum("quantity"))["n"] - gone


@pytest.mark.django_db
@time_machine.travel("2026-11-23 12:00+00:00", tick=False)
def test_demo_years_are_repeatable_and_add_up(demo):
    size = Size(**SMALL, today=timezone.localdate())
    sums = []

    def twice():
        for _time in range(2):
            number_from_the_end()
            with transaction.atomic():
                lay_out_years(size)
                sums.append(checksum())
                transaction.set_rollback(True)
        lay_out_years(size)

    world.build(before=twice)

    assert sums[0] == sums[1]
    books_add_up()
    assert list(CompletedMonth.objects.order_by("month").values_list("month", flat=True)) == size.months[:-2]
    assert Edition.objects.get().period == Period.of(size.today, Span.QUARTER).before
    assert Opening.objects.filter(date__lt=dt.date(2024, 1, 1)).count() == 1
    assert Shift.objects.filter(starts_at__year=2025).exists()
    assert not Signup.objects.filter(shift__starts_at__lt=timezone.now() - dt.timedelta(days=60)).exists()
    assert Hours.objects.filter(person=None).exists()
    assert not Session.objects.filter(settled_on=None, ends_at__lt=timezone.now() - dt.timedelta(weeks=12)).exists()
    assert Outcome.objects.filter(person__username__startswith="school-").exists()
    assert Completion.objects.exists()
    assert all(fund.left > 0 for fund in Fund.objects.with_money())


@pytest.mark.django_db
@pytest.mark.parametrize(("years", "scale"), [(0, 1), (31, 1), (1, 0), (1, 11)])
def test_years_have_an_end(years, scale, demo):
    with pytest.raises(CommandError):
        call_command("demo", years=years, scale=scale)

    assert not User.objects.exists()


def test_demo_years_have_the_promised_size():
    size = Size(10, 1, dt.date(2026, 11, 23))

    assert len(size.months) == 120
    assert size.evenings_a_month * 120 >= 3000
    assert size.shifts_a_week * 520 >= 5000
    assert (size.people, size.past_people, size.school_people, size.items) == (60, 400, 300, 45)


def test_demo_shelf_gives_oldest_first_below_zero():
    lots = LotQueues()
    lots.put(1, 7, 5)
    lots.put(1, 8, 5)

    assert list(lots.take(1, 6)) == [(7, 5), (8, 1)]
    assert lots.left(1) == 4
    assert list(lots.take(1, 6)) == [(8, 4), (None, 2)]
