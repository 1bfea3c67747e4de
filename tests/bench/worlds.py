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

from hub.core.embedded_postgres import NAME, PROJECT
from tests.bench.serving import KEY

COPY = "bench"
APPS = ("hub", "school", "supplies", "volunteers")


class Worlds:
    """All of them, in a PostgreSQL of their own."""

    def __init__(self, server, scale=1.0):
        self.server, self.scale = server, scale

    def url(self, name):
        return f"postgres://{NAME}@/{name}?host={self.server.socket}"

    def kept(self, years):
        """The name of the world of so many years; built if it is not there, or not as it would be built today."""
        return self._kept(
            f"years_{years}",
            f"{years} years at scale {self.scale:g}, {dt.date.today()}",  # noqa: DTZ011 -- worlds are dated back from it
            lambda name: self._manage(name, "demo", "--on-this-database", f"--years={years}", f"--scale={self.scale}"),
            template=lambda: self._kept("no_years", "empty tables", lambda name: self._manage(name, "migrate")),
        )

    def _kept(self, name, words, build, template=lambda: "template1"):
        """A database with a comment that says what it was made of; made anew where it says something else."""
        mark = f"{words}: {self._sources()}"
        with self._postgres() as postgres:
            asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
            if postgres.execute(asked, [name]).fetchone() == (mark,):
                return name
            from_what = template()
            say(f"Laying out {words} …")
            began = time.perf_counter()
            postgres.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            postgres.execute(f"CREATE DATABASE {name} TEMPLATE {from_what}")
            build(name)
            with psycopg.connect(self._reach(name), autocommit=True) as world:
                world.execute("VACUUM ANALYZE")
            postgres.execute(f"COMMENT ON DATABASE {name} IS '{mark}'")
            say(f"… which took {time.perf_counter() - began:.0f} s.")
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

    def _sources(self):
        """A mark of all that a world depends on: what lays it out, and what its tables and rules are."""
        kinds = ("*.py", "models/*.py", "migrations/*.py", "demo/**/*.py")
        mark = hashlib.sha256()
        for source in sorted(source for app in APPS for kind in kinds for source in (PROJECT / app).glob(kind)):
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


def say(words):
    print(words, file=sys.stderr, flush=True)
