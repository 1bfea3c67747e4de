"""Queries about people, and making them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from dateutil.relativedelta import relativedelta
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.eligibility import SCHOOL
from volunteers.models.qualifications import Holding
from volunteers.shared.name_queries import has_words
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import asking
from volunteers.staffing import LIVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from volunteers.models.people import User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ENOUGH_ADMINS = 2
QUIET_MONTHS = 12


class RoleName(models.TextChoices):
    """The roles. `hub/core/roles.py` says what each may do; a person in training has none."""

    VOLUNTEER = "volunteer", _("Volunteer")
    TRAINER = "trainer", _("Trainer")
    COORDINATOR = "coordinator", _("Coordinator")
    ADMIN = "admin", _("Admin")


# Whoever has one of these roles may open the desk; a trainer alone may not.
OPEN_THE_DESK = (RoleName.VOLUNTEER, RoleName.COORDINATOR, RoleName.ADMIN)


class PeopleQuerySet(models.QuerySet["User"]):
    """Queries about people."""

    def active(self) -> PeopleQuerySet:
        """People who may sign in."""
        return self.filter(is_active=True)

    def find_for_sign_in(self, name: str) -> User | None:
        """The person of this sign-in name or e-mail, however it is written; nobody's sign-in name contains an @."""
        return self.filter(**{"email__iexact" if "@" in name else "username__reads": name}).first()

    def in_role(self, *names: str) -> PeopleQuerySet:
        """Active people in any of these roles."""
        return self.active().filter(groups__name__in=names).distinct()

    def able(self) -> PeopleQuerySet:
        """People who can get in: active, and with an invitation taken up."""
        return self.active().exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX, email__isnull=True)

    def admins(self) -> PeopleQuerySet:
        """Admins who can get in."""
        return self.able().filter(groups__name=RoleName.ADMIN).distinct()

    def unwelcomed(self, day: dt.date) -> PeopleQuerySet:
        """People who have done the School and have no role yet that opens the desk."""
        done = Holding.objects.on(day).filter(qualification__slug=SCHOOL, person=OuterRef("pk"))
        welcomed = Group.objects.filter(user=OuterRef("pk"), name__in=OPEN_THE_DESK)
        return self.active().filter(Exists(done), ~Exists(welcomed))

    def may_take_a_first_shift(self, day: dt.date) -> PeopleQuerySet:
        """People who have done the School and have never been on a shift."""
        done = Holding.objects.on(day).filter(qualification__slug=SCHOOL, person=OuterRef("pk"))
        return self.active().filter(Exists(done), ~Q(signups__state__in=LIVE), hours__isnull=True)

    def planners(self) -> PeopleQuerySet:
        """Active people who plan the rota."""
        return self.active().filter(groups__permissions__codename="plan_rota").distinct()

    def lock(self, people: Iterable[User]) -> None:
        """Within a transaction: let nobody else change the sign-ups of these people until it ends.

        Raises NotAllowed if one of them was erased, or merged with another record, meanwhile.
        """
        keys = {person.pk for person in people}
        if len(self.order_by("pk").select_for_update(no_key=True).filter(pk__in=keys).values_list("pk")) < len(keys):
            raise NotAllowed(_now("That record no longer exists: it was erased, or merged with another."))

    def wait_for_admins(self) -> None:
        """Within a transaction: let nobody else make, unmake or pause an admin until it ends."""
        Group.objects.select_for_update(no_key=True).filter(name=RoleName.ADMIN).first()

    def with_rights(self) -> PeopleQuerySet:
        """Annotate everything that decides on permissions, in one statement: roles, permissions, second step."""
        permissions = Permission.objects.filter(group__user=OuterRef("pk")).annotate(
            full_name=Concat("content_type__app_label", Value("."), "codename")
        )
        return self.annotate(
            role_list=ArraySubquery(Group.objects.filter(user=OuterRef("pk")).values("name")),
            permission_list=ArraySubquery(permissions.values("full_name")),
            stepped_twice=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS)),
        )

    def with_asks(self, now: dt.datetime) -> PeopleQuerySet:
        """Annotate what they are asked and have not answered, for `asking.list_asks`."""
        asks = {name: ArraySubquery(rows) for name, rows in asking.find_rows(now).items()}
        annotated: PeopleQuerySet = self.annotate(**asks)
        return annotated

    def with_details(self, day: dt.date) -> PeopleQuerySet:
        """Fetch roles, the holdings of this day, and any waiting invitation."""
        return (
            self.select_related("invitation")
            .annotate(role_list=ArraySubquery(Group.objects.filter(user=OuterRef("pk")).values("name")))
            .prefetch_related(
                Prefetch("holdings", Holding.objects.on(day).select_related("qualification"), to_attr="held")
            )
        )

    def quiet(self, day: dt.date) -> PeopleQuerySet:
        """People who have neither signed in nor been on a shift for a year."""
        return self.filter(last_here__lt=day.replace(day=1) - relativedelta(months=QUIET_MONTHS))

    def search(self, words: str) -> PeopleQuerySet:
        """People whose chosen name or sign-in name contains every one of these words."""
        return self.filter(has_words(words, "chosen_name", "username"))


class PeopleManager(BaseUserManager["User"].from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    """Makes people."""

    def create_user(
        self, username: str, *, chosen_name: str, password: str | None = None, roles: Iterable[str] = (), **more: Any
    ) -> User:
        """Make a person who can sign in at once; without a password they need another way in.

        `roles` are names of groups.
        """
        person: User = self.model(username=username, chosen_name=chosen_name, **more)
        person.email = (person.email or "").lower() or None
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save(using=self._db)
        person.groups.set(Group.objects.filter(name__in=list(roles)))
        return person
