"""Somebody with a browser: one request at a time, and whether it was answered."""

import http.client
import json
from http import HTTPStatus
from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from hub.web.middleware import IDLE_COOKIE, sign_idle_cookie

TOKEN = "t" * 32
TIMEOUT = 15
# What people read where the records cannot be reached, and what a device does.
# Of a page that was only looked at, of something that was sent, and of what a device sends by itself.
PUT_OFF = ("nothing is lost", "Go back, load the page again and send it again.", '"status": "later"')


class Lost(Exception):
    """No answer, or one that means “not now”: whether it was done is not known, and it is asked again."""


class Refused(Exception):
    """A sentence says why not, and nothing was done."""


class Browser:
    """Signed in as somebody, with a session that outlives every crash."""

    def __init__(self, port, person):
        self.port, self.person = port, person
        self.shocks = set()
        self.put_off = 0
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store[SESSION_KEY] = str(person.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = person.get_session_auth_hash()
        store.create()
        self.cookies = {
            settings.SESSION_COOKIE_NAME: store.session_key,
            IDLE_COOKIE: sign_idle_cookie(store.session_key),
            settings.CSRF_COOKIE_NAME: TOKEN,
        }

    def post(self, path, data=None, *, said=None):
        """Where it leads, or what it says in JSON. Raises Lost and Refused."""
        body = json.dumps(said) if said is not None else urlencode(data or {})
        kind = "application/json" if said is not None else "application/x-www-form-urlencoded"
        status, headers, told = self._ask("POST", path, body, kind)
        if status in (302, 200):
            if headers.get("Location", "").startswith(settings.LOGIN_URL):
                raise AssertionError(f"signed out at {path}")
            return json.loads(told) if said is not None else headers.get("Location")
        if status >= 500:
            raise Lost(status)
        if said is not None and status in (409, 422):
            return json.loads(told)
        raise Refused(status, told[:0])

    def see(self, path):
        """The status of a page."""
        return self._ask("GET", path, None, "text/html")[0]

    def read(self, path):
        """The text of a page. Raises Lost."""
        status, _headers, told = self._ask("GET", path, None, "text/html")
        if status != HTTPStatus.OK:
            raise Lost(status)
        return told

    def _ask(self, method, path, body, kind):
        status, headers, told = self._talk(method, path, body, kind)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            if status != HTTPStatus.SERVICE_UNAVAILABLE:
                self.shocks.add(f"{method} {path} was answered with a {status}")
            elif not any(words in told for words in PUT_OFF):
                self.shocks.add(f"{method} {path} was put off without a plain sentence")
            self.put_off += 1
        return status, headers, told

    def _talk(self, method, path, body, kind):
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Host": "localhost", "Cookie": cookies, "Content-Type": kind, "X-CSRFToken": TOKEN}
        try:
            talk.request(method, path, body, sent)
            answer = talk.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        except (OSError, http.client.HTTPException) as problem:
            raise Lost(str(problem)) from None
        finally:
            talk.close()
