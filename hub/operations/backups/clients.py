"""PostgreSQL's own programs for dumping and loading, of the server's own version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from django.db import connection
from psycopg.conninfo import make_conninfo

from hub.core import embedded_postgres

# What libpq itself understands of how Django reaches the database; the password goes by the environment.
REACH = ("host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "service", "passfile")


class CannotDump(Exception):
    """There is no client that fits, or it failed; the message is a sentence for the person at the keyboard."""


def run_client(program: str, *arguments: str, given: bytes | None = None) -> bytes:
    """Run pg_dump or pg_restore on our database, and return its output. Raises CannotDump."""
    params = connection.get_connection_params()
    reach = make_conninfo(**{name: str(params[name]) for name in REACH if params.get(name)})
    done = subprocess.run(  # noqa: S603 -- our own arguments
        [find_client(program), f"--dbname={reach}", "--no-password", *arguments],
        check=False,
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        env=os.environ | ({"PGPASSWORD": str(params["password"])} if params.get("password") else {}),
    )
    if done.returncode:
        # Of what it says the first line only: the others quote rows.
        errors = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise CannotDump(f"{program} could not do it: {errors[0]}")
    return done.stdout


def find_client(program: str) -> str:
    """Where this program is, once it is sure that it is of the server's version: an older one refuses half-way.

    Raises CannotDump.
    """
    path = shutil.which(program)
    if embedded_postgres.installed():
        here = embedded_postgres.server()
        if connection.get_connection_params().get("host") == str(here.socket):
            path = str(here.binaries / program)
    if path is None:
        raise CannotDump(f"There is no {program} on this machine. Install PostgreSQL's client programs.")
    output = subprocess.run([path, "--version"], check=False, capture_output=True, text=True).stdout  # noqa: S603 -- the same
    version = re.search(r"\) (\d+)", output)
    ours, theirs = int(version[1]) if version else 0, connection.pg_version // 10000  # type: ignore[attr-defined]
    if ours != theirs:
        raise CannotDump(
            f"The server is PostgreSQL {theirs}, and this {program} is of {ours or 'an unknown version'}:"
            f" install the client of version {theirs}."
        )
    return path
