"""The budgets of the design, and whether what was seen keeps to them. Knows no database, no network and no clock."""

from dataclasses import dataclass, field

LOG_A_VISIT = 25  # ms, p95
A_PAGE = 60  # ms, p95
A_REPORT = 150  # ms, p95
A_CLOSING = 500  # ms, p95: 200 visits become numbers, and what they touched is written anew
A_FILL = 2000  # ms
STATEMENTS = 12
FIRST_VISIT = 120_000  # bytes: page and everything it asks for, compressed
A_WORKER = 150  # MB

KEPT, BROKEN, NONE = "✓", "✗", ""


def percentile(values, share):
    """By the nearest rank: a value that was really seen, so of few values the 95th is the largest."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * share // 100) - 1)]


def verdict(value, most):
    """Whether it keeps to its budget, if it has one."""
    if most is None or value is None:
        return NONE
    return KEPT if value <= most else BROKEN


@dataclass
class Line:
    """One thing that was measured, as one role, in one world; each look is how long it took, and the work in it."""

    what: str
    role: str
    looks: list = field(repr=False)
    most_ms: float | None = None
    statements: int | None = None
    most_statements: int | None = None
    html: int | None = None
    compressed: int | None = None
    first_visit: int | None = None

    @property
    def p50(self):
        return percentile([ms for ms, _work in self.looks], 50)

    @property
    def p95(self):
        return percentile([ms for ms, _work in self.looks], 95)

    @property
    def work(self):
        """What of it was Python's own work, which a busy machine changes less."""
        return percentile([work for _ms, work in self.looks], 50)

    @property
    def in_time(self):
        return verdict(self.p95, self.most_ms)

    @property
    def few_statements(self):
        return verdict(self.statements, self.most_statements)

    @property
    def small(self):
        return verdict(self.first_visit, FIRST_VISIT)

    @property
    def breaks_a_count(self):
        """Times are a matter of the machine and its neighbours; counts are ours."""
        return BROKEN in (self.few_statements, self.small)

    def as_json(self):
        seen = {name: value for name, value in vars(self).items() if name != "looks"}
        times = {"p50_ms": self.p50, "p95_ms": self.p95, "work_ms": self.work, "best_ms": min(self.looks)[0]}
        return seen | {name: round(ms, 2) for name, ms in times.items()} | {"rounds": len(self.looks)}


@dataclass(frozen=True)
class Growth:
    """The same page as the same role in one world after the other, the smallest first."""

    lines: list

    # Below these a difference is noise, or a page that may well be longer by now.
    NOISE_MS, SHORT, MUCH = 4, 20_000, 1.4

    @property
    def small(self):
        return self.lines[0]

    @property
    def large(self):
        return self.lines[-1]

    @property
    def in_statements(self):
        return self.large.statements - self.small.statements

    @property
    def grew(self):
        """Whether it takes more statements, or clearly more work or bytes."""
        slower = self.large.work > self.MUCH * self.small.work and self.large.work - self.small.work > self.NOISE_MS
        larger = (self.large.html or 0) > max(self.MUCH * (self.small.html or 0), self.SHORT)
        return self.in_statements > 0 or slower or larger
