"""What a run of the tests keeps to itself: its settings, its database and its ports."""

import socket
import sys

import pytest
from django.db import connection

from tests import surroundings
from tests.database import _Databases
from tests.project.conftest import ended
from tests.wait_for_server import a_free_port

HOSTILE = {
    **dict.fromkeys(surroundings.SETTINGS, "nonsense"),
    "PGPORT": "1",
    "PGOPTIONS": "-c search_path=nowhere",
    "LC_ALL": "POSIX",
    "TZ": "Asia/Tokyo",
    "http_proxy": "http://127.0.0.1:1",
    "GUNICORN_CMD_ARGS": "--workers=nonsense",
    "PYTHONOPTIMIZE": "2",
}
ASK = """
import os, tests.database, django
django.setup()
from django.conf import settings
from django.db import connection
print(settings.DEBUG, settings.DEMO, settings.CURRENCY, connection.settings_dict["PORT"])
print(*sorted(name for name in os.environ if name in {names}))
"""


def test_what_somebody_has_exported_reaches_no_test(tmp_path):
    names = {*HOSTILE} - set(surroundings.SETTINGS)
    told = HOSTILE | {"HUB_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "nowhere"}
    code, out, err = ended("-c", ASK.format(names=names), **told)
    assert code == 0, err
    # Django itself says which time it is in.
    assert out.splitlines() == ["True False £ 5432", "TZ"]


def databases(run):
    return _Databases(connection.settings_dict["NAME"] + "_test_", run)


@pytest.mark.django_db
def test_databases_of_killed_runs_go_and_others_stay():
    with databases("aaaaaaaaaaaa") as living, databases("bbbbbbbbbbbb") as killed, databases("cccccccccccc") as new:
        for database in (living, killed):
            database.server.execute(f'CREATE DATABASE "{database.original}" TEMPLATE template0')
            database.server.execute(f'CREATE DATABASE "{database.original}_gw0" TEMPLATE template0')
        killed._lock("pg_advisory_unlock_shared", killed.run)  # noqa: SLF001 -- as the end of its process does

        new.take_away_what_was_left()

        assert sorted(new._there()) == [living.original, f"{living.original}_gw0"]  # noqa: SLF001 -- the same
        killed._lock("pg_advisory_lock_shared", killed.run)  # noqa: SLF001 -- the same
    with databases("dddddddddddd") as later:
        assert later._there() == []  # noqa: SLF001 -- the same


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a port be held for somebody")
def test_free_port_is_given_to_nobody_else():
    ours = {a_free_port() for _one in range(200)}
    others = [socket.create_server(("127.0.0.1", 0)) for _one in range(200)]
    assert ours.isdisjoint({other.getsockname()[1] for other in others})
    for other in others:
        other.close()
    port = ours.pop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)):
        pass
