"""Where the time of one page goes: its statements, the plan of the slowest, and the Python that took longest.

`python -m tests.bench --explain supplies:shelf`, over the largest world.
"""

import cProfile
import io
import pstats
import re
import time
from dataclasses import dataclass
from http import HTTPStatus

from django.db import connection
from django.test import Client

from hub.core.embedded_postgres import PROJECT
from tests.bench.cast import cookies_of
from tests.bench.pages import WIDEST
from tests.bench.serving import HOST
from volunteers.models import User

PLANS, LINES_OF_PYTHON, SHOWN = 2, 25, 300
OURS = f"^{re.escape(str(PROJECT))}/(hub|school|supplies|volunteers)/"


@dataclass
class Statement:
    """One that was sent, and how long it took with the way there and back."""

    ms: float
    sql: str
    parameters: object

    def plan(self):
        """What PostgreSQL says of it, having done it once more."""
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {self.sql}", self.parameters)
            return "\n".join(row[0] for row in cursor.fetchall())


class Notes:
    """Writes down every statement."""

    def __init__(self):
        self.statements = []

    def __call__(self, execute, sql, parameters, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self.statements.append(Statement((time.perf_counter() - began) * 1000, sql, parameters))


def explain(addresses, name, may_open):
    """All of it in words, of the page as whoever sees the most of it. The first look warms it up."""
    address = addresses.all[name]
    for role in [role for role in WIDEST if may_open(name, role)]:
        client = Client(headers={"host": HOST, "x-forwarded-proto": "https"})
        if role != "anonymous":
            client.cookies.load(cookies_of(User.objects.get(username=role)))
        if client.get(address).status_code == HTTPStatus.OK:
            break  # what is somebody's own, nobody else gets, however much they see
    notes, profile = Notes(), cProfile.Profile()
    with connection.execute_wrapper(notes):
        began = time.perf_counter()
        answer = client.get(address)
        took = (time.perf_counter() - began) * 1000
    profile.runcall(client.get, address)
    inside = sum(statement.ms for statement in notes.statements)
    report = [f"{name} as {role}: {answer.status_code}, {took:.1f} ms, {inside:.1f} ms of it in the database", ""]
    report += [f"{statement.ms:7.1f} ms  {' '.join(statement.sql.split())[:SHOWN]}" for statement in notes.statements]
    reading = [
        statement for statement in notes.statements if statement.sql.lstrip().startswith(("SELECT", "WITH", "("))
    ]
    for statement in sorted(reading, key=lambda statement: -statement.ms)[:PLANS]:
        report += ["", f"--- {statement.ms:.1f} ms: {' '.join(statement.sql.split())}", statement.plan()]
    table = io.StringIO()
    python = pstats.Stats(profile, stream=table)
    python.sort_stats("cumulative").print_stats(OURS, LINES_OF_PYTHON)
    python.sort_stats("tottime").print_stats(LINES_OF_PYTHON)
    return "\n".join([*report, "", table.getvalue()])
