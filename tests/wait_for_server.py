"""A port nobody has, and waiting until somebody answers there."""

import http.client
import socket
import sys
import time
from contextlib import suppress

PATIENCE = 120
_kept = []


def a_free_port():
    """A port that nobody else is given while this process lives: whoever listens there has asked us for it."""
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    if sys.platform == "linux":
        # Held without listening. Linux lets somebody listen there all the same, who names it and says that it may.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _kept.append(found)
        return found.getsockname()[1]
    with found:
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
