"""Bringing a hub back out of a backup, without anybody who has been erased since."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from hub.backups import clients
from hub.backups.sealing import unseal
from hub.erasure import erase
from hub.models import Erased, Handover, Incident, Month, Opening, SeenVisit, Visit, order
from hub.models.erased import those
from volunteers.jobs import clear_expired, forget_in_time
from volunteers.models import User
from volunteers.refusals import NotAllowed


class CannotRestore(Exception):
    """It must not be loaded here; the message is a sentence for the person at the keyboard."""


def load(sealed: bytes, key: X25519PrivateKey) -> None:
    """Put everything back into a database with nobody in it, and bring it up to this version.

    Raises WrongKey, CannotRestore and CannotDump. Nobody's data is lost then: there is nobody in it yet.
    """
    dump = unseal(sealed, key)
    _refuse_people()
    with connection.cursor() as cursor:
        # What `migrate` has laid out before anybody came; with people in it we are not here.
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    clients.run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", given=dump)
    connection.close()
    _refuse_the_future()
    call_command("migrate", interactive=False, verbosity=0)


def marks_in(sealed: bytes, key: X25519PrivateKey) -> set[str]:
    """The marks of who was erased, from the file beside the backups. Raises WrongKey."""
    return set(json.loads(unseal(sealed, key)))


def erase_again(marks: set[str]) -> list[str]:
    """Erase everybody whom these marks mean, or who is marked in the backup itself; the names that could not be.

    That is the case of a last admin, who stays until there is another.
    """
    still_here = []
    for person in those(marks | set(Erased.objects.values_list("mark", flat=True))):
        try:
            erase(person, by=None)
        except NotAllowed:
            still_here.append(person.username)
    # Marks of people this backup never knew are kept: a later one may.
    month = timezone.localdate().replace(day=1)
    Erased.objects.bulk_create((Erased(mark=mark, month=month) for mark in sorted(marks)), ignore_conflicts=True)
    return still_here


def catch_up() -> None:
    """Do what the clocks would have done since the backup was made: fold, complete, forget."""
    Opening.objects.fold_overdue()
    SeenVisit.objects.forget_old()
    Handover.objects.forget_old()
    Incident.objects.forget_old()
    Visit.objects.sweep()
    Month.seal_overdue()
    clear_expired()
    forget_in_time()
    order.forget_arrivals()


def _refuse_people() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if User._meta.db_table in tables and User.objects.exists():  # noqa: SLF001 -- Django's own public name for it
        raise CannotRestore("There are people in this database already. Restore into an empty one.")
    if tables - set(_ours()):
        raise CannotRestore("There are tables in this database that are not a hub's. Restore into an empty one.")


def _ours() -> Iterator[str]:
    yield "django_migrations"
    yield from ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")
    yield from connection.introspection.django_table_names(include_views=False)


def _refuse_the_future() -> None:
    loader = MigrationLoader(connection)
    if set(loader.applied_migrations or {}) - set(loader.disk_migrations or {}):
        raise CannotRestore(
            "This backup was made by a newer version of the hub than this one. Get that version, empty the database,"
            " and restore again."
        )
