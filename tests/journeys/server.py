"""A hub in a process of its own, that can be killed like any process, and come back."""

import os
import signal
from urllib.parse import quote

from django.db import connection

from tests.project.conftest import UNSET, python
from tests.wait_for_server import a_free_port, answers


def database_url():
    at = connection.settings_dict
    who = quote(at["USER"], safe="") + (":" + quote(at["PASSWORD"], safe="") if at["PASSWORD"] else "")
    # A socket's folder does not fit where a host's name goes.
    return f"postgres://{who}@/{at['NAME']}?host={quote(at['HOST'], safe='')}&port={at['PORT'] or 5432}"


class Server:
    """gunicorn on a port of its own, with the tests' database. `url` stays the same however often it starts."""

    def __init__(self):
        self.port = a_free_port()
        self.url = f"http://localhost:{self.port}"
        self.process = None

    def start(self):
        settings = {
            **UNSET,
            "DEBUG": "true",
            "DEMO": "",
            "DATABASE_URL": database_url(),
            "SECRET_KEY": "only-for-this-test-and-long-enough-0123456789-abcdefghij",
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": self.url,
        }
        self.process = python("-m", "gunicorn", "hub.wsgi", f"--bind=127.0.0.1:{self.port}", "--workers=1", **settings)
        assert answers(self.port), "the server did not start"

    def kill(self):
        """As a power cut does, workers and all: nobody gets to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        self.process = None
