"""People with an account: volunteers, coordinators, trainers, admins, and those still in training."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.mfa.models import Authenticator
from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import Group
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.models.people_queryset import PeopleManager, RoleName
from volunteers.models.person_rights import PersonWithRights
from volunteers.models.second_steps import record_reset_on_server
from volunteers.shared.letters import Letter
from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention, touched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from volunteers.models.hours import Worked
    from volunteers.models.qualifications import Holding, Qualification


def calendar_month() -> dt.date:
    """The first day of the calendar month, which begins at midnight; an evening at the desk ends later."""
    return timezone.localdate().replace(day=1)


class LetterKind(models.TextChoices):
    """The topics of our letters. Each person can switch each of theirs off."""

    SHIFTS = "shifts", _("My shifts: confirmed, changed or cancelled")
    REMINDERS = "reminders", _("A reminder before a shift or a session")
    OFFERS = "offers", _("Places I could take, and people who need cover")
    SCHOOL = "school", _("The School: a place for me, a change, what comes next")
    GAPS = "gaps", _("Shifts that need people, for coordinators")
    CARE = "care", _("A team that wants a call after their shift, for coordinators")
    STOCK = "stock", _("What is low, past its date or recalled, for coordinators")


class OptionalEmail(models.EmailField):
    """An e-mail that may be missing. Missing is null, so that many people can be without one."""

    def get_prep_value(self, value: Any) -> Any:
        """Store an empty address as null; allauth empties it when a person takes theirs away."""
        return super().get_prep_value(value) or None


class User(PersonWithRights):
    """A person: the name they chose and, if they like, how to reach them. No legal name, no last sign-in.

    Roles are groups (`hub/core/roles.py`) and the only source of permissions; there is no superuser, so nobody can
    do what no role says.
    """

    username = NameField(
        _("sign-in name"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("Somebody already signs in with that name.")},
        validators=[
            UnicodeUsernameValidator(message=_("Letters, digits and . + - _ only.")),
            # It is typed in front of others, and must not be mistaken for somebody else's e-mail.
            RegexValidator(
                "@", _("Choose a name without an @. You can sign in with your e-mail as well."), inverse_match=True
            ),
        ],
        help_text=_("What you type to sign in. It does not have to be your name. Letters, digits and . + - _ only."),
    )
    chosen_name = NameField(_("chosen name"), max_length=60, help_text=_("What people here call you."))
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    email = OptionalEmail(
        _("e-mail"),
        null=True,
        blank=True,
        default=None,
        help_text=_("Only for signing in by code and for messages from us. You do not need one."),
    )
    contact = models.CharField(
        _("how to reach you"),
        max_length=120,
        blank=True,
        help_text=_("A number or a username, if you want. Coordinators see it, and the lead of a shift you share."),
    )
    access_needs = models.TextField(
        _("access needs"), max_length=500, blank=True, help_text=_("Anything that makes a shift work for you.")
    )
    silenced = ArrayField(
        models.CharField(max_length=12, choices=LetterKind),
        verbose_name=_("no e-mails about"),
        default=list,
        blank=True,
    )
    on_break_until = models.DateField(
        _("on a break until"),
        null=True,
        blank=True,
        help_text=_("Until that day nobody offers you a shift. You do not have to say why."),
    )
    # Months, so that neither says when somebody came or signed in.
    last_here = models.DateField(_("month last seen"), default=calendar_month, editable=False)
    asked_on = models.DateField(_("asked if they stay, on"), null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    # Part of what every session is checked against: a new one ends them all.
    sessions_key = models.UUIDField(default=uuid.uuid4, editable=False)

    # What stands for them among the erased (`hub.people.models.tombstones`), so that no backup brings them back.
    erasure_mark = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)

    # AbstractBaseUser would keep the moment of every sign-in, and PermissionsMixin two ways past every role.
    last_login = None
    is_superuser = None
    user_permissions = None  # type: ignore[assignment]

    # Set by the list of people, by `at_a_glance`, and where somebody chooses between people of one name.
    worked: Worked
    runs: bool
    apart: str

    objects: ClassVar[PeopleManager] = PeopleManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["chosen_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["chosen_name__sorted", "pk"]
        permissions = [
            ("use_admin", "Can use the admin"),
            ("give_roles", "Can give and take any role"),
            ("pause_user", "Can pause somebody's account"),
            ("reset_second_step", "Can reset somebody's second step"),
            ("erase_user", "Can erase somebody everywhere"),
            ("merge_user", "Can make one of two records of a person"),
            ("lock_down", "Can sign everybody out and end every way in"),
        ]
        constraints = [
            OneName(
                of="username",
                name="user_username_once",
                violation_error_message=_("Somebody already signs in with that name."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Somebody already signs in with that e-mail."),
            ),
            models.CheckConstraint(condition=Q(last_here__day=1), name="user_last_here_is_a_month"),
            models.CheckConstraint(
                condition=~Q(chosen_name=""),
                name="user_chosen_name_given",
                violation_error_message=_("Everybody here has a name that they chose."),
            ),
        ]

    def __str__(self) -> str:
        return self.chosen_name

    @property
    def can_get_in(self) -> bool:
        """Whether they have taken up an invitation, as `able` asks of many."""
        return self.is_active and (self.has_usable_password() or bool(self.email))

    def held_on(self, day: dt.date) -> frozenset[str]:
        """The slugs of all qualifications they hold on that day, from prefetched holdings."""
        return frozenset(holding.qualification.slug for holding in self.holdings.all() if holding.counts_on(day))

    def refuse_without_another_admin(self) -> None:
        """Raise NotAllowed if they are the only admin who can get in. Within `wait_for_admins`."""
        if RoleName.ADMIN in self.role_names and not User.objects.admins().exclude(pk=self.pk).exists():
            raise NotAllowed(_now("This is the last admin. Make somebody else an admin first."))

    @transaction.atomic
    def give_roles(self, names: Collection[str], *, by: User) -> None:
        """Set their roles to exactly these. The last admin stays admin."""
        if not by.has_perm("volunteers.give_roles"):
            raise NotAllowed(_now("Only an admin changes roles."))
        by.refuse_roles_beyond_theirs(names)
        self._lock()
        if RoleName.ADMIN not in names:
            self.refuse_without_another_admin()
        self.groups.set(Group.objects.filter(name__in=list(names)))
        self.forget_rights()

    @transaction.atomic
    def pause(self, *, by: User) -> None:
        """Stop them signing in, and end their sessions. Their places count no more; who plans is told."""
        self._refuse_unless_looked_after(by)
        if by.pk == self.pk:
            raise NotAllowed(_now("You cannot pause your own account. Ask somebody else."))
        self._lock()
        self.refuse_without_another_admin()
        places = touched.find_touched(self, timezone.now()) if self.is_active else []
        self.is_active, self.sessions_key = False, uuid.uuid4()
        self.save(update_fields=["is_active", "sessions_key"])
        touched.follow_up(places, by, timezone.now())

    @transaction.atomic
    def resume(self, *, by: User) -> None:
        """Let them sign in again."""
        self._refuse_unless_looked_after(by)
        self._lock()
        self.is_active = True
        self.save(update_fields=["is_active"])

    def hears(self, topic: LetterKind) -> bool:
        """Whether letters about this topic reach them: they have an e-mail, and want such letters."""
        return bool(self.email) and self.is_active and topic not in self.silenced

    def tell(self, topic: LetterKind, address: str) -> Letter | None:
        """Write to them that something waits at `address`, a path of ours; None if no letter is sent.

        The letter names no subject and no place: equal words for everybody, and a link that opens after signing in.
        """
        if not self.email or not self.hears(topic):
            return None
        return Letter.point(to=self.email, address=address, person=self.pk)

    def silence(self, topics: Iterable[str]) -> None:
        """Stop letters about these topics, and send all others again."""
        self._write(silenced=sorted(set(topics)))

    def is_here(self) -> None:
        """Note that they were here this month, and that they stay if they were asked."""
        if self.last_here < calendar_month() or self.asked_on:
            self._write(last_here=max(self.last_here, calendar_month()), asked_on=None)

    def end_sessions(self) -> None:
        """Sign them out everywhere."""
        self._write(sessions_key=uuid.uuid4())

    @transaction.atomic
    def reset_second_step(self, *, by: User | None) -> None:
        """Take away authenticator apps, passkeys and recovery codes somebody has lost, and sign them out.

        Always by somebody else: a person who holds one stolen device must not be able to remove the other step.
        `by` is None where whoever runs the server does it: that is written down, and told to the other admins.
        """
        if by is not None and (by.pk == self.pk or not by.has_perm("volunteers.reset_second_step")):
            raise NotAllowed(_now("Another admin has to do this."))
        self._lock()
        if by is None:
            record_reset_on_server(self, User.objects.admins())
        Authenticator.objects.filter(user=self).delete()
        self.end_sessions()
        self.forget_rights()

    @transaction.atomic
    def grant(  # noqa: PLR0913 -- every one of them is part of what is said when something is granted
        self,
        qualification: Qualification,
        *,
        by: User | None,
        reason: str,
        since: dt.date | None = None,
        until: dt.date | None = None,
        exception: bool = False,
    ) -> Holding:
        """Let them hold a qualification from a day on, for a reason; `by` is None when the School grants it.

        Without `until` it ends when the qualification has to be refreshed. A full grant ends an agreed exception for
        that qualification. Raises NotAllowed with the sentence of each rule it would break.
        """
        if by is not None and not by.has_perm("volunteers.add_holding"):
            raise NotAllowed(_now("You cannot give this."))
        since = since or timezone.localdate()
        if until is None and not exception and qualification.refresh_months:
            until = since + relativedelta(months=qualification.refresh_months)
        User.objects.select_for_update(no_key=True).get(pk=self.pk)
        for held in self.holdings.on(since).filter(qualification=qualification):
            if exception or not held.exception:
                raise NotAllowed(_now("They already have that."))
            held.end(since)
        holding = self.holdings.model(
            person=self,
            qualification=qualification,
            since=since,
            until=until,
            granted_by=by,
            exception=exception,
            reason=reason,
        )
        try:
            holding.full_clean()
        except ValidationError as problem:
            raise NotAllowed(problem.messages) from None
        holding.save()
        return holding

    def _write(self, **values: Any) -> None:
        """Write these values, whatever else the row holds by now; of somebody erased meanwhile nothing is left."""
        User.objects.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)

    def _lock(self) -> None:
        """Wait for other changes of roles and pauses to end, then read the rights again. Raises if they are erased."""
        User.objects.wait_for_admins()
        self.refresh_from_db(fields=["is_active", "sessions_key"])
        self.forget_rights()

    def _refuse_unless_looked_after(self, by: User) -> None:
        if not by.has_perm("volunteers.pause_user") or not by.may_look_after(self):
            raise NotAllowed(_now("You cannot pause this account. Ask an admin."))


retention.keep(
    User,
    until=retention.WITH_ACCOUNT,
    promise="account",
    every=retention.Every.HOUR,
    delete=lambda: User.objects.filter(on_break_until__lte=timezone.localdate()).update(on_break_until=None),
)
retention.keep(User.groups.through, until="while they have the role", promise="account")
personal_data.hold(User.groups.through, "user", part="you", merge=personal_data.Merge.STAY_APART)
