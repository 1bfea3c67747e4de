"""What Django checks before it serves or migrates."""

from django.core.checks import run_checks
from django.db import connection

from hub import checks


def problems():
    return [problem.msg for problem in run_checks(tags=["database"], databases=["default"])]


def test_a_server_that_is_new_enough_is_let_in(db):
    assert problems() == []


def test_an_older_server_is_refused_in_a_sentence(db, monkeypatch):
    here = connection.pg_version // 10000
    monkeypatch.setattr(checks, "OLDEST_POSTGRESQL", here + 1)

    assert problems() == [f"PostgreSQL {here} is too old: the app needs {here + 1} or newer."]
