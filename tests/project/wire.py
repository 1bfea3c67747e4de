"""A wire to the tests' database that can be cut: for whoever is at its other end the database is really away."""

import contextlib
import select
import socket
import threading


class Wire:
    """Passes on what comes in at a port of this machine, until it is cut."""

    def __init__(self, to):
        self._to = to
        self._ends = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._wait, daemon=True).start()

    def cut(self):
        """Nothing gets through any more: not what is connected, and not whoever tries."""
        with contextlib.suppress(OSError):
            # Closing alone does not wake a thread that waits for somebody to come.
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _wait(self):
        with contextlib.suppress(OSError):
            while True:
                here = self._listening.accept()[0]
                there = socket.socket(socket.AF_UNIX)
                there.connect(self._to)
                self._ends += [here, there]
                threading.Thread(target=_pass_on, args=(here, there), daemon=True).start()


def _pass_on(here, there):
    other = {here: there, there: here}
    with contextlib.suppress(OSError), here, there:
        while True:
            for end in select.select([here, there], [], [])[0]:
                data = end.recv(65536)
                if not data:
                    return
                other[end].sendall(data)
