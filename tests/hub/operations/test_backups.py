"""Backups: what a real one holds once it is opened, which are kept, and a hub that comes back out of one."""

import datetime as dt
import fnmatch
import io
import subprocess
import uuid
from contextlib import contextmanager

import psycopg
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis.strategies import binary

from hub.core import embedded_postgres
from hub.core.embedded_postgres import PROJECT
from hub.core.pending_rewrites import PendingRewrite
from hub.desk.visit_payload import VisitPayload
from hub.models import Edition, Erased, Hub, Incident, Month, Opening, Visit
from hub.operations.backups import clients, encryption
from hub.operations.backups import restore as restoring
from hub.operations.backups.contents import tables_left_out
from hub.operations.backups.dump import is_due, make_backup
from hub.operations.backups.store import BackupFolder, BackupRunning, find_days_to_remove
from hub.operations.storage_rules import is_a_rewrite_late
from hub.people.erasure import erase_person
from tests.journeys.server import database_url
from tests.privacy import dumps
from tests.project.conftest import UNSET, python
from tests.supplies.makers import a_lot, an_item
from tests.volunteers.rota_world import somebody
from volunteers.models import Invitation, Letter, User

PUBLIC, PRIVATE = encryption.make_keys()
DAY = dt.timedelta(days=1)


# --- Keys and files: no database ---------------------------------------------------------------------------------


def test_only_private_key_opens_backup():
    sealed = encryption.seal(b"the hub", encryption.read_public_key(PUBLIC))
    assert b"the hub" not in sealed
    assert encryption.unseal(sealed, encryption.read_private_key(PRIVATE)) == b"the hub"
    other = encryption.read_private_key(encryption.make_keys()[1])
    for wrong, key in ((sealed, other), (sealed[:-1], encryption.read_private_key(PRIVATE)), (b"PGDMP", other)):
        with pytest.raises(encryption.WrongKey):
            encryption.unseal(wrong, key)


def test_key_is_read_as_people_type_it():
    typed = " ".join(PRIVATE.upper()[at : at + 8] for at in range(0, len(PRIVATE), 8)) + "\n"
    sealed = encryption.seal(b"x", encryption.read_public_key(f" {PUBLIC} "))
    assert encryption.unseal(sealed, encryption.read_private_key(typed)) == b"x"


@pytest.mark.parametrize(
    "typed",
    ["", "hub-private-", PRIVATE[:-2], PUBLIC, "hub-private-ü\x00", PRIVATE[:-1] + "1"],
    # The keys are new in each process, and cannot name a test.
    ids=["nothing", "no key", "too short", "the other one", "no letters of it", "a digit it never has"],
)
def test_invalid_private_key_is_refused(typed):
    with pytest.raises(encryption.WrongKey, match="not a key"):
        encryption.read_private_key(typed)


def test_private_key_is_refused_on_the_server():
    with pytest.raises(encryption.WrongKey, match="does not belong on this machine"):
        encryption.read_public_key(PRIVATE)


TODAY = dt.date(2026, 11, 23)


def days(*written):
    return {dt.date.fromisoformat(day) for day in written}


@pytest.mark.parametrize(
    ("there", "goes"),
    [
        (days(), days()),
        (days("2026-11-23"), days()),
        (days("2026-11-16", "2026-11-17", "2026-11-23"), days("2026-11-16")),
        (days("2026-10-30", "2026-10-31", "2026-11-23"), days("2026-10-30")),
        (days("2026-10-28", "2026-09-30", "2026-11-23"), days()),
        (days("2025-11-30", "2025-11-22", "2026-11-23"), days("2025-11-22")),
        (days("2025-11-22", "2026-11-23"), days("2025-11-22")),
        (days("2024-01-31"), days()),
        (days("2026-11-02", "2026-11-09"), days("2026-11-02")),
    ],
)
def test_dailies_expire_weekly_and_month_ends_yearly(there, goes):
    assert find_days_to_remove(there, TODAY) == goes


def test_old_backups_are_never_days_apart():
    kept = set()
    for number in range(800):
        today = dt.date(2026, 1, 1) + number * DAY
        kept |= {today}
        kept -= find_days_to_remove(kept, today)
        old = sorted(day for day in kept if day <= today - 7 * DAY)
        assert len({(day.year, day.month) for day in old}) == len(old)
    assert len(kept) == 7 + 12


