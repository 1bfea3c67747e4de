"""Tables that Django, allauth and procrastinate made: how long they are kept, and what of them is about people."""

from importlib import import_module

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)

from volunteers.shared.registries import personal_data, retention, row_order, sealed

NEVER, STAY_APART = retention.InBackups.NEVER, personal_data.Merge.STAY_APART


def clear_sessions() -> None:
    """Delete sessions that have ended, as the session engine of the settings does it."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


retention.keep(
    Session,
    until="until the end of tomorrow at most",
    promise="signed-in",
    every=retention.Every.HOUR,
    delete=clear_sessions,
    overdue=lambda now: Session.objects.filter(expire_date__lt=now.replace(hour=0, minute=0, second=0, microsecond=0)),
    in_backups=NEVER,
)
retention.keep(EmailAddress, Authenticator, until="until they take it away", promise="account")
retention.keep(EmailConfirmation, until="never written", promise="account", in_backups=NEVER)
retention.keep(ProcrastinateJob, until="until done, about 3 days if it keeps failing", promise="plan", in_backups=NEVER)
retention.keep(ProcrastinateEvent, until="until its job is done", promise="plan", in_backups=NEVER)
retention.keep(ProcrastinateWorker, until="while it runs", promise="plan", in_backups=NEVER)
retention.keep(ProcrastinatePeriodicDefer, until="as long as the timetable", in_backups=NEVER)
retention.keep(MigrationRecorder.Migration, until=retention.FOR_GOOD, promise="plan")
retention.keep(Group, Group.permissions.through, Permission, ContentType, until=retention.FOR_GOOD)

row_order.leave("volunteers", because="somebody with an account writes here, and the rows say for whom and for when")
row_order.leave("account", "mfa", because="the rows say whose they are")
row_order.leave("admin", because="the rows say when", at_night=False)
row_order.leave("auth", "contenttypes", because="written by `migrate`", at_night=False)
row_order.leave("sessions", because="backups leave them out")
row_order.leave("procrastinate", because="backups leave them out, and the rows say when", at_night=False)

personal_data.hold(EmailAddress, "user", part="sign-in", merge=STAY_APART)
personal_data.hold(Authenticator, "user", part="sign-in", merge=STAY_APART)
personal_data.hold(LogEntry, "user", part="deeds", counted_as=_("Changes you made in the admin"), order=20)

sealed.hold(
    Authenticator, "data", purpose="second step", what="second steps", keys=("secret", "seed", "migrated_codes")
)
# Somebody whose session nobody can read signs in again.
sealed.hold(Session, "session_data", purpose="session", what="sessions", matters=False)
