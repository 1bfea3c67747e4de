"""docs/what-we-hold.md speaks of every column there is, and of no other."""

import re
from collections import Counter

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from hub.core.embedded_postgres import PROJECT

LINE = "| `{}` | why | how long | deleted by |"


def pages():
    """(table, its lines) of the page."""
    table = None
    for line in (PROJECT / "docs" / "what-we-hold.md").read_text().splitlines():
        if heading := re.match(r"### `(\w+)`$", line):
            table = heading.group(1)
        elif line.startswith("## "):
            table = None
        elif table:
            yield table, line


def about_people():
    """(table, column) → (why, how long, deleted by), from the tables of the page."""
    found = []
    for table, line in pages():
        if line.startswith("| `"):
            names, *words = (cell.strip() for cell in line.strip("|").split("|"))
            found += [((table, name), tuple(words)) for name in re.findall(r"`(\w+)`", names)]
    return found


def about_things():
    """(table, column) of those the page calls about things, and the words after them in the same line."""
    return [
        (table, name)
        for table, line in pages()
        if line.startswith("About things:")
        for name in re.findall(r"`(\w+)`", line)
    ]


def columns():
    """(table, column) → type, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name, data_type from information_schema.columns "
            "join information_schema.tables using (table_schema, table_name) "
            "where table_schema = current_schema() and table_type = 'BASE TABLE'"
        )
        return {(table, column): kind for table, column, kind in cursor.fetchall()}


@pytest.mark.django_db
def test_every_column_is_documented_once():
    described = {where for where, _words in about_people()} | set(about_things())
    held = set(columns())
    missing = sorted(held - described)
    assert not missing, "docs/what-we-hold.md lacks, by table:\n" + "\n".join(
        f"### `{table}`  {LINE.format(column)}" for table, column in missing
    )
    assert sorted(described - held) == []


def test_no_column_is_spoken_of_twice():
    told = Counter([where for where, _words in about_people()] + about_things())
    assert [where for where, times in told.items() if times > 1] == []


def test_personal_columns_document_purpose_retention_and_deletion():
    assert about_people()
    for where, words in about_people():
        assert len(words) == 3, where
        assert all(words), where


@pytest.mark.django_db
def test_pointers_and_clock_times_are_documented_as_personal():
    people = get_user_model()
    pointing = {
        (model._meta.db_table, field.column)  # noqa: SLF001 -- Django's own public name for it
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields  # noqa: SLF001 -- the same
        if field.remote_field and field.remote_field.model is people
    }
    clocks = {where for where, kind in columns().items() if kind.startswith(("timestamp", "time "))}
    held = set(columns())
    assert sorted(((pointing | clocks) & held) - {where for where, _words in about_people()}) == []
