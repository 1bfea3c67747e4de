"""Second steps at sign-in (codes, passkeys), kept without the time they were last used."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from volunteers.shared.letters import Letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from volunteers.models.people import User


class SecondStep(Authenticator):  # type: ignore[misc]
    """allauth's own table; the database rounds the moment of each use down to the day.

    When somebody looked at their codes for paper is not kept at all: allauth asks only whether they did.
    """

    class Meta:
        proxy = True
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="used_to_the_day",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.last_used_at := date_trunc('day', NEW.last_used_at);
                    NEW.created_at := date_trunc('day', NEW.created_at);
                    IF NEW.data ? 'viewed_at' THEN
                        NEW.data := NEW.data || '{"viewed_at": 1}';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]


def record_reset_on_server(person: User, admins: Iterable[User]) -> None:
    """Write down that a second step was reset on the server, in the admin's history, and point other admins at it."""
    LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(person),
        object_id=str(person.pk),
        object_repr=str(person),
        action_flag=CHANGE,
        change_message="Second step reset on the server.",
    )
    for admin in admins:
        if admin.email and admin.pk != person.pk:
            Letter.point(to=admin.email, address=reverse("volunteers:person", args=[person.pk]), person=admin.pk)
