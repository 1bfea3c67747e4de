"""Every page as every role that gets in: how long, how many statements, how heavy."""

from http import HTTPStatus

from tests.bench import budgets
from tests.bench.addresses import may_open, promised
from tests.bench.budgets import Line
from tests.bench.cast import ROLES, come
from tests.bench.visitors import Assets

REPORTS = ("hub:report",)
# Who sees most of it, first.
WIDEST = ("admin", "coordinator", "trainer", "volunteer", "trainee", "anonymous")

AGAIN = 3
"""What took too long is looked at so many times as often again, and judged by all its looks."""


class Pages:
    """The pages of one world. Rounds go by all of them in turn, so that a busy neighbour spoils no single one."""

    def __init__(self, hub, addresses):
        self.hub, self.addresses, self.assets = hub, addresses, Assets(hub)
        self.closed = []

    def measure(self, rounds, *, roles=ROLES):
        """A line for each page and role; with `roles` empty one for each page, of whoever sees the most."""
        wanted = list(self._every(roles) if roles else self._widest())
        visitors = {role: come(self.hub, role) for role in ROLES}
        lines = [line for name, role in wanted if (line := self._first(visitors[role], name, role))]
        self._look(lines, visitors, rounds)
        # Of 20 looks two slow ones decide; of 80 it takes five.
        self._look([line for line in lines if line.in_time == budgets.BROKEN], visitors, rounds * AGAIN)
        for visitor in visitors.values():
            visitor.close()
        return lines

    def _look(self, lines, visitors, rounds):
        for _round in range(rounds):
            for line in lines:
                answer = visitors[line.role].get(self.addresses.all[line.what])
                line.looks.append((answer.ms, answer.work))
                if answer.status != HTTPStatus.OK:
                    self.closed.append(f"{line.what} as {line.role}: {answer.status} in a later round")

    def _every(self, roles):
        for name in self.addresses.all:
            for role in roles:
                if may_open(name, role):
                    yield name, role

    def _widest(self):
        for name in self.addresses.all:
            role = next((role for role in WIDEST if may_open(name, role)), None)
            if role:
                yield name, role

    def _first(self, visitor, name, role):
        """The first looks warm it up, and are where statements and bytes are counted. None if there is no page."""
        address = self.addresses.all[name]
        visitor.get(address)
        answer = visitor.get(address)
        if answer.status != HTTPStatus.OK:
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or promised(name, role):
                self.closed.append(f"{name} as {role}: {answer.status} at {address}")
            return None
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return Line(
            what=name,
            role=role,
            looks=[],
            most_ms=budgets.A_REPORT if name in REPORTS else budgets.A_PAGE,
            statements=answer.statements,
            most_statements=budgets.STATEMENTS,
            html=len(answer.body),
            compressed=answer.compressed,
            first_visit=self.assets.first_visit(answer, address) if is_page else None,
        )
