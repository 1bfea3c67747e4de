import time

import pytest
from django.core.management import call_command

from hub import demo_numbers
from hub.models import Edition

pytestmark = pytest.mark.django_db


def test_find(demo, monkeypatch):
    took = {}
    for name in ("earlier", "publish"):
        real = getattr(demo_numbers, name)

        def timed(*a, real=real, name=name):
            t = time.process_time()
            real(*a)
            took[name] = time.process_time() - t

        monkeypatch.setattr(demo_numbers, name, timed)
    t = time.process_time()
    call_command("demo")
    print("demo", time.process_time() - t, took)
    edition = Edition.objects.get()
    for table in edition.tables:
        if table["slug"] in ("money", "wasted"):
            for row in table["rows"]:
                print("  ", (row["group"], row["label"], row["cells"]))
