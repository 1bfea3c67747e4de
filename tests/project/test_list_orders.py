"""A list that is cut off has an order: of what is nearest, or newest, nothing is left out by chance."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.project.access_matrix import DOORS
from tests.project.access_requests import Cast

ROLES = ("volunteer", "trainer", "coordinator", "admin")
NAMES = list(DOORS)
SHARES = [NAMES[first : first + 40] for first in range(0, len(NAMES), 40)]
# Django itself asks for one row, or for 21 to see whether there is more than one.
ONE_ROW = {"1", "21"}


@pytest.fixture
def cast(admin, coordinator, trainer, volunteer, trainee, demo, sign_in):
    people = {"trainee": trainee, "volunteer": volunteer, "trainer": trainer}
    return Cast(people | {"coordinator": coordinator, "admin": admin}, sign_in)


def split_outermost(statement):
    """The statement without what stands in brackets, which has limits and orders of its own; and each of those."""
    depth, outermost, inner, parts = 0, [], [], []
    for letter in statement:
        if letter == "(":
            depth += 1
        if depth:
            inner.append(letter)
        else:
            outermost.append(letter)
        if letter == ")":
            depth -= 1
            if not depth:
                parts.append("".join(inner)[1:-1])
                inner = []
    return "".join(outermost), parts


def unordered(statement):
    """Each part of a statement with a limit above one row and no order."""
    outermost, parts = split_outermost(statement)
    limit = re.search(r"\bLIMIT (\d+)", outermost)
    if limit and limit[1] not in ONE_ROW and "ORDER BY" not in outermost:
        yield outermost
    for part in parts:
        yield from unordered(part)


def test_limit_without_order_is_found():
    """The test itself: what it would miss is shown to it."""
    assert list(unordered("SELECT a FROM b LIMIT 5"))
    assert list(unordered("SELECT a FROM b WHERE c IN (SELECT d FROM e LIMIT 7) ORDER BY a"))
    assert list(unordered("SELECT a, (SELECT f FROM g ORDER BY f LIMIT 9) FROM b LIMIT 60"))
    assert not list(unordered("SELECT a FROM b ORDER BY a LIMIT 5"))
    assert not list(unordered("SELECT a FROM b LIMIT 21"))


@pytest.mark.parametrize("names", SHARES, ids=lambda names: names[0])
def test_lists_with_limits_have_an_order(names, cast):
    found = set()
    for name in names:
        with cast.behind(name) as address:
            for role in ROLES:
                with CaptureQueriesContext(connection) as asked:
                    cast.ask(role, "GET", address)
                found |= {(name, part) for query in asked for part in unordered(query["sql"])}
    assert found == set()
