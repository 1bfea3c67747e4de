"""Erases a person everywhere: their row, the rows that hang on it, its history, and every trace in libraries' tables.

What others need stays without them: a grant they made, a line of the ledger they wrote. Backups lose them as they
run out (`SECURITY.md`). A test plants a name in every place it can get to and searches the whole database for it.
"""

import json
from collections.abc import Collection, Iterable
from importlib import import_module
from typing import Any

import pghistory.models
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _now

from hub.core.change_history import find_history_models
from hub.people.models.tombstones import Erased
from school.models import Enrolment, JoinRequest
from volunteers.models import Hours, Invitation, Letter, Shift, Signup, User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import touched
from volunteers.shared.registries.personal_data import find_personal_data


@transaction.atomic
def erase_person(person: User, *, by: User | None, while_among: models.QuerySet[User] | None = None) -> None:
    """Erase them, as they asked or as somebody who looks after them does for them. It cannot be undone.

    Their places on shifts to come are offered to others first; what they were on becomes hours without a name.
    Erasing somebody who is gone already changes nothing. The last admin stays. `by` is None where a year of silence
    does it: only `while_among` those who are silent, as they are asked once their row is locked.
    """
    if (
        by is not None
        and by.pk != person.pk
        and not (by.has_perm("volunteers.erase_user") and by.may_look_after(person))
    ):
        raise NotAllowed(_now("You cannot erase this account. Ask an admin."))
    now = timezone.now()
    places = touched.find_touched(person, now)
    _leave_sessions(person)
    # Shifts first and then people, as everybody locks them.
    Shift.objects.filter(pk__in=Signup.objects.filter(person=person).values("shift")).lock()
    User.objects.wait_for_admins()
    here = User.objects.select_for_update().filter(pk=person.pk).first()
    if here is None:
        return
    if while_among is not None and not while_among.filter(pk=here.pk).exists():
        raise NotAllowed(_now("They have been here again, so we keep them."))
    here.refuse_without_another_admin()
    _leave_shifts(here)
    emails = _find_addresses(here)
    _delete_letters(here, emails)
    _delete_sessions(here, emails)
    JoinRequest.objects.delete_from(emails)
    # Somebody else's way in, which does not need it: they are shown the link instead.
    Invitation.objects.exclude(person=here).filter(email__in=emails).update(email=None)
    theirs = _find_dependent_rows(here)
    Erased.objects.add_mark(here)
    here.delete()
    # After the row itself: what is deleted and blanked with it may write history of its own.
    for model, keys in theirs.items():
        _delete_admin_log(model, keys)
    for event in find_history_models():
        _delete_history(event, person.pk, theirs)
    _blank_history_author(person.pk)
    touched.follow_up(places, by, now)


def _leave_sessions(person: User) -> None:
    """Give their places in sessions to come to the people who wait for one."""
    ahead = Enrolment.objects.filter(person=person, state__in=["enrolled", "offered", "waiting"])
    for enrolment in ahead.select_related("session").order_by("session"):
        enrolment.withdraw(now=timezone.now())


def _leave_shifts(person: User) -> None:
    for signup in Signup.objects.live().filter(person=person, during__endswith__gt=timezone.now()).order_by("shift"):
        signup.withdraw(by=person)
    Hours.objects.keep_without(person)


def _find_dependent_rows(person: User) -> dict[type[models.Model], list[Any]]:
    """Keys of all rows that go with theirs, by model; their own among them."""
    collector = NestedObjects(using=connection.alias)
    collector.collect([person])
    return {model: [row.pk for row in rows] for model, rows in collector.data.items()}


def _find_addresses(person: User) -> frozenset[str]:
    """Addresses of theirs, in small letters: their e-mail, one not confirmed yet, and where an invitation went.

    One that they only typed, and that somebody else signs in with or is invited at, is left to that person.
    """
    confirmed = {person.email.lower()} if person.email else set()
    typed = {
        *EmailAddress.objects.filter(user=person).values_list(Lower("email"), flat=True),
        *Invitation.objects.filter(person=person, email__isnull=False).values_list(Lower("email"), flat=True),
    }
    for others in (User.objects.exclude(pk=person.pk), Invitation.objects.exclude(person=person)):
        typed -= set(others.filter(email__isnull=False).values_list(Lower("email"), flat=True))
    return frozenset(confirmed | typed)


def _delete_letters(person: User, emails: Collection[str]) -> None:
    """Delete letters about them that have not left, and those nobody can read any more; and the jobs to send them."""
    concerning = [letter for letter in Letter.objects.all() if letter.concerns(person.pk, emails) in (True, None)]
    letters = [str(letter.pk) for letter in concerning]
    Letter.objects.filter(pk__in=letters).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs"
            " WHERE status <> 'doing' AND (args->>'letter' = ANY(%s) OR args->>'person' = %s)",
            [letters, str(person.pk)],
        )


def _delete_sessions(person: User, emails: Collection[str]) -> None:
    """Delete every session of theirs, and every session in which somebody typed an address of theirs."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for session in Session.objects.all():
        data = store.decode(session.session_data)
        text = json.dumps(data, ensure_ascii=False).lower()
        if data.get(SESSION_KEY) == str(person.pk) or any(email in text for email in emails):
            session.delete()


def _delete_admin_log(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Delete the notes of Django's admin about these rows; they carry names."""
    about = ContentType.objects.get_for_model(model, for_concrete_model=False)
    LogEntry.objects.filter(content_type=about, object_id__in=[str(key) for key in keys]).delete()


def _delete_history(
    event: type[pghistory.models.Event], person: int, theirs: dict[type[models.Model], list[Any]]
) -> None:
    """Delete earlier states of rows that went with them; in other rows blank them, if the row itself does."""
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


def _blank_history_author(person: int) -> None:
    """Blank the author of every change that history says this person made."""
    changes = pghistory.models.Context.objects.filter(metadata__user=str(person))
    for event in find_history_models():
        event.objects.filter(pgh_context__in=changes).update(pgh_context=None)
    changes.delete()
