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


# What somebody means by a field of this name, where a word or a number as such would be refused.
MEANT = {
    "day": "2027-01-05",
    "week": "2026-11-30",
    "month": "2026-11",
    "on": "2026-11-20",
    "first_day": "2027-01-04",
    "last_day": "2027-01-31",
    "answer_by": "2026-12-20",
    "first": "2027-01-04",
    "last": "2027-01-31",
    "until": "2027-06-30",
    "starts": "18:00",
    "begins": "18:00",
    "ends": "21:00",
    "days": ["TU"],
    "rhythm": "1",
    "exceptions": "",
    "expires_on": "2027-06-30",
    "spend_by": "2027-06-30",
    "checked_on": "2026-11-20",
    "hide_after": "2027-06-30",
    "quantity": "1",
    "found": "1",
    "number": "1",
    "amount": "12.50",
    "on_break_until": "2027-06-30",
    "role": "",
    "website": "",
    "link": "",
    "email": "wren@example.org",
    "sure": "on",
}


def post_forms(cast, name, address):
    """The POST forms of the page at an address, each with the data a browser would send of it."""
    page = cast.ask(furthest(name), "GET", address)
    if page.status_code != 200 or page.streaming or "text/html" not in page.headers.get("Content-Type", ""):
        return []
    forms = [form for form in Forms(page.content.decode()).forms if form.method == "post"]
    return [(address_of(form, address), fill_in(form)) for form in forms]


def address_of(form, page):
    """Where a form of the page at an address goes."""
    return urlsplit(form.action).path or page


def fill_in(form, seed=1):
    """The form with something plausible in every field."""
    rng = random.Random(seed)  # noqa: S311 -- the same again, not secret
    fields = [known for name, known in form.fields.items() if name != "csrfmiddlewaretoken" and known.kind != "file"]
    return {known.name: meant(known, rng) for known in fields}


def meant(known, rng):
    """What somebody would put there: what stands there already, one of the choices, or what the name asks for."""
    if known.kind == "hidden" or (known.value and not known.choices):
        return known.value
    if choices := [choice for choice in known.choices if choice]:
        return rng.choice(choices)
    name = known.name.rpartition("-")[2]
    return MEANT[name] if name in MEANT else known.plausible(rng)


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
