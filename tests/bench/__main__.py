"""`python -m tests.bench`: build the worlds, look at everything, write the table. Exits with 1 for a broken count."""

import argparse
import json
import os
import sys

from hub.core import embedded_postgres
from tests import surroundings
from tests.bench.serving import as_in_production
from tests.bench.table import markdown
from tests.bench.worlds import COPY, Worlds

PAGE = embedded_postgres.PROJECT / "docs/generated/bench.md"
PARTS = ("pages", "flows", "load")


def asked():
    """Without any of these it is what `make bench` does."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--years", default="1,3,10", help="worlds, the largest last; all roles only in that one")
    parser.add_argument("--scale", type=float, default=1.0, help="how busy the hub is")
    parser.add_argument("--rounds", type=int, default=20, help="looks at each page")
    parser.add_argument("--seconds", type=int, default=60, help="how long the fifty desks log")
    parser.add_argument("--parts", default=",".join(PARTS), help="only some of these, told here; nothing is written")
    parser.add_argument("--widest", action="store_true", help="each page only as whoever sees the most of it")
    parser.add_argument("--only", default="", help="only pages whose name has this in it, likewise")
    parser.add_argument("--explain", default="", help="only where the time of this one page goes, as supplies:shelf")
    return parser.parse_args()


def main():
    args = asked()
    surroundings.shut_out()
    args.years = sorted(int(number) for number in args.years.split(","))
    args.parts = ["pages"] if args.only else args.parts.split(",")
    args.years = args.years[-1:] if args.explain else args.years
    folder = embedded_postgres.data_dir() / "bench"
    os.environ["HUB_DATA_DIR"] = str(folder)
    with embedded_postgres.running() as server:
        worlds = Worlds(server, args.scale)
        for number in args.years:
            worlds.kept(number)
        environment = as_in_production(worlds.url(COPY), folder / "static")
        os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "hub.settings"}
        from tests.bench import run  # noqa: PLC0415 -- it needs the settings, which read what was only just said

        try:
            if args.explain:
                worlds.copy(args.years[-1])
                say(run.explain_one(args.explain))
                return 0
            seen = run.all_worlds(worlds, environment, args)
        finally:
            worlds.drop_copy()
    (folder / "bench.json").write_text(json.dumps(seen.as_json(), indent=1))
    if tuple(args.parts) == PARTS and not args.widest:
        PAGE.write_text(markdown(seen))
        say(f"{PAGE.relative_to(embedded_postgres.PROJECT)} and {folder / 'bench.json'} are written.")
    for broken in seen.broken_counts():
        say(f"✗ {broken}")
    return 1 if seen.broken_counts() else 0


def say(words):
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
