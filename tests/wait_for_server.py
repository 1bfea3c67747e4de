"""A port nobody has, and waiting until somebody answers there."""

import http.client
import socket
import time
from contextlib import suppress

PATIENCE = 120


def a_free_port():
    """Free just now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def answers(port, path="/healthz", *, host="localhost", unless=lambda: False):
    """Whether all is well at this address within two minutes; `unless` says when waiting has no point any more."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not unless():
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with suppress(OSError, http.client.HTTPException):
            asked.request("GET", path, headers={"Host": host})
            if asked.getresponse().status == http.HTTPStatus.OK:
                asked.close()
                return True
        asked.close()
        # Nobody tells us when a process of its own begins to listen.
        time.sleep(0.02)
    return False
