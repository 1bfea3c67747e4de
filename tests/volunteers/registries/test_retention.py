"""Every table says how long it is kept, and `docs/what-we-hold.md` says the same.

Also tries volunteers/models/library_tables.py.

The models are those of each app's face, for the hub `hub/models.py`.
"""

import pytest
from django.apps import apps
from django.db import connection

from hub.models import Handover, Visit
from hub.people.retention import PROMISES
from tests.hub.people.test_retention import in_the_document, lengths
from tests.project.test_what_we_hold import about_people
from volunteers.models import Invitation, User
from volunteers.shared.registries import retention
from volunteers.shared.registries.retention import Every, delete_overdue, find_retention, find_tables

TABLES_ABOUT_PEOPLE = {table for (table, _column), _words in about_people()}
DELETED_BY = {
    Every.TEN_MINUTES: ("every ten minutes",),
    Every.HOUR: ("hourly job",),
    Every.DAY: ("daily", "every morning", "nightly"),
    Every.BACKUP: ("next backup",),
}


def tables():
    """Models of the tables there are; of a table that two models share the one that made it."""
    there = connection.introspection.table_names()
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in there and not model._meta.proxy  # noqa: SLF001 -- Django's own public name for it
    ]


def in_words(entry):
    """How long, as the document would write it."""
    words = [entry.until]
    if hasattr(entry.length, "months"):
        words.append(f"{entry.length.years * 12 + entry.length.months} months")
    elif entry.length:
        hours = entry.length.total_seconds() / 3600
        words.append(f"{hours:.0f} hours" if hours in (1, 48) else f"{entry.length.days} days")
    if entry.sooner:
        words.append(f"{entry.sooner.days} days")
    return ", ".join(words)


@pytest.mark.django_db
def test_every_model_says_how_long_it_is_kept():
    assert [model._meta.label for model in tables() if not find_retention(model)] == []  # noqa: SLF001 -- the same


@pytest.mark.django_db
def test_what_is_about_people_names_its_promise():
    promised = {model._meta.db_table for model in tables() if find_retention(model).promise}  # noqa: SLF001 -- the same
    assert promised | {"django_migrations"} == TABLES_ABOUT_PEOPLE


def test_every_promise_is_on_the_page():
    keys = [line.key for group in PROMISES for line in group.lines]
    assert len(set(keys)) == len(keys)
    assert {entry.promise for entry in retention._REGISTRY} == {"", *keys}  # noqa: SLF001 -- what the registry is made of


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(TABLES_ABOUT_PEOPLE - {"django_migrations"}))
def test_document_gives_the_length_of_the_registry(table):
    entry = next(find_retention(model) for model in tables() if model._meta.db_table == table)  # noqa: SLF001 -- the same
    assert lengths(in_words(entry)) <= in_the_document([table])


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(TABLES_ABOUT_PEOPLE - {"django_migrations"}))
def test_document_names_the_job_of_the_registry(table):
    entry = next(find_retention(model) for model in tables() if model._meta.db_table == table)  # noqa: SLF001 -- the same
    deleted_by = " ".join(words[2] for (its, _column), words in about_people() if its == table)
    assert not entry.every or any(job in deleted_by for job in DELETED_BY[entry.every])


def test_no_model_says_it_twice():
    models = [model for entry in retention._REGISTRY for model in entry.models]  # noqa: SLF001 -- the same
    assert len(set(models)) == len(models)


def test_retention_needs_length_and_deletion():
    with pytest.raises(ValueError, match="Say how long"):
        retention.keep(User)
    with pytest.raises(ValueError, match="Say what deletes"):
        retention.keep(User, until="for a while", every=Every.DAY)


def test_missing_length_is_an_error():
    assert retention.length_of(Handover).days == 14
    with pytest.raises(LookupError, match="Visit has no length"):
        retention.length_of(Visit)


@pytest.mark.django_db
def test_one_that_fails_does_not_keep_the_others(volunteer, monkeypatch):
    def fail():
        raise RuntimeError("no")

    failing = retention.Retention((Visit,), None, None, "x", "", Every.HOUR, fail, None, retention.InBackups.ALWAYS)
    monkeypatch.setattr(retention, "_REGISTRY", [failing, *retention._REGISTRY])  # noqa: SLF001 -- the same
    Invitation.objects.create(person=volunteer, expires_on="2020-01-01")

    with pytest.raises(ExceptionGroup) as failed:
        delete_overdue(Every.HOUR)

    assert [str(failure) for failure in failed.value.exceptions] == ["no"]
    assert not Invitation.objects.exists()


def test_only_what_is_deleted_so_often_goes(volunteer):
    Invitation.objects.create(person=volunteer, expires_on="2020-01-01")
    delete_overdue(Every.DAY)
    assert Invitation.objects.exists()
    delete_overdue(Every.HOUR)
    assert not Invitation.objects.exists()


def test_history_tables_are_found_by_what_they_inherit():
    assert {"hub_hubevent", "supplies_itemevent", "pghistory_context"} < {*find_tables(promise="history")}