def test_backup_is_written_whole_or_not(tmp_path):
    folder = BackupFolder(tmp_path)
    folder.write(folder.path_of(TODAY), b"old")
    (tmp_path / f"{TODAY}.half").write_bytes(b"killed half-way")
    assert (folder.find_days(), folder.path_of(TODAY).read_bytes()) == ({TODAY}, b"old")
    folder.write(folder.path_of(TODAY), b"new")
    assert folder.path_of(TODAY).read_bytes() == b"new"
    assert folder.path_of(TODAY).stat().st_mode & 0o077 == 0
    (tmp_path / "2026-01-01.half").write_bytes(b"")
    folder.remove_old(TODAY)
    assert [path.name for path in tmp_path.iterdir()] == [f"{TODAY}.hub"]


def test_two_backups_are_never_made_at_once(tmp_path):
    with BackupFolder(tmp_path).lock(), pytest.raises(BackupRunning), BackupFolder(tmp_path).lock():
        pass


# --- Real dumps ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return BackupFolder(tmp_path)


@pytest.fixture
def world(transactional_db):
    """Somebody with a letter and an invitation, a month that is complete and published, and an incident."""
    Hub.objects.create(pk=1, name="The Hub")
    item = an_item("Spoon")
    a_lot(item, 50, number="A1")
    with time_machine.travel("2026-10-14 20:00 +0100", tick=False):
        an_evening_now(item)
    Month(dt.date(2026, 10, 1)).complete_month()
    Edition.objects.create(first=dt.date(2026, 10, 1), span=1, number=1, tables=[])
    ash = somebody("Ash", roles=("volunteer", "admin"))
    Invitation.renew(ash)
    Letter.post(to="ash@example.org", text="Your code is 123456.")
    return item


def an_evening_now(item, *, fold=True):
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    entry = VisitPayload(id=uuid.uuid4(), opening=opening.pk, people=2, items={item.pk: 3}, void=False)
    Visit.objects.log(entry)
    if fold:
        opening.aggregate_visits()
    return str(entry.id)


def opened(path):
    """What somebody reads in a backup who has the key."""
    read = [clients.find_client("pg_restore"), "--data-only", "--file=-"]
    return dumps.read(subprocess.run(read, input=unsealed(path), check=True, capture_output=True).stdout.decode())


def unsealed(path):
    return encryption.unseal(path.read_bytes(), encryption.read_private_key(PRIVATE))


def make(folder):
    return make_backup(folder, encryption.read_public_key(PUBLIC))


def still_in(dump, *patterns):
    """Which of these tables a dump has rows of after all; each pattern is of some table there is."""
    there = connection.introspection.table_names()
    assert [pattern for pattern in patterns if not fnmatch.filter(there, pattern)] == []
    return [name for name in dump.tables for pattern in patterns if fnmatch.fnmatch(name, pattern)]


def test_backup_holds_no_evening_and_no_access(world, folder):
    visit = an_evening_now(world)
    Incident.objects.create(month=dt.date(2026, 11, 1), kind_id=a_kind())

    backup = make(folder)

    assert (backup.path, backup.desk_is_open) == (folder.path_of(Opening.objects.latest("date").date), False)
    assert Hub.current().backed_up_on == timezone.localdate()
    # Longer than chance can write among random bytes.
    sealed, plain = backup.path.read_bytes(), unsealed(backup.path)
    for word in (b"COPY public.", b"volunteers_user", b"chosen_name"):
        assert (word in plain, word in sealed) == (True, False)
    dump = opened(backup.path)
    assert still_in(dump, *tables_left_out(desk_is_open=False)) == []
    assert [table for table, _column, value in dump.cells() if visit in value] == []
    assert dump["volunteers_user"].column("chosen_name") == ["Ash"]
    assert len(dump["supplies_movement"].rows) == 2
    assert dump["hub_opening"].column("visits") == ["1", "1"]


def a_kind():
    from hub.models import Choice  # noqa: PLC0415 -- one test wants it

    return Choice.objects.create(of="incident", name="Somebody fainted").pk


def test_open_desk_backup_is_removed_at_closing(world, folder):
    visit = an_evening_now(world, fold=False)

    backup = make(folder)

    assert (backup.path, backup.desk_is_open, folder.find_days()) == (folder.open_desk_path, True, set())
    dump = opened(backup.path)
    assert dump["hub_visit"].column("id") == [visit]
    assert still_in(dump, *tables_left_out(desk_is_open=True)) == []
    assert is_due(folder)

    Opening.objects.current().aggregate_visits()
    assert is_due(folder)
    backup = make(folder)

    assert not folder.open_desk_path.exists()
    assert still_in(opened(backup.path), "hub_visit", "hub_visititem", "hub_seenvisit") == []
    assert not is_due(folder)


