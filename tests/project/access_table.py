"""The table of doors as a page to be read: `python -m tests.project.access_table` writes it."""

import os

PAGE = "docs/generated/doors.md"
CALLED = {"anonymous": "stranger", "device": "desk device", "lead": "tonight’s lead"}
OPENING = """# Who gets in where

Every address of the hub, and what it answers to whom: to a look (GET) and to a form sent without anything filled in
(POST). Written by `python -m tests.project.access_table` from `tests/project/access_matrix.py`.
`tests/project/test_access.py` makes every one of these requests, with ids of other people's things where an
address takes one, and fails for an address without a row.

200 is the page. 302 from an address that asks for a sign-in leads there; elsewhere on, or back, after something was
done, and from an address that only does something to the page above it. 403 is no, 404 nothing that this person may
know of, 405 not in this way, 409 not now, 410 not any more, 422 a form with something missing; 401 tells a device, in
JSON, to sign in or to be paired again.

A **desk device** is a tablet paired for tonight, with nobody signed in on it. **Tonight’s lead** is a volunteer who may
lead a shift. Coordinators and admins without a second step get nothing but setting one up, and the emergency page.
Django's own admin, under `/admin/`, is not in the table: all of it sends everybody but admins to sign in.
"""


def as_a_page() -> str:
    """The whole page."""
    from tests.project.access_matrix import DOORS, EVERYBODY  # noqa: PLC0415 -- the same
    from tests.project.access_requests import written  # noqa: PLC0415 -- once Django is ready

    how = dict(written())
    titles = [CALLED.get(who, who) for who in EVERYBODY]
    lines = [
        "| address | | " + " | ".join(titles) + " | open to anybody because |",
        "|---|---|" + "---|" * (len(titles) + 1),
    ]
    for name, door in DOORS.items():
        for method in ("GET", "POST"):
            answers = door.answers(method)
            first = method == "GET"
            cells = [f"`{how[name]}`" if first else "", method, *(str(int(answers[who])) for who in EVERYBODY)]
            lines.append("| " + " | ".join([*cells, door.reason if first else ""]) + " |")
    return OPENING + "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    django.setup()
    from hub.core.embedded_postgres import PROJECT

    (PROJECT / PAGE).write_text(as_a_page())
