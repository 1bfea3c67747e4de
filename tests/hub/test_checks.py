"""What Django checks before it serves or migrates."""

from django.core.checks import run_checks
from django.db import connection

from hub import checks


def problems():
    return [problem.msg for problem in run_checks(tags=["database"], databases=["default"])]


def test_new_enough_server_is_accepted(db):
    assert problems() == []


def test_an_older_server_is_refused_in_a_sentence(db, monkeypatch):
    here = connection.pg_version // 10000
    monkeypatch.setattr(checks, "OLDEST_POSTGRESQL", here + 1)

    assert problems() == [f"PostgreSQL {here} is too old: the app needs {here + 1} or newer."]
