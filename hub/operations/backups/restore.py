"""Bringing a hub back out of a backup, without anybody who has been erased since."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from hub.core.pending_rewrites import PendingRewrite
from hub.desk.models.openings import Opening
from hub.months.models import Month
from hub.operations.backups import clients
from hub.operations.backups.encryption import unseal
from hub.operations.purge import purge
from hub.people.erasure import erase_person
from hub.people.models.tombstones import Erased, find_people_by_marks
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed

UNFINISHED = "hub_restoring"
"""A schema that is there until a restore is done: who was erased since may be in the database again until then."""


class CannotRestore(Exception):
    """It must not be loaded here; the message is a sentence for the person at the keyboard."""


def load_backup(sealed: bytes, key: X25519PrivateKey) -> None:
    """Put everything back into a database with nobody in it, and bring it up to this version.

    Raises WrongKey, CannotRestore and CannotDump. Nobody's data is lost then: there is nobody in it yet, or what an
    earlier restore left that did not come to its end.
    """
    dump = unseal(sealed, key)
    if not dump.startswith(b"PGDMP"):
        raise CannotRestore("That is no backup of the database. Its name is a day, or open-desk.hub.")
    if not is_unfinished():
        _refuse_people()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {UNFINISHED}")
        # What `migrate` has laid out before anybody came; with people in it we are not here.
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    try:
        clients.run_client(
            "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", given=dump
        )
    except clients.CannotDump:
        finish_restore()
        raise
    connection.close()
    refuse_newer_version()
    call_command("migrate", interactive=False, verbosity=0, restoring=True)


def is_unfinished() -> bool:
    """Whether a restore into this database has begun and did not come to its end. Nobody may use it then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [UNFINISHED])
        return bool(cursor.fetchone()[0])


def finish_restore() -> None:
    """Everybody may use it now."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {UNFINISHED}")


def read_marks(sealed: bytes, key: X25519PrivateKey) -> set[str]:
    """The marks of who was erased, from the file beside the backups. Raises WrongKey and CannotRestore."""
    plain = unseal(sealed, key)
    try:
        return {str(mark) for mark in json.loads(plain)}
    except (ValueError, TypeError):
        raise CannotRestore("That is not the list of who was erased: its name is erased.hub.") from None


def erase_again(marks: set[str]) -> list[str]:
    """Erase everybody whom these marks mean, or who is marked in the backup itself; the names that could not be.

    That is the case of a last admin, who stays until there is another.
    """
    still_here = []
    for person in find_people_by_marks(marks | set(Erased.objects.values_list("mark", flat=True))):
        try:
            erase_person(person, by=None)
        except NotAllowed:
            still_here.append(person.username)
    # Marks of people this backup never knew are kept: a later one may.
    month = timezone.localdate().replace(day=1)
    Erased.objects.bulk_create((Erased(mark=mark, month=month) for mark in sorted(marks)), ignore_conflicts=True)
    return still_here


def run_clocks() -> None:
    """Do what the clocks would have done since the backup was made: fold, complete, forget."""
    Opening.objects.aggregate_overdue()
    Opening.objects.truncate_visits()
    Month.complete_overdue()
    purge()
    # Its pending rewrites were of files that this database never had: they count from today.
    PendingRewrite.objects.all().delete()
    PendingRewrite.objects.run_all()


def refuse_newer_version() -> None:
    """Go no further with what a newer version has made. Raises CannotRestore."""
    loader = MigrationLoader(connection)
    if set(loader.applied_migrations or {}) - set(loader.disk_migrations or {}):
        raise CannotRestore(
            "This backup was made by a newer version of the hub than this one. Get that version and restore again."
        )


def _refuse_people() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if User._meta.db_table in tables and User.objects.exists():  # noqa: SLF001 -- Django's own public name for it
        raise CannotRestore("There are people in this database already. Restore into an empty one.")
    if tables - set(_our_tables()):
        raise CannotRestore("There are tables in this database that are not a hub's. Restore into an empty one.")


def _our_tables() -> Iterator[str]:
    yield "django_migrations"
    yield from ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")
    yield from connection.introspection.django_table_names(include_views=False)
