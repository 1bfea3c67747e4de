"""Somebody with a browser: a connection that stays open, the cookies of a sign-in, and what came back."""

import gzip
import http.client
import json
import re
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin

from django.conf import settings

from tests.bench.served import HEADER
from tests.bench.serving import HOST

ASSET = re.compile(r"""(?:<link\b[^>]*\bhref|<script\b[^>]*\bsrc|<img\b[^>]*\bsrc|<use\b[^>]*\bhref)="([^"#]+)""")
FONT = re.compile(r"""url\("?([^")]+\.woff2)""")
# Which part of a typeface comes along is said in the stylesheet: no browser fetches this one for English.
NOT_FETCHED = "latin-ext"
TOKEN = "x" * 32


@dataclass
class Answer:
    """What came back, and what the meter in the server says of it."""

    status: int
    headers: dict
    body: bytes
    ms: float
    work: float
    statements: int

    @property
    def compressed(self):
        return len(gzip.compress(self.body, 6))


class Visitor:
    """One browser. As behind the proxy of a deployment: it is the proxy that speaks HTTPS."""

    def __init__(self, hub, cookies=None):
        self.hub, self.cookies = hub, {settings.CSRF_COOKIE_NAME: TOKEN, **(cookies or {})}
        self.connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=120)

    def get(self, address, **headers):
        return self.ask("GET", address, headers=headers)

    def post(self, address, **fields):
        body = urlencode(fields, doseq=True)
        return self.ask("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def post_json(self, address, what):
        return self.ask("POST", address, json.dumps(what), {"Content-Type": "application/json"})

    def ask(self, method, address, body=None, headers=None):
        """Ask once. Where the server closed the connection while it was idle, on a new one."""
        said = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.1",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if method == "POST":
            said |= {"X-CSRFToken": TOKEN, "Origin": f"https://{HOST}"}
        try:
            self.connection.request(method, address, body, {**said, **(headers or {})})
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if method != "GET":
                raise
            self.connection.close()
            self.connection.request(method, address, body, {**said, **(headers or {})})
            answer = self.connection.getresponse()
        content = answer.read()
        self._keep(answer)
        ms, work, statements = answer.headers[HEADER].split()
        return Answer(answer.status, dict(answer.headers), content, float(ms), float(work), int(statements))

    def _keep(self, answer):
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)

    def close(self):
        self.connection.close()


class Assets:
    """What pages of a hub ask for beside themselves, and what that weighs on the way; each asked for once."""

    def __init__(self, hub):
        self.stranger = Visitor(hub)
        self.weight = cache(self._weight)
        self.fonts = cache(self._fonts)

    def first_visit(self, answer, address):
        """Bytes that somebody fetches who was never here: the page, and all that comes with it, compressed."""
        named = {urljoin(address, found) for found in ASSET.findall(answer.body.decode(errors="replace"))}
        ours = {asset for asset in named if asset.startswith("/static/")}
        ours |= {font for asset in ours if asset.endswith(".css") for font in self.fonts(asset)}
        return answer.compressed + sum(map(self.weight, ours))

    def _weight(self, asset):
        answer = self.stranger.get(asset, **{"Accept-Encoding": "br, gzip"})
        assert answer.status == http.HTTPStatus.OK, f"{asset}: {answer.status}"
        return len(answer.body)

    def _fonts(self, stylesheet):
        written = self.stranger.get(stylesheet, **{"Accept-Encoding": "identity"}).body.decode()
        return frozenset(urljoin(stylesheet, font) for font in FONT.findall(written) if NOT_FETCHED not in font)
