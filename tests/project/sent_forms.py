"""Every form of every page, filled in as somebody would who means well, and what sending it did to the database."""

import random
from urllib.parse import urlsplit

from django.db import connection

from tests.fuzz.attack import furthest
from tests.fuzz.pages import Forms
from tests.project.access_requests import taken_back

# Tables in which a second request may leave something although it did nothing: who is signed in, since when, and how
# often somebody tried.
BESIDES = {"django_session", "django_admin_log", "volunteers_ratelimit"}


def post_forms(cast, name, address):
    """The POST forms of the page at an address, each with the data a browser would send of it."""
    page = cast.ask(furthest(name), "GET", address)
    if page.status_code != 200 or page.streaming or "text/html" not in page.headers.get("Content-Type", ""):
        return []
    forms = [form for form in Forms(page.content.decode()).forms if form.method == "post"]
    return [(urlsplit(form.action).path or address, fill_in(form)) for form in forms]


def fill_in(form, seed=1):
    """The form with something plausible in every field."""
    rng = random.Random(seed)  # noqa: S311 -- the same again, not secret
    fields = [known for name, known in form.fields.items() if name != "csrfmiddlewaretoken" and known.kind != "file"]
    return {known.name: known.plausible(rng) for known in fields}


def whole_database():
    """One fingerprint of each table's rows."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in BESIDES]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"  # noqa: S608 -- names of our own
                for table in tables
            )
        )
        return dict(cursor.fetchall())


def changed_tables(before, after):
    """The tables in which anything is different."""
    return sorted(table for table in after if before.get(table) != after[table])


def send_twice(cast, name, address, data):
    """Send a form, and send it again; returns both answers and the tables that each of them changed."""
    answers, changes = [], []
    with taken_back():
        for _time in range(2):
            before = whole_database()
            answers.append(cast.send(furthest(name), "POST", address, data=data))
            changes.append(changed_tables(before, whole_database()))
    return answers, changes