def test_no_file_counts_visits_by_its_size(world, folder):
    """Whoever sees the folder without the key saw each visit: 783,740 bytes, then 783,850."""
    sizes = []
    for _time in range(3):
        an_evening_now(world, fold=False)
        sizes.append((make(folder).path.stat().st_size, folder.marks_path.stat().st_size))
    assert len({*sizes}) == 1

    Opening.objects.current().aggregate_visits()
    make(folder)

    lying_there = [*folder.path.rglob("*.hub")]
    assert {path.name for path in lying_there} == {"erased.hub", f"{Opening.objects.latest('date').date}.hub"}
    begins = len(encryption.seal(b"", encryption.read_public_key(PUBLIC))) - encryption.SMALLEST
    assert {(path.stat().st_size - begins).bit_count() for path in lying_there} == {1}


@given(binary(max_size=3 * encryption.SMALLEST // 1000).map(lambda some: some * 1000))
@examples(max_examples=20)
def test_what_is_padded_comes_out_as_it_was(plain):
    sealed = encryption.seal(plain, encryption.read_public_key(PUBLIC))
    assert encryption.unseal(sealed, encryption.read_private_key(PRIVATE)) == plain


def test_backup_made_before_padding_still_opens():
    key = encryption.read_public_key(PUBLIC)
    sealed = encryption.BEGAN_UNPADDED + encryption.SUITE.encrypt(b"the hub", key, info=encryption.BEGAN_UNPADDED)
    assert encryption.unseal(sealed, encryption.read_private_key(PRIVATE)) == b"the hub"


def test_open_desk_backup_lies_outside_what_is_copied(world, folder):
    an_evening_now(world, fold=False)
    make(folder)
    assert folder.open_desk_path.exists()
    assert {path.name for path in folder.path.rglob("*") if path.is_file()} == {"erased.hub", "in-use.lock"}


def test_an_evening_nobody_closed_is_folded_first(world, folder):
    with time_machine.travel(dt.datetime.now(dt.UTC) - 2 * DAY):
        an_evening_now(world, fold=False)
    assert not make(folder).desk_is_open
    assert not Visit.objects.exists()


@contextmanager
def an_empty_database():
    """A second database on the same server, with nothing in it, and its address."""
    name = f"{connection.settings_dict['NAME']}_restored"
    server = {"host": connection.settings_dict["HOST"], "user": connection.settings_dict["USER"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as there:
        there.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        there.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield (
                database_url().replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?"),
                server | {"dbname": name},
            )
        finally:
            there.execute(f"DROP DATABASE {name} WITH (FORCE)")


def restore(url, *arguments):
    process = python("manage.py", "restore", *map(str, arguments), **{**UNSET, "DEBUG": "true", "DATABASE_URL": url})
    out, err = process.communicate(f"{PRIVATE}\n")
    return process.returncode, out, err


@pytest.mark.skipif(not embedded_postgres.installed(), reason="needs a client of the server's version")
def test_restore_leaves_out_people_erased_since(world, folder, tmp_path):
    bo = somebody("Bo")
    an_evening_now(world)
    before = make(folder).path.rename(tmp_path / "kept-elsewhere.hub")
    erase_person(bo, by=None)
    make(folder)
    here = dumps.take()

    with an_empty_database() as (url, at):
        with psycopg.connect(**at) as there:
            # What a restore leaves that was killed half-way: some of it, and word that it is not done.
            there.execute("CREATE TABLE volunteers_user AS SELECT 'Bo' AS chosen_name")
            there.execute("CREATE SCHEMA hub_restoring")

        code, out, err = restore(url, before)

        assert code == 0, err
        assert "Every promise holds." in out
        with psycopg.connect(**at) as there:
            ask = lambda question: there.execute(question).fetchall()  # noqa: E731 -- three words
            assert ask("SELECT chosen_name FROM volunteers_user") == [("Ash",)]
            assert ask("SELECT mark FROM hub_erased") == [(Erased.objects.get().pk,)]
            assert ask("SELECT date::text, visits::text FROM hub_opening ORDER BY id") == sorted(
                here["hub_opening"].only("date", "visits")
            )
            assert ask("SELECT sum(quantity) FROM supplies_movement") == [(47,)]
            assert ask("SELECT count(*) FROM hub_edition") == [(1,)]
            assert ask("SELECT to_regnamespace('hub_restoring')") == [(None,)]


@pytest.mark.django_db(transaction=True)
def test_restored_rewrite_counts_from_today():
    """One that was pending when the backup was made, and cannot be done at once, is not late already."""
    PendingRewrite.objects.create(since=timezone.localdate() - dt.timedelta(days=9), every_table=True)
    somebody("Bo")
    reach = {name: connection.get_connection_params().get(name) for name in ("host", "port", "user", "password")}
    with psycopg.connect(dbname=connection.settings_dict["NAME"], **reach) as somebody_reading:
        somebody_reading.execute("SELECT FROM volunteers_user")
        restoring.run_clocks()

        assert PendingRewrite.objects.exists()
        assert not is_a_rewrite_late()


def test_restoring_refuses_in_sentences_and_changes_nothing(world, folder, monkeypatch):
    path = make(folder).path
    keys = ["1234", encryption.make_keys()[1], *[PRIVATE] * 5]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(keys)))

    def refused(why, path=path, **options):
        with pytest.raises(CommandError, match=why):
            call_command("restore", path, **options)

    refused("not a key")
    refused("does not open this backup")
    refused("cannot be read: No such file", path.with_name("nowhere.hub"))
    refused("There are people in this database already")
    refused("no backup of the database", folder.marks_path)
    refused("not the list of who was erased", erased=path)
    folder.marks_path.unlink()
    refused("which says who was erased since")
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_nothing_starts_during_unfinished_restore():
    """Whoever has been erased since may be in it again: the web server waits for `migrate`, and so for the restore."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA hub_restoring")
    with pytest.raises(CommandError, match="people who were erased may be in it"):
        call_command("migrate", verbosity=0)
    restoring.finish_restore()
    call_command("migrate", verbosity=0)


@pytest.mark.django_db
def test_backup_of_newer_version_is_refused():
    restoring.refuse_newer_version()
    MigrationRecorder(connection).record_applied("hub", "9999_of_a_newer_version")
    with pytest.raises(restoring.CannotRestore, match="Get that version and restore again"):
        restoring.refuse_newer_version()


# --- What is refused, and what is told -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_client_of_other_version_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "installed", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(clients.CannotDump, match="There is no pg_dump on this machine"):
        clients.find_client("pg_dump")
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.22 (Debian 12.22-1)'\n")
    old.chmod(0o755)
    with pytest.raises(clients.CannotDump, match=r"and this pg_dump is of 12: install the client of version \d+\."):
        clients.find_client("pg_dump")


@pytest.mark.django_db
def test_erased_people_are_kept_as_marks(volunteer):
    with time_machine.travel("2026-11-19 12:00", tick=False):
        erase_person(volunteer, by=None)
        mark = Erased.objects.get()
        assert (mark.month, len(mark.mark)) == (dt.date(2026, 11, 1), 64)
    for day, there in (("2027-12-31", True), ("2028-01-01", False)):
        with time_machine.travel(f"{day} 12:00", tick=False):
            Erased.objects.forget_old()
            assert Erased.objects.exists() is there


@pytest.mark.django_db
def test_command_says_what_is_missing(settings, tmp_path):
    for key, folder in (("", "x"), (PUBLIC, "")):
        settings.BACKUP_KEY, settings.BACKUP_DIR = key, folder
        with pytest.raises(CommandError, match="Set BACKUP_KEY and BACKUP_DIR first"):
            call_command("backup")
    settings.BACKUP_KEY, settings.BACKUP_DIR = PRIVATE, str(tmp_path)
    for again in ((), ("--every", "10")):
        with pytest.raises(CommandError, match="does not belong on this machine"):
            call_command("backup", *again)
    with pytest.raises(CommandError, match="a number from 1 on"):
        call_command("backup", "--every", "-5")
    (tmp_path / "file").write_text("")
    settings.BACKUP_KEY, settings.BACKUP_DIR = PUBLIC, str(tmp_path / "file")
    with pytest.raises(CommandError, match="could not be written: File exists"):
        call_command("backup")


@pytest.mark.django_db
def test_command_makes_keys_that_fit(capsys):
    call_command("backup", "--new-keys")
    words = capsys.readouterr().out.replace("=", " ").split()
    (public,) = [word for word in words if word.startswith("hub-public-")]
    (private,) = [word for word in words if word.startswith("hub-private-")]
    sealed = encryption.seal(b"x", encryption.read_public_key(public))
    assert encryption.unseal(sealed, encryption.read_private_key(private)) == b"x"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ago", "said"),
    [(None, "There is no backup yet"), (2, ""), (3, "The last backup is 3 days old")],
)
def test_today_tells_admins_when_there_is_no_backup(ago, said, client, sign_in, admin, coordinator, settings, demo):
    last = timezone.localdate() - ago * DAY if ago else None
    Hub.objects.create(pk=1, name="The Hub", address="12 Sample Street", backed_up_on=last)
    settings.BACKUP_KEY = PUBLIC
    for person, is_told in ((admin, bool(said)), (coordinator, False)):
        sign_in(client, person)
        page = client.get("/today/").content.decode()
        assert (said or "ackup") in page if is_told else "ackup" not in page


def test_backup_docs_name_every_excluded_table():
    page = (PROJECT / "docs" / "backups.md").read_text()
    assert [table for table in tables_left_out(desk_is_open=False) if f"`{table}`" not in page] == []
