"""The page kept for when the database is away: whole, dated by the day, and of nobody."""

import datetime as dt

import psycopg
import pytest
import time_machine
from django.db import IntegrityError, OperationalError
from django.test import RequestFactory
from procrastinate.exceptions import ConnectorException
from psycopg import errors

from hub.models import Hub
from hub.public import offline_copy
from hub.web.views import error_views
from tests.volunteers.rota_world import a_shift, at


@pytest.fixture
def kept(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(offline_copy, "_kept", "")
    monkeypatch.setattr(offline_copy, "_made_of", b"")
    settings.LAST_PAGE = tmp_path / "a folder" / "last.html"
    return settings.LAST_PAGE


@time_machine.travel(at("2026-11-24", "12:34"), tick=False)
def test_front_page_is_kept_with_day_only(client, db, kept):
    Hub.objects.create(pk=1, name="Corner House", address="12 Sample Street", usual_hours="Tuesdays at six")
    a_shift(at("2026-11-24", "18:00"))

    client.get("/", headers={"User-Agent": "A phone of somebody's"})

    page = kept.read_text()
    assert "Corner House" in page
    assert "Tuesday 24 November" in page
    assert "6 pm to 9 pm" in page
    assert "Tuesdays at six" in page
    assert "Call 999" in page
    assert [word for word in ("12:34", "12 Sample Street", "A phone", "csrf", "Today") if word in page] == []
    assert dt.datetime.fromtimestamp(kept.stat().st_mtime, tz=dt.UTC).isoformat() == "2026-11-24T00:00:00+00:00"


def test_offline_copy_is_rewritten_only_when_changed(client, db, kept):
    hub = Hub.objects.create(pk=1, name="Corner House")
    client.get("/")
    was = kept.stat().st_ino
    client.get("/")
    assert kept.stat().st_ino == was

    Hub.objects.update(usual_hours="Fridays")
    client.get("/")

    assert "Fridays" in kept.read_text()
    assert [path.name for path in kept.parent.iterdir()] == ["last.html"]
    assert hub.pk == 1


def test_offline_copy_survives_unwritable_folder(client, db, kept, settings, tmp_path):
    (tmp_path / "a file").write_text("")
    settings.LAST_PAGE = tmp_path / "a file" / "last.html"
    Hub.objects.create(pk=1, name="Corner House", usual_hours="Tuesdays at six")

    assert client.get("/").status_code == 200

    assert "Tuesdays at six" in offline_copy.last()


def test_offline_copy_defaults_to_overdose_steps(kept):
    answer = error_views.database_unavailable(RequestFactory().get("/"))

    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Call 999" in page
    assert page.index("Look at their breathing: the next card.") < page.index("Breathing</h2>")


@pytest.mark.parametrize(
    ("kind", "cause", "away"),
    [
        (OperationalError, None, True),
        (OperationalError, errors.ConnectionFailure(), True),
        (OperationalError, errors.CannotConnectNow(), True),
        (OperationalError, errors.TooManyConnections(), True),
        (OperationalError, errors.DiskFull(), True),
        (OperationalError, errors.DeadlockDetected(), False),
        (OperationalError, errors.LockNotAvailable(), False),
        (IntegrityError, None, False),
        (ValueError, None, False),
        # What writing down a job makes of them.
        (ConnectorException, psycopg.OperationalError(), True),
        (ConnectorException, psycopg.InterfaceError(), True),
        (ConnectorException, errors.DiskFull(), True),
        (ConnectorException, errors.DeadlockDetected(), False),
        (ConnectorException, psycopg.ProgrammingError(), False),
        (ConnectorException, None, False),
    ],
)
def test_only_unreachable_database_counts_as_away(kind, cause, away):
    problem = kind()
    problem.__cause__ = cause
    assert error_views.is_database_unavailable(problem) is away
