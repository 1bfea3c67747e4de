"""What was seen, in words: a table to read and to commit, and the same as JSON. Knows no database and no network."""

from tests.bench import budgets
from tests.bench.budgets import BROKEN, verdict

HEAD = """\
# How fast it is after ten years

`make bench` lays out {years} of a busy hub and looks at every page as everybody who gets in,
through gunicorn and real sockets with production's settings. It writes this page and, beside the worlds it keeps,
`bench.json`.

{machine}

Times are the server's, in milliseconds, without the network: a request's middleware, statements and rendering. p95 is
by the nearest rank; what took longer than its budget is looked at three times as often again, and the figure is of all
its looks. “Work” is how long the processor was at it in Python, which neighbours change less. Statements are counted in
the server. “First visit” is the page and everything it asks for, compressed. Every figure with a budget has a ✓ or a ✗
beside it. Only a broken count (statements, bytes, a visit lost or counted twice) fails the run: times are a matter of
the machine and of whatever else runs on it.
"""


def markdown(seen):
    """The whole page."""
    parts = [
        HEAD.format(years=_and([f"{n} years" if n > 1 else "one year" for n in seen.years]), machine=seen.machine),
        _short(seen),
        _flows(seen),
        _loads(seen),
        _growth(seen),
        _pages(seen),
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _and(words):
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _rows(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def _short(seen):
    """The budgets, each with the worst there is."""
    pages = [line for line in seen.pages if line.most_ms == budgets.A_PAGE]
    reports = [line for line in seen.pages if line.most_ms == budgets.A_REPORT]
    flows = {line.what: line for line in seen.flows}
    closing = next(line for line in seen.flows if line.most_ms == budgets.A_CLOSING)
    visit, fill = flows["log a visit"], next(line for line in seen.flows if line.most_ms == budgets.A_FILL)
    slowest, heaviest = max(pages, key=lambda line: line.p95), max(seen.pages, key=lambda line: line.first_visit or 0)
    busiest = max(seen.pages, key=lambda line: line.statements)
    rows = [
        ("log a visit, p95", f"{budgets.LOG_A_VISIT} ms", f"{visit.p95:.0f} ms", visit.in_time),
        (f"{closing.what}, p95", f"{budgets.A_CLOSING} ms", f"{closing.p95:.0f} ms", closing.in_time),
        (
            f"any page, p95 (the slowest: {slowest.what})",
            f"{budgets.A_PAGE} ms",
            f"{slowest.p95:.0f} ms",
            slowest.in_time,
        ),
        *(
            (f"the yearly report, p95, as {line.role}", f"{budgets.A_REPORT} ms", f"{line.p95:.0f} ms", line.in_time)
            for line in reports
        ),
        (
            f"statements on any page (the most: {busiest.what})",
            budgets.STATEMENTS,
            busiest.statements,
            busiest.few_statements,
        ),
        (
            f"first visit to any page (the heaviest: {heaviest.what})",
            f"{budgets.FIRST_VISIT // 1000} KB",
            f"{heaviest.first_visit / 1000:.0f} KB",
            heaviest.small,
        ),
        (fill.what, f"{budgets.A_FILL / 1000:g} s", f"{fill.p95 / 1000:.2f} s", fill.in_time),
        (
            "memory of a worker, after all of it",
            f"{budgets.A_WORKER} MB",
            f"{seen.memory:.0f} MB" if seen.memory else "not known here",
            verdict(seen.memory, budgets.A_WORKER),
        ),
    ]
    over = sum(line.in_time == BROKEN for line in seen.pages)
    return f"## The budgets\n\n{_rows(('', 'budget', 'seen', ''), rows)}\n\n" + (
        f"{over} of {len(seen.pages)} lines below took longer than their budget."
        if over
        else f"All {len(seen.pages)} lines below kept to their time."
    )


def _flows(seen):
    rows = [
        (
            line.what,
            line.role,
            f"{line.p50:.1f}",
            f"{line.p95:.1f} {line.in_time}",
            f"{line.work:.1f}",
            line.statements or "",
        )
        for line in seen.flows
    ]
    return f"## What people do\n\n{_rows(('', 'as', 'p50', 'p95', 'work', 'statements'), rows)}"


def _loads(seen):
    if not seen.loads:
        return ""
    rows = [
        (
            load["what"],
            f"{load['requests']} in {load['seconds']} s ({load['a_second']} a second)",
            f"{load['p50_ms']:.0f}",
            f"{load['p95_ms']:.0f}",
            ", ".join(f"{number} × {status}" for status, number in load["statuses"].items()),
            "✗ " + "; ".join(load["wrong"]) if load["wrong"] else "✓ all there, once",
        )
        for load in (load.as_json() for load in seen.loads)
    ]
    head = ("", "requests", "p50", "p95", "answers", "the books")
    return (
        "## Everybody at once\n\nHere the times are the visitors', with all their waiting: whoever asks runs on the "
        f"same machine.\n\n{_rows(head, rows)}"
    )


def _growth(seen):
    """What costs more in a larger world."""
    if not seen.growth:
        return ""
    grown = [growth for growth in seen.growth if growth.grew]
    rows = [
        (
            growth.large.what,
            growth.large.role,
            _along(f"{line.p50:.1f}" for line in growth.lines),
            _along(f"{line.work:.1f}" for line in growth.lines),
            _along(str(line.statements) for line in growth.lines),
            _along(f"{(line.html or 0) / 1000:.0f}" for line in growth.lines),
        )
        for growth in grown
    ]
    worlds = _along(map(str, seen.years))
    if not rows:
        return f"## What grew\n\nNothing: of {len(seen.growth)} pages none costs clearly more ({worlds} years)."
    words = f"Of {len(seen.growth)} pages, looked at after {worlds} years, these cost clearly more"
    return f"## What grew\n\n{words}:\n\n{_rows(('', 'as', 'p50', 'work', 'statements', 'KB of HTML'), rows)}"


def _along(values):
    return " → ".join(values)


def _pages(seen):
    rows = [
        (
            line.what,
            line.role,
            f"{line.p50:.1f}",
            f"{line.p95:.1f} {line.in_time}",
            f"{line.work:.1f}",
            f"{line.statements} {line.few_statements}",
            f"{line.html / 1000:.1f}",
            f"{line.compressed / 1000:.1f}",
            f"{line.first_visit / 1000:.0f} {line.small}" if line.first_visit else "",
        )
        for line in seen.pages
    ]
    head = ("page", "as", "p50", "p95", "work", "statements", "KB", "KB compressed", "KB first visit")
    return f"## Every page\n\n{_rows(head, rows)}"
