"""`manage.py run`, tried with a database folder of its own."""

import contextlib
import http.client
import os
import signal
import socket

import pytest

from tests.project.conftest import UNSET, ended, python, server_of
from tests.wait_for_server import PATIENCE, a_free_port


@pytest.fixture
def laptop(folder):
    return {**UNSET, "DEBUG": "true", "DEMO": "false", "HUB_DATA_DIR": str(folder), "PORT": str(a_free_port())}


@contextlib.contextmanager
def running_hub(laptop):
    with python("manage.py", "run", **laptop) as process:
        try:
            for line in process.stdout:
                if "Ctrl-C stops it." in line:
                    break
            else:
                pytest.fail(process.stderr.read())
            yield process
        finally:
            process.kill()


def front_page(laptop):
    asked = http.client.HTTPConnection("127.0.0.1", int(laptop["PORT"]), timeout=PATIENCE)
    with contextlib.closing(asked):
        asked.request("GET", "/")
        return asked.getresponse().status


def test_hub_runs_until_stopped_or_killed(laptop, folder):
    with running_hub(laptop) as process:
        assert front_page(laptop) == 200
        process.kill()
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # The same port: what the one before left behind has to be gone.
        with running_hub(laptop) as process:
            assert front_page(laptop) == 200
            os.killpg(process.pid, stop) if stop == signal.SIGINT else process.send_signal(stop)
            _out, err = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0
            assert "Traceback" not in err
        with pytest.raises(ConnectionRefusedError):
            front_page(laptop)
        assert not (server_of(folder).cluster / "postmaster.pid").exists()


def test_a_taken_port_is_one_sentence(laptop):
    with socket.create_server(("127.0.0.1", int(laptop["PORT"]))):
        code, _out, err = ended("manage.py", "run", **laptop)
    assert code == 1
    assert err.endswith(
        f"CommandError: Port {laptop['PORT']} is taken: stop what uses it, or choose another with PORT=8001.\n"
    )
    assert "Traceback" not in err


@pytest.mark.parametrize("port", ["eight", "0", "65536"])
def test_a_port_that_is_none_is_one_sentence(laptop, port):
    code, _out, err = ended("manage.py", "run", **{**laptop, "PORT": port})
    assert code == 1
    assert err.endswith(f"CommandError: PORT is a number from 1 to 65535, not {port}.\n")
    assert "Traceback" not in err
