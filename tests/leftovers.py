"""`python -m tests.leftovers`: takes away what the tests of this folder keep for their next run elsewhere."""

import shutil

from hub.core import embedded_postgres


def take_away(server: embedded_postgres.Server) -> None:
    """Stop this server and leave nothing of it outside the folder it was meant for."""
    if (server.cluster / "postmaster.pid").exists():
        server.stop()
    shutil.rmtree(server.socket, ignore_errors=True)
    if server.moved_because:
        shutil.rmtree(server.home, ignore_errors=True)


if __name__ == "__main__":
    import tests.database  # noqa: F401 -- it says which folder the tests' is

    take_away(embedded_postgres.server())
