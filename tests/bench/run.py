"""A run: each world in turn, the largest last and closest."""

import django

django.setup()

import sys  # noqa: E402 -- models are imported below, which need the line above
import time  # noqa: E402

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from tests.bench import flows, load  # noqa: E402
from tests.bench.addresses import Addresses, may_open  # noqa: E402
from tests.bench.cast import ROLES, begin_the_evening  # noqa: E402
from tests.bench.explain import explain  # noqa: E402
from tests.bench.pages import Pages  # noqa: E402
from tests.bench.seen import Seen, machine  # noqa: E402
from tests.bench.serving import WORKERS, Serving  # noqa: E402

SLOWEST = 12
"""So many are told while it runs; the table has them all."""


def all_worlds(worlds, environment, args):
    """Everything that was asked for, of every world."""
    call_command("collectstatic", interactive=False, verbosity=0)
    seen = Seen(args.years)
    for number in args.years:
        connections.close_all()
        worlds.copy(number)
        began = time.perf_counter()
        one_world(environment, args, seen, number)
        tell(f"Looked at {number} years for {time.perf_counter() - began:.0f} s.")
    connections.close_all()
    seen.machine = machine()
    return seen


def one_world(environment, args, seen, number):
    """Every page once; in the largest world as everybody, then what people do, then everybody at once."""
    largest = number == args.years[-1]
    begin_the_evening()
    with Serving(environment) as hub:
        if "pages" in args.parts:
            addresses = Addresses(args.only)
            pages = Pages(hub, addresses)
            rounds = args.rounds if largest else max(1, args.rounds // 2)
            seen.worlds[number] = pages.measure(rounds, roles=ROLES if largest and not args.widest else ())
            seen.wrong += [f"no page to measure: {closed}" for closed in pages.closed]
            seen.wrong += [f"nothing behind {name}: {why}" for name, why in addresses.missing.items()]
            slowest = sorted(seen.worlds[number], key=lambda line: -line.p50)
            tell_lines(slowest if args.only else slowest[:SLOWEST])
        if largest and "flows" in args.parts:
            seen.flows = list(flows.all_of_them(hub, args.rounds))
            tell_lines(seen.flows)
        seen.note_memory(hub)
    if largest and "load" in args.parts:
        with Serving(environment, WORKERS) as hub:
            for crowd in (load.desks(hub, args.seconds), load.stampede(hub), load.front_page(hub)):
                seen.loads.append(crowd)
                tell(f"  {crowd.as_json()}")
            seen.note_memory(hub)


def explain_one(name):
    """Where the time of one page goes."""
    call_command("collectstatic", interactive=False, verbosity=0)
    begin_the_evening()
    told = explain(Addresses(name), name, may_open)
    connections.close_all()
    return told


def tell_lines(lines):
    for line in lines:
        took = f"p50 {line.p50:7.1f}  p95 {line.p95:7.1f} {line.in_time}  work {line.work:6.1f}"
        tell(f"  {line.what:32} {line.role:12} {took}  {line.statements} statements  {line.html or ''}")


def tell(words):
    print(words, file=sys.stderr, flush=True)
