"""`aggregate_visits` (and its other name, `fold`) does what the timetable does, and again does nothing."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from hub.jobs import aggregate_visits
from hub.models import Opening, SeenVisit, Visit

pytestmark = pytest.mark.django_db

EVENING = "2026-11-23 20:00+00:00"
MORNING = "2026-11-24 06:00+00:00"


@pytest.fixture
def forgotten():
    """A desk with one visit, left open."""
    with time_machine.travel(EVENING, tick=False):
        opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
        Visit.objects.create(pk="0b0f3c9e-6a51-4a58-8a4e-2f6d3a1f7c11", opening=opening, people=2)
    return opening


def _by_command():
    call_command("aggregate_visits")


def _by_other_name():
    call_command("fold")


def _by_timetable():
    aggregate_visits(0)


@pytest.mark.parametrize("run", [_by_command, _by_other_name, _by_timetable])
@time_machine.travel(MORNING, tick=False)
def test_forgotten_desk_is_folded_at_six(forgotten, run):
    run()
    run()

    forgotten.refresh_from_db()
    assert (forgotten.state, forgotten.visits, forgotten.people) == ("closed", 1, 2)
    assert not Visit.objects.exists()


@time_machine.travel("2026-11-24 05:59+00:00", tick=False)
def test_desk_is_left_alone_before_six(forgotten):
    _by_timetable()

    forgotten.refresh_from_db()
    assert forgotten.state == "open"
    assert Visit.objects.count() == 1


@time_machine.travel("2026-11-23 21:00+00:00", tick=False)
def test_fold_open_closes_tonights_desk_too(forgotten, capsys):
    call_command("fold", "--open")

    forgotten.refresh_from_db()
    assert forgotten.state == "closed"
    assert "1 folded" in capsys.readouterr().out


def test_ids_are_forgotten_after_thirty_days(forgotten):
    with time_machine.travel(MORNING, tick=False):
        _by_timetable()
    evening = dt.datetime.fromisoformat(EVENING)
    with time_machine.travel(evening + dt.timedelta(days=30), tick=False):
        _by_timetable()
        assert SeenVisit.objects.count() == 1
    with time_machine.travel(evening + dt.timedelta(days=31), tick=False):
        _by_timetable()
        assert SeenVisit.objects.count() == 0
