"""Lockdown: whatever lets anybody in without signing in anew ends, for everybody, at once.

For the evening on which a phone, a mailbox or a tablet is in the wrong hands and nobody knows yet which. Nobody's
account, password or second step changes, nothing that was written is lost, and nobody is written to: what happened
is for people to say to each other.
"""

from allauth.account.models import EmailConfirmation
from django.contrib.postgres.functions import RandomUUID
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hub.desk.models.devices import DeskDevice
from hub.people.models.calendar_feed import Feed
from school.models import JoinRequest
from volunteers.models import Invitation, Letter, User


@transaction.atomic
def lock_down() -> list[str]:
    """End every way in, or none of them, and say what has ended. Again is harmless."""
    # The key first: a session that is being made at this moment does not fit it any more.
    User.objects.update(sessions_key=RandomUUID())
    for ended in (Session, Feed, DeskDevice, Invitation, EmailConfirmation, JoinRequest, Letter):
        QuerySet(ended).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND args ? 'letter'")
    return what_ends()


def what_ends() -> list[str]:
    """Sentences that say what ends; they hold before and after."""
    return [
        _("Everybody is signed out on every device. You too."),
        _("Every paired tablet and phone is removed, and no pairing code works."),
        _("Every calendar address stops working. People can make a new one."),
        _("Every invitation and every link to join the School stops working."),
        _("E-mails that we have not sent yet are deleted. The codes and links in them stop working."),
    ]
