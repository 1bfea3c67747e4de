"""All tests without a browser at six moments at which a mistake with days would show: `make test-dates`.

The tests, the database and every process that they start have a clock that begins at the moment and runs on, so that a
test may see midnight pass. Moments are found from today, and so are never past.
"""

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.core import embedded_postgres

LONDON = ZoneInfo("Europe/London")
CLOCK = Path(__file__).with_name("clock.c")
COMPILER = ("cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra")
MARCH, OCTOBER = 3, 10
# What `pytest` needs before the first test, with room: what is to happen at a change happens within the run.
BEFORE = dt.timedelta(minutes=3)


def moments(now):
    """Each with its name, by the clock in London."""
    a_change = dt.timedelta(hours=1)  # at 01:00 in Greenwich
    yield "New Year's Eve", first_after(now, lambda day: (day.month, day.day) == (12, 31), dt.timedelta(days=1))
    yield "29 February", first_after(now, lambda day: (day.month, day.day) == (2, 29), dt.timedelta(hours=19))
    yield "clocks go forward", first_after(now, lambda day: last_sunday(day, MARCH), a_change)
    yield "clocks go back", first_after(now, lambda day: last_sunday(day, OCTOBER), a_change)
    yield "last of 31 days", first_after(now, lambda day: (day.month, day.day) == (3, 31), dt.timedelta(hours=19))
    yield "400 days from now", (now + dt.timedelta(days=400)).astimezone(LONDON)


def first_after(now, wanted, hour):
    """A few minutes before that hour, counted from midnight in Greenwich, on the next day that is wanted."""
    midnight = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while not (wanted(midnight.date()) and midnight + hour - BEFORE > now):
        midnight += dt.timedelta(days=1)
    return (midnight + hour - BEFORE).astimezone(LONDON)


def last_sunday(day, month):
    """Whether the clocks change in the night to it."""
    return day.month == month and day.isoweekday() == 7 and day.day > 31 - 7


def missing():
    """What this machine lacks, as one sentence; nothing if it lacks nothing."""
    if not sys.platform.startswith("linux"):
        return "A moved clock needs Linux: other systems do not let one be put in front of a program's own."
    if shutil.which(COMPILER[0]) is None:
        return "A moved clock needs a C compiler: install one first (Debian: gcc and libc6-dev)."
    if os.environ.get("TEST_DATABASE_URL"):
        return "TEST_DATABASE_URL names a server with its own clock: unset it, and one is started whose clock moves."
    return ""


def run(moment, log, arguments):
    """Run the tests with the clock moved, and keep what they say in a file; how it ended."""
    with tempfile.TemporaryDirectory() as folder:
        # The database may run as somebody else.
        Path(folder).chmod(0o755)
        library = Path(folder) / "clock.so"
        shift = round((moment - dt.datetime.now(dt.UTC)).total_seconds())
        subprocess.run([*COMPILER, f"-DSHIFT=({shift})", "-o", library, CLOCK, "-ldl"], check=True)
        environment = {**os.environ, "LD_PRELOAD": str(library)}
        tests = [sys.executable, "-m", "pytest", "-q", "-m", "not browser", "-p", "no:cacheprovider", *arguments]
        # As root in a closed folder the database, and all else of it, lies elsewhere.
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as said:
            return subprocess.run(tests, check=False, env=environment, stdout=said, stderr=said).returncode


def main():
    asked = argparse.ArgumentParser(prog="python -m tests.dates", description=__doc__.partition("\n")[0])
    asked.add_argument("--at", type=dt.datetime.fromisoformat, help="only this moment, as '2036-05-31 23:57'")
    asked.add_argument("--only", default="", help="only moments whose name has this in it")
    options, arguments = asked.parse_known_args()
    if lacking := missing():
        print(lacking, file=sys.stderr)
        return 1
    folder = embedded_postgres.data_dir() / "dates"
    os.environ["HUB_DATA_DIR"] = str(folder / "tests")
    # A server that a killed run has left has the clock of that run. Whoever leaves it last ends it: we do.
    with embedded_postgres.running(durable=False):
        pass
    known = (
        dict(moments(dt.datetime.now(dt.UTC)))
        if options.at is None
        else {"asked for": options.at.replace(tzinfo=LONDON)}
    )
    ended = []
    for name, moment in known.items():
        if options.only.lower() in name.lower():
            print(f"{name}, {moment:%a %d %b %Y %H:%M} …", end=" ", flush=True)
            log = folder / f"{moment:%Y-%m-%d}.log"
            ended.append(run(moment, log, arguments))
            lines = log.read_text().splitlines()
            print(lines[-1].strip("= ") if lines else "nothing was said")
            if ended[-1]:
                print("\n".join(line for line in lines if line.startswith(("FAILED ", "ERROR "))))
                print(f"All that was said: {log}")
    return int(not ended or any(ended))


if __name__ == "__main__":
    sys.exit(main())
