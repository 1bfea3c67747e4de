"""Erasing a person everywhere: their row, what hangs on it, its history, and every trace the libraries keep of it.

What others need stays without them: a grant they made, a line of the ledger they wrote. Backups forget them as they
run out (`SECURITY.md`). A test plants a name in every place it can get to and searches the whole database for it.
"""

import json
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import pghistory.models
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from hub.core.change_history import find_history_models
from hub.people.models.tombstones import Erased
from school.models import Enrolment
from volunteers.models import Hours, Letter, Shift, Signup, User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.personal_data import find_personal_data


@transaction.atomic
def erase_person(person: User, *, by: User | None) -> None:
    """Erase them, as they asked or as somebody who looks after them does for them. It cannot be undone.

    Their places on shifts to come are offered to others first; what they were on becomes hours without a name.
    Erasing somebody who is gone already changes nothing. The last admin stays. `by` is None where a year of silence
    does it.
    """
    if (
        by is not None
        and by.pk != person.pk
        and not (by.has_perm("volunteers.erase_user") and by.may_look_after(person))
    ):
        raise NotAllowed(_now("You cannot erase this account. Ask an admin."))
    _leave_sessions(person)
    # Shifts first and then people, as everybody locks them.
    Shift.objects.filter(pk__in=Signup.objects.filter(person=person).values("shift")).lock()
    User.objects.wait_for_admins()
    here = User.objects.select_for_update().filter(pk=person.pk).first()
    if here is None:
        return
    here.refuse_without_another_admin()
    _leave_shifts(here)
    _forget_letters(here)
    _forget_sessions(here)
    theirs = _hanging_on(here)
    Erased.objects.add_mark(here)
    here.delete()
    # After the row itself: what is deleted and blanked with it may write history of its own.
    for model, keys in theirs.items():
        _forget_admin_log(model, keys)
    for event in find_history_models():
        _forget_history(event, person.pk, theirs)
    _forget_who_changed_what(person.pk)


def _leave_sessions(person: User) -> None:
    """Their places in sessions to come go to whoever waits for one."""
    ahead = Enrolment.objects.filter(person=person, state__in=["enrolled", "offered", "waiting"])
    for enrolment in ahead.select_related("session").order_by("session"):
        enrolment.withdraw(now=timezone.now())


def _leave_shifts(person: User) -> None:
    for signup in Signup.objects.live().filter(person=person, during__endswith__gt=timezone.now()).order_by("shift"):
        signup.withdraw(by=person)
    Hours.objects.keep_without(person)


def _hanging_on(person: User) -> dict[type[models.Model], list[Any]]:
    """The keys of all rows that go with theirs, by model; their own among them."""
    found = NestedObjects(using=connection.alias)
    found.collect([person])
    return {model: [row.pk for row in rows] for model, rows in found.data.items()}


def _forget_letters(person: User) -> None:
    """Letters to them that have not left, and the jobs that would send them."""
    letters = [str(letter.pk) for letter in Letter.objects.all() if person.email and letter.is_to(person.email)]
    Letter.objects.filter(pk__in=letters).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs"
            " WHERE status <> 'doing' AND (args->>'letter' = ANY(%s) OR args->>'person' = %s)",
            [letters, str(person.pk)],
        )


def _forget_sessions(person: User) -> None:
    """Every session of theirs, and every one in which their e-mail was typed to come in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for session in Session.objects.all():
        said = store.decode(session.session_data)
        if said.get(SESSION_KEY) == str(person.pk) or (person.email and person.email in json.dumps(said).lower()):
            session.delete()


def _forget_admin_log(model: type[models.Model], keys: Iterable[Any]) -> None:
    """What Django's admin noted about these rows; its notes carry names."""
    about = ContentType.objects.get_for_model(model, for_concrete_model=False)
    LogEntry.objects.filter(content_type=about, object_id__in=[str(key) for key in keys]).delete()


def _forget_history(
    event: type[pghistory.models.Event], person: int, theirs: dict[type[models.Model], list[Any]]
) -> None:
    """Earlier states of rows that went with them; elsewhere they are blanked where the row itself blanks them."""
    tracked = event.pgh_tracked_model
    event.objects.filter(pgh_obj_id__in=theirs.get(tracked, [])).delete()
    kept = {field.name for field in event._meta.local_concrete_fields}  # noqa: SLF001 -- Django's own public name for it
    for entry in find_personal_data():
        for column in kept.intersection(entry.columns) if entry.model is tracked else ():
            rows = event.objects.filter(**{column: person})
            if entry.is_blanked(column):
                rows.update(**{column: None})
            else:
                rows.delete()


def _forget_who_changed_what(person: int) -> None:
    """Whatever history says this person changed, nobody in particular did."""
    changes = pghistory.models.Context.objects.filter(metadata__user=str(person))
    for event in find_history_models():
        event.objects.filter(pgh_context__in=changes).update(pgh_context=None)
    changes.delete()
