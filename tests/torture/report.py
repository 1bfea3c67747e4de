"""What a run of torture says at its end, on the screen and in docs/generated/torture.md."""

import datetime as dt

from django.db import connection

from hub.core.embedded_postgres import PROJECT
from tests.torture.__main__ import FULL, WITHOUT_DISK, machine_said, seconds_of

PAGE = PROJECT / "docs/generated/torture.md"
MARK = "<!-- The last run; `python -m tests.torture --write` writes below this line. -->\n"


def table(run, took):
    """Two tables: what was killed, and what was written meanwhile."""
    rounds = sum(map(len, run.rounds.values()))
    about = [
        f"{dt.datetime.now(dt.UTC):%-d %B %Y}, {machine_said()}, PostgreSQL {_server()} with fsync on.",
        f"Seed {run.seed}, {took / 60:.0f} minutes, {rounds} rounds.",
    ]
    lines = [
        *about,
        "",
        "| killed | rounds | back in (middle) | back in (longest) |",
        "|---|---:|---:|---:|",
    ]
    for victims, found in run.rounds.items():
        middle, longest = seconds_of(found)
        lines.append(f"| {' + '.join(victims)} | {len(found)} | {middle:.1f} s | {longest:.1f} s |")
    if run.disk is None:
        lines += ["", f"**Not tried: {FULL}.** {WITHOUT_DISK}"]
    lines += ["", "| written meanwhile | answered | asked again | refused in a sentence |", "|---|---:|---:|---:|"]
    for name in dict.fromkeys(flow.name for flow in run.flows):
        mine = [flow for flow in run.flows if flow.name == name]
        sums = (sum(getattr(flow, what) for flow in mine) for what in ("answered", "asked_again", "refused"))
        lines.append(f"| {name} | {' | '.join(map(str, sums))} |")
    lines += ["", _verdict(run)]
    return "\n".join(lines)


def write(text):
    """Into the page, below its mark."""
    head = PAGE.read_text().partition(MARK)[0]
    PAGE.write_text(f"{head}{MARK}\n{text}\n")


def _verdict(run):
    if run.problems:
        return "**Not everything held:**\n\n" + "\n".join(f"- {problem}" for problem in run.problems)
    return (
        "After every round, everything that was answered for was there, once everybody had their answer it was there"
        " exactly once, and every promise of `manage.py check_invariants` held."
    )


def _server():
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0].split()[0]
