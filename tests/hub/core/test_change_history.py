"""What is kept of who changed what lasts a year."""

import datetime as dt

import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from pghistory.models import Context

from hub.core.change_history import CHANGE_HISTORY_RETENTION, find_history_models
from hub.jobs import delete_daily
from hub.models import DeskSettings

NOW = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)
Changes = next(event for event in find_history_models() if event.pgh_tracked_model is DeskSettings)


def a_change(client, admin, age):
    """The checklist changed by somebody, so long ago, and a line of the admin's log about it."""
    before = set(Changes.objects.values_list("pk", flat=True))
    client.post("/desk/setup/", {"checklist": f"{age}", "trained": ""})
    changes = Changes.objects.exclude(pk__in=before)
    # The database dates its rows by its own clock, which no test can set.
    Context.objects.filter(pk__in=changes.values("pgh_context")).update(created_at=NOW - age)
    changes.update(pgh_created_at=NOW - age)
    about = ContentType.objects.get_for_model(DeskSettings)
    line = LogEntry.objects.create(user=admin, content_type=about, object_id="1", object_repr="x", action_flag=2)
    LogEntry.objects.filter(pk=line.pk).update(action_time=NOW - age)


def kept():
    return Changes.objects.count(), Context.objects.count(), LogEntry.objects.count()


def test_change_history_is_forgotten_after_a_year(client, admin, sign_in, demo):
    sign_in(client, admin)
    Context.objects.all().delete()
    a_change(client, admin, CHANGE_HISTORY_RETENTION + dt.timedelta(seconds=1))
    a_change(client, admin, CHANGE_HISTORY_RETENTION)
    assert kept() == (2, 2, 2)

    with time_machine.travel(NOW, tick=False):
        delete_daily(timestamp=0)
        assert kept() == (1, 1, 1)
        assert {Context.objects.get().created_at, Changes.objects.get().pgh_created_at} == {
            NOW - CHANGE_HISTORY_RETENTION
        }

    with time_machine.travel(NOW + dt.timedelta(seconds=1), tick=False):
        call_command("tidy", verbosity=0)
    assert kept() == (0, 0, 0)
