"""The worlds: one database for each number of years, built once, kept while nothing changes, and never written to.

What is measured happens in a copy, so that every run finds the same.
"""

import datetime as dt
import hashlib
import os
import subprocess
import sys
import time

import psycopg

from hub.embedded_postgres import NAME, PROJECT
from tests.bench.serving import KEY

COPY = "bench"


class Worlds:
    """All of them, in a PostgreSQL of their own."""

    def __init__(self, server, scale=1.0):
        self.server, self.scale = server, scale

    def url(self, name):
        return f"postgres://{NAME}@/{name}?host={self.server.socket}"

    def kept(self, years):
        """The name of the world of so many years; built if it is not there, or not as it would be built today."""
        name, mark = f"years_{years}", self._mark(years)
        with self._postgres() as postgres:
            found = postgres.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
            if found == (mark,):
                return name
            self._say(f"Laying out {years} years at scale {self.scale:g} …")
            began = time.perf_counter()
            postgres.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            postgres.execute(f"CREATE DATABASE {name}")
            self._manage(name, "migrate", "--verbosity=0")
            self._manage(name, "demo", "--on-this-database", f"--years={years}", f"--scale={self.scale}")
            with psycopg.connect(self._reach(name), autocommit=True) as world:
                world.execute("VACUUM ANALYZE")
            postgres.execute(f"COMMENT ON DATABASE {name} IS '{mark}'")
            self._say(f"… which took {time.perf_counter() - began:.0f} s.")
        return name

    def copy(self, years):
        """A copy of a world to do with as one likes; the one before goes. Its address."""
        name = self.kept(years)
        with self._postgres() as postgres:
            postgres.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
            postgres.execute(f"CREATE DATABASE {COPY} TEMPLATE {name}")
        return self.url(COPY)

    def drop_copy(self):
        with self._postgres() as postgres:
            postgres.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")

    def _mark(self, years):
        """Of all that a world depends on: what lays it out, what its tables are, and the day it is dated back from."""
        sources = [
            *PROJECT.glob("hub/demo/**/*.py"),
            *PROJECT.glob("*/models/*.py"),
            *PROJECT.glob("*/migrations/*.py"),
        ]
        sources.append(PROJECT / "supplies" / "catalogue.py")
        mark = hashlib.sha256(f"{years} {self.scale} {dt.date.today()}".encode())  # noqa: DTZ011 -- any day will do
        for source in sorted(sources):
            mark.update(source.read_bytes())
        return mark.hexdigest()

    def _manage(self, name, *arguments):
        settings = {"DEBUG": "true", "DATABASE_URL": self.url(name), "SECRET_KEY": KEY}
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env={**os.environ, **settings},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _postgres(self):
        return psycopg.connect(self._reach("postgres"), autocommit=True)

    def _reach(self, name):
        return f"host={self.server.socket} user={NAME} dbname={name}"

    def _say(self, words):
        print(words, file=sys.stderr, flush=True)
