import pytest
from django.core.management import call_command

from hub.models import Edition

pytestmark = pytest.mark.django_db


def test_find(demo):
    call_command("demo")
    edition = Edition.objects.get()
    for table in edition.tables:
        if table["slug"] in ("kits", "said", "bins", "volunteering", "school", "openings"):
            print("##", table["title"], table["columns"])
            for row in table["rows"] or []:
                print("  ", row["group"], "|", row["label"], row["cells"])
