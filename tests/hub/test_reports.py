import datetime as dt

import pytest
from django.core.management import call_command

from hub import reports
from hub.periods import Period
from hub.reports.asking import find

pytestmark = pytest.mark.django_db


def test_find(demo, django_assert_num_queries):
    call_command("demo")
    with django_assert_num_queries(3) as q:
        found = find(reports.SECTIONS, dt.date(2025, 1, 1), dt.date(2027, 1, 1))
    print(q.captured_queries[0]["sql"][:600], q.captured_queries[0]["time"])
    period = Period.read("2026-q3")
    for section in reports.SECTIONS:
        print("##", section.title)
        for line in section.lines(found):
            print("  ", line.group, "|", line.label, line.true(found, period), line.cell(found, period))
