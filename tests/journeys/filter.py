"""The wifi between a device and the hub: it hands on whatever passes, or answers in the hub's place."""

import http.client
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.wait_for_server import PATIENCE

ITS_OWN_PAGE = b"<!doctype html><title>Welcome</title><h1>Welcome to FreeWifi</h1><p>200 OK</p></html>"


class Filter:
    """A server in front of another. `answer(path)` gives bytes to answer with, a status, or None to hand it on."""

    def __init__(self, behind):
        self.behind = urlsplit(behind).netloc
        self.answer = lambda path: None  # noqa: ARG005 -- hands everything on
        self.change = lambda path, body: body  # noqa: ARG005 -- changes nothing
        self.headers = {}
        self.seen = []

    def answer_all(self):
        """Answer everything with its own page, as a wifi does that wants to be agreed to first."""
        self.answer = lambda path: ITS_OWN_PAGE  # noqa: ARG005 -- whatever was asked

    def hand_on(self):
        """Hand everything on again."""
        self.answer = lambda path: None  # noqa: ARG005 -- whatever was asked


@contextmanager
def in_front_of(behind):
    """A filter on a port of its own; `url` is where a browser finds it."""
    wifi = Filter(behind)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self._handle(b"")

        def do_POST(self):
            self._handle(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def log_message(self, *_about):
            """Say nothing."""

        def _handle(self, body):
            path = urlsplit(self.path).path
            wifi.seen.append(path)
            own = wifi.answer(path)
            if isinstance(own, int):
                self._send(own, [("Content-Type", "text/html")], b"<h1>Not found</h1>")
            elif own is not None:
                self._send(200, [("Content-Type", "text/html")], own)
            else:
                self._hand_on(path, body)

        def _hand_on(self, path, body):
            # Whole and as it is: a hub that says "not changed" could not be changed on the way.
            left_out = ("If-None-Match", "If-Modified-Since")
            headers = {name: value for name, value in self.headers.items() if name not in left_out}
            headers |= {"Accept-Encoding": "identity", "Connection": "close"}
            with closing(http.client.HTTPConnection(wifi.behind, timeout=PATIENCE)) as hub:
                hub.request(self.command, self.path, body, headers)
                with hub.getresponse() as answer:
                    content = wifi.change(path, answer.read())
            left_out = ("content-length", "transfer-encoding", "connection")
            headers = [
                (name, wifi.headers.get(name, value))
                for name, value in answer.getheaders()
                if name.lower() not in left_out
            ]
            self._send(answer.status, headers, content)

        def _send(self, status, headers, content):
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    wifi.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield wifi
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
