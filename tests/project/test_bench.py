"""What the bench says of its figures: which are judged, which fail a run, and how it is written down."""

import pytest

from tests.bench import budgets
from tests.bench.budgets import BROKEN, KEPT, NONE, Growth, Line, percentile, verdict
from tests.bench.load import Load
from tests.bench.seen import Seen
from tests.bench.table import markdown
from tests.bench.visitors import ASSET, FONT


def line(what="supplies:shelf", ms=(10, 20, 30), **about):
    counts = {"most_ms": 60, "statements": 9, "most_statements": 12, "html": 9000, "compressed": 3000}
    return Line(what, "admin", [(number, number / 2) for number in ms], **{**counts, "first_visit": 100_000, **about})


def everything(**about):
    flows = [
        line("log a visit", ms=(8, 9), most_ms=budgets.LOG_A_VISIT, first_visit=None),
        line("close an evening", ms=(300,), most_ms=budgets.A_CLOSING, first_visit=None),
        line("fill a rota", ms=(300,), most_ms=budgets.A_FILL, statements=None, first_visit=None),
    ]
    worlds = {1: [line()], 10: [line(), line("hub:report", ms=(90,), most_ms=150)]}
    load = Load("50 desks", 60.0, [10, 20], {200: 2}, [])
    return Seen([1, 10], "A machine.", **{"worlds": worlds, "flows": flows, "loads": [load], "memory": 99.0, **about})


@pytest.mark.parametrize(
    ("values", "share", "expected"), [([5], 95, 5), ([3, 1, 2], 50, 2), (range(1, 21), 95, 19), (range(1, 22), 95, 20)]
)
def test_percentile_is_a_value_that_was_seen(values, share, expected):
    assert percentile(list(values), share) == expected


@pytest.mark.parametrize(
    ("value", "most", "said"), [(12, 12, KEPT), (13, 12, BROKEN), (5, None, NONE), (None, 5, NONE)]
)
def test_verdict_keeps_to_the_budget_itself(value, most, said):
    assert verdict(value, most) == said


def test_slow_page_is_reported_without_failing():
    seen = everything(worlds={1: [line()], 10: [line(ms=(10, 200)), line("hub:report", ms=(90,), most_ms=150)]})

    assert seen.broken_counts() == []
    assert "200.0 ✗" in markdown(seen)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"statements": 13}, "supplies:shelf as admin: 13 statements, 100000 bytes at a first visit"),
        ({"first_visit": 120_001}, "supplies:shelf as admin: 9 statements, 120001 bytes at a first visit"),
    ],
)
def test_a_count_over_its_budget_fails_the_run(about, said):
    seen = everything(worlds={10: [line(**about), line("hub:report", ms=(90,), most_ms=150)]})

    assert seen.broken_counts() == [said]
    assert "✗" in markdown(seen)


def test_extra_statement_in_large_world_fails():
    seen = everything(
        worlds={1: [line(statements=5)], 10: [line(statements=6), line("hub:report", ms=(1,), most_ms=150)]}
    )

    assert seen.broken_counts() == ["supplies:shelf as admin: 1 statements more in a larger world"]
    assert "5 → 6" in markdown(seen)


def test_what_was_lost_fails_the_run():
    seen = everything(loads=[Load("50 desks", 60.0, [10], {200: 1}, ["visits of the month: 9 and not 10"])])

    assert seen.broken_counts() == ["50 desks: visits of the month: 9 and not 10"]


@pytest.mark.parametrize(
    ("small", "large", "grew"),
    [
        ({"ms": (20,)}, {"ms": (26,)}, False),
        ({"ms": (20,)}, {"ms": (40,)}, True),
        ({"ms": (2,)}, {"ms": (8,)}, False),
        ({"html": 30_000}, {"html": 90_000}, True),
        ({"html": 2_000}, {"html": 9_000}, False),
        ({"statements": 5}, {"statements": 6}, True),
    ],
)
def test_growth_is_told_from_noise(small, large, grew):
    assert Growth([line(**small), line(**large)]).grew is grew


def test_assets_and_fonts_are_found():
    page = (
        '<link rel="icon" href="/static/a.css"><script src="/static/b.js" defer></script><use href="/static/i.svg#x">'
    )

    assert ASSET.findall(page) == ["/static/a.css", "/static/b.js", "/static/i.svg"]
    assert FONT.findall('src: url("../fonts/f.woff2") format("woff2");') == ["../fonts/f.woff2"]
