"""The real web server on the test's own database, and devices that talk to it over the network."""

import json
import os
import subprocess
import sys
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.urls import reverse

from supplies.models import Item
from tests.privacy import dumps
from tests.privacy.evenings import at_the_desk
from tests.wait_for_server import PATIENCE, a_free_port, answers


@contextmanager
def a_real_server():
    """Its port, and its process with all that it ever writes."""
    port = a_free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "hub.wsgi", f"--bind=127.0.0.1:{port}", "--workers=1"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | dumps.reach()
        | {"DEBUG": "true", "DATABASE_URL": f"postgres:///{connection.settings_dict['NAME']}", "HTTPS": "false"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert answers(port, unless=lambda: process.poll() is not None), "the web server did not start"
        yield port, process
    finally:
        process.kill()
        process.communicate()


class Device:
    """A phone at the desk, signed in as somebody."""

    def __init__(self, port, sign_in, person):
        self.port = port
        client = at_the_desk(sign_in, person)
        self.cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        status, told, headers = self.ask("GET", reverse("hub:desk-session"))
        assert status == 200
        self.cookies += "; " + headers["Set-Cookie"].partition(";")[0]
        self.sending = {"X-CSRFToken": json.loads(told)["csrf"], "Origin": f"http://127.0.0.1:{port}"}

    def ask(self, method, path, body=None, **headers):
        """One request; its status, what came back, and the headers."""
        talk = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(talk):
            talk.request(method, path, body, {"Cookie": self.cookies, "User-Agent": "Teapot", **headers})
            answer = talk.getresponse()
            return answer.status, answer.read().decode(), answer.headers

    def send(self, opening, came, **change):
        """One visit, as the desk's script sends it; its status."""
        items = {str(Item.objects.get(slug=slug).pk): n for slug, n in came.items.items()}
        entry = {"id": str(came.id), "opening": opening.pk, "people": came.people, "items": items, "said": came.said}
        body = json.dumps({"visits": [entry | {"void": False} | change]})
        headers = self.sending | {"Content-Type": "application/json"}
        return self.ask("POST", reverse("hub:desk-visits"), body, **headers)[0]

    def post(self, address, data):
        """A form, sent as a browser does; its status."""
        headers = self.sending | {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", address, urlencode(data, doseq=True), **headers)[0]
