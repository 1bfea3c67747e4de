"""Everything that was measured, where and when. Knows no database."""

import datetime as dt
import os
import platform
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from hub.core.embedded_postgres import PROJECT
from tests.bench.budgets import Growth


@dataclass
class Seen:
    """What a run has found so far; the largest world is the last of `years`."""

    years: list
    machine: str = ""
    worlds: dict = field(default_factory=dict)
    flows: list = field(default_factory=list)
    loads: list = field(default_factory=list)
    memory: float | None = None
    wrong: list = field(default_factory=list)

    @property
    def pages(self):
        """The lines of the largest world."""
        return self.worlds.get(self.years[-1], [])

    @property
    def growth(self):
        """Each page that was measured in every world, as the same role."""
        keyed = [{(line.what, line.role): line for line in self.worlds.get(years, [])} for years in self.years]
        everywhere = [key for key in keyed[-1] if all(key in world for world in keyed)] if len(keyed) > 1 else []
        return [Growth([world[key] for world in keyed]) for key in everywhere]

    def note_memory(self, hub):
        """Keep the most that a worker ever had at the end of its work."""
        self.memory = max(filter(None, (self.memory, hub.memory())), default=None)

    def broken_counts(self):
        """What fails a run, in words: counts and bytes over their budget, and whatever was lost or failed."""
        counts = [
            f"{line.what} as {line.role}: {line.statements} statements, {line.first_visit or 0} bytes at a first visit"
            for line in [*self.pages, *self.flows]
            if line.breaks_a_count
        ]
        grown = [
            f"{growth.large.what} as {growth.large.role}: {growth.in_statements} statements more in a larger world"
            for growth in self.growth
            if growth.in_statements > 0
        ]
        lost = [f"{load.what}: {wrong}" for load in self.loads for wrong in load.wrong]
        return [*counts, *grown, *lost, *self.wrong]

    def as_json(self):
        worlds = {str(years): [line.as_json() for line in lines] for years, lines in self.worlds.items()}
        return {
            "machine": self.machine,
            "memory_mb": self.memory,
            "worlds": worlds,
            "flows": [line.as_json() for line in self.flows],
            "loads": [load.as_json() for load in self.loads],
            "broken_counts": self.broken_counts(),
        }


def machine():
    """What it ran on, how busy that was, and when, in two sentences."""
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"Measured on {dt.date.today():%-d %B %Y} ({_commit()}) with {os.cpu_count()} cores, {_processor()}, "  # noqa: DTZ011 -- the day where it ran
        f"{platform.system()}, Python {platform.python_version()}, and the PostgreSQL of the wheel. "
        f"The machine’s load at the end, over 1, 5 and 15 minutes, was {load}."
    )


def _processor():
    cpu_info = Path("/proc/cpuinfo")
    lines = cpu_info.read_text().splitlines() if cpu_info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit():
    asked = ["git", "describe", "--always", "--dirty"]
    output = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=False).stdout.strip()
    return output or "no commit"
