"""Upgrades: migrations run forward on tables with rows in them, and make nobody wait."""

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader

from hub.management.commands.migrate import Command

# Those that grow with the years; the rest are a few hundred rows at most.
BIG = {
    "hub.opening", "hub.tally", "hub.naloxonegiven", "hub.reversal", "hub.stripresult", "hub.seenvisit",
    "supplies.movement", "supplies.outgoing", "supplies.deliveryline", "volunteers.shift", "volunteers.post",
    "volunteers.signup", "volunteers.hours", "school.enrolment", "school.outcome",
}  # fmt: skip
# What each app began with. Whatever comes after it meets tables with years in them.
FIRST = {"hub": 1, "school": 1, "supplies": 1, "volunteers": 2}


@pytest.fixture
def growing(transactional_db, settings, monkeypatch):
    """The first migration of an app has run, and there is a row."""
    monkeypatch.setattr(Command, "waits", "50ms")
    monkeypatch.setattr(Command, "tries", 2)
    monkeypatch.setattr(Command, "pause", 0.0)
    # An app of somebody else's without tables stands in for one of ours.
    settings.MIGRATION_MODULES = {"csp": "tests.project.growing.migrations"}
    call_command("migrate", "csp", "0001", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO csp_thing (name) VALUES ('kettle')")
    yield
    call_command("migrate", "csp", "zero", verbosity=0)


def kettle():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM csp_thing")
        return cursor.fetchone()[1:]


def test_migration_runs_on_filled_table(growing):
    call_command("migrate", verbosity=0)
    assert kettle() == ("kettle", "red")
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_migration_gives_up_on_locked_table(growing, capsys):
    reach = {name: connection.get_connection_params().get(name) for name in ("host", "port", "user", "password")}
    with psycopg.connect(dbname=connection.settings_dict["NAME"], **reach) as somebody:
        somebody.execute("SELECT FROM csp_thing")
        with pytest.raises(CommandError, match="Somebody has been at work all the time"):
            call_command("migrate", "csp", verbosity=0)
        # Whoever comes meanwhile is not kept waiting behind it.
        assert kettle() == ("kettle",)
    assert "A table is in use; in a moment again." in capsys.readouterr().out

    call_command("migrate", "csp", verbosity=0)

    assert kettle() == ("kettle", "red")


def fields_in(operation):
    """((model, field), field) of what an operation says of columns."""
    if isinstance(operation, migrations.CreateModel):
        yield from (((operation.name_lower, name), field) for name, field in operation.fields)
    elif isinstance(operation, migrations.AddField | migrations.AlterField):
        yield (operation.model_name_lower, operation.name_lower), operation.field


def column(field):
    """What of a field the database knows: not the words people read."""
    _name, path, given, named = field.deconstruct()
    return path, given, {name: value for name, value in named.items() if name not in field.non_db_attrs}


def later():
    """(app, name, operation) of what migrations after the first of an app do, new words for a field left out."""
    known = {}
    for (app, name), migration in sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()):
        for operation in migration.operations if app in FIRST else ():
            said = {(app, *where): field for where, field in fields_in(operation)}
            words_alone = isinstance(operation, migrations.AlterField) and all(
                where in known and column(known[where]) == column(field) for where, field in said.items()
            )
            known |= said
            if int(name[:4]) > FIRST[app] and not words_alone:
                yield app, name, operation


WAYS = {
    migrations.AddIndex: "builds an index under a lock: AddIndexConcurrently, with atomic = False",
    migrations.AddConstraint: "reads it all under a lock: AddConstraintNotValid, then ValidateConstraint in another",
    migrations.AlterField: "may write every row anew: a new column, filled in a job; the old one goes a release later",
}


def locks_for_long(app, operation):
    """Why this must not be done to a table with ten years in it while a desk is open, if so."""
    if isinstance(operation, migrations.RunPython):
        return "moves rows in one transaction: do it in a job, some at a time"
    if f"{app}.{getattr(operation, 'model_name', '')}".lower() not in BIG:
        return ""
    field = getattr(operation, "field", None)
    if isinstance(operation, migrations.AddField) and hasattr(field.db_default, "resolve_expression"):
        return "writes every row: a default that is the same for all does not"
    if isinstance(operation, migrations.AddField) and (field.db_index or field.unique):
        return "builds an index under a lock: a column without one, then AddIndexConcurrently in another"
    return next((way for kind, way in WAYS.items() if type(operation) is kind), "")


def test_later_migrations_never_hold_big_tables():
    assert {model._meta.label_lower for model in apps.get_models()} >= BIG  # noqa: SLF001 -- Django's own public name for it
    wrong = [(app, name, why) for app, name, operation in later() if (why := locks_for_long(app, operation))]
    assert wrong == []


def test_the_check_for_long_locks_sees_one():
    from django.db import models  # noqa: PLC0415 -- only here
    from django.db.models.functions import Now  # noqa: PLC0415 -- the same

    index = migrations.AddIndex("movement", models.Index(fields=["kind"], name="x"))
    assert "Concurrently" in locks_for_long("supplies", index)
    assert locks_for_long("supplies", migrations.AddIndex("store", models.Index(fields=["name"], name="y"))) == ""
    assert "moves rows" in locks_for_long("hub", migrations.RunPython(lambda *_: None))
    assert "every row" in locks_for_long("hub", migrations.AddField("tally", "at", models.DateField(db_default=Now())))
    assert locks_for_long("hub", migrations.AddField("tally", "n", models.IntegerField(db_default=0))) == ""
    pointer = {"to": "supplies.item", "on_delete": models.PROTECT, "null": True}
    assert "an index" in locks_for_long("hub", migrations.AddField("tally", "item", models.ForeignKey(**pointer)))
    bare = models.ForeignKey(**pointer, db_index=False)
    assert locks_for_long("hub", migrations.AddField("tally", "item", bare)) == ""
