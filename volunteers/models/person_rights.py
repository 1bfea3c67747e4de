"""A person's row, and their rights: roles, permissions and the second step, read once per object."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group, Permission, PermissionsMixin
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from volunteers.eligibility import SCHOOL
from volunteers.models.people_queryset import OPEN_THE_DESK, SECOND_STEPS, RoleName
from volunteers.models.qualifications import Holding
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import asking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class PersonRow(AbstractBaseUser):
    """A row that is written as far as it was changed, whoever saves it.

    Libraries save whole rows. One that was read a moment ago would undo a pause or a new password, and bring back
    somebody who is erased.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        """Remember the row as it was read."""
        row = super().from_db(*args, **kwargs)
        row._remember()  # noqa: SLF001 -- its own
        return row

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Remember what was read again."""
        fields = None if fields is None else list(fields)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        self._remember(fields)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Write what was changed; a row that is gone meanwhile stays gone, and that is a DatabaseError."""
        if update_fields is None and not self._state.adding and not kwargs.get("force_insert"):
            update_fields = [
                name
                for name, value in self._loaded().items()
                if self.__dict__.get("_read", {}).get(name, self) != value
            ]
        super().save(*args, update_fields=update_fields, **kwargs)
        self._remember(update_fields)

    def _loaded(self) -> dict[str, Any]:
        """The values of this row that are not deferred, by field."""
        fields = self._meta.concrete_fields
        return {field.name: self.__dict__[field.attname] for field in fields if field.attname in self.__dict__}

    def _remember(self, names: Iterable[str] | None = None) -> None:
        loaded = self._loaded()
        wanted = loaded if names is None else loaded.keys() & set(names)
        known: dict[str, Any] = self.__dict__.setdefault("_read", {})
        known.update({name: copy.copy(loaded[name]) for name in wanted})


class PersonWithRights(PersonRow, PermissionsMixin):
    """The part of `User` that knows their rights. Roles are groups, and the only source of permissions."""

    # Set by `with_rights` and `with_details`.
    role_list: list[str]
    permission_list: list[str]
    stepped_twice: bool

    class Meta:
        abstract = True

    @cached_property
    def role_names(self) -> frozenset[str]:
        """Names of the roles this person has."""
        if "role_list" in self.__dict__:
            return frozenset(self.role_list)
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def roles(self) -> list[RoleName]:
        """Their roles in the order of the table, for showing."""
        return [role for role in RoleName if role.value in self.role_names]

    @cached_property
    def permission_names(self) -> frozenset[str]:
        """All permissions their roles give."""
        if "permission_list" in self.__dict__:
            return frozenset(self.permission_list)
        pairs = Permission.objects.filter(group__user=self.pk).values_list("content_type__app_label", "codename")
        return frozenset(f"{app}.{name}" for app, name in pairs)

    @cached_property
    def has_second_step(self) -> bool:
        """Whether an authenticator app or a passkey is set up."""
        if "stepped_twice" in self.__dict__:
            return self.stepped_twice
        return bool(Authenticator.objects.filter(user=self, type__in=SECOND_STEPS).exists())

    @property
    def asks(self) -> int:
        """How much they are asked and have not answered, for the person of a request."""
        return asking.count_asks(self)

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets them in: by a permission, not by a flag that could differ from their roles."""
        return self.has_perm("volunteers.use_admin")

    def roles_to_give(self) -> frozenset[str]:
        """The roles this person may give and take: any, or only those that cannot invite, or none."""
        if self.has_perm("volunteers.give_roles"):
            return frozenset(RoleName.values)
        if not self.has_perm("volunteers.add_invitation"):
            return frozenset()
        above = Group.objects.filter(
            permissions__content_type__app_label="volunteers", permissions__codename="add_invitation"
        )
        return frozenset(RoleName.values) - set(above.values_list("name", flat=True))

    def may_look_after(self, person: PersonWithRights) -> bool:
        """Whether this person may act on another account: not on one with a role they could not give."""
        return person.role_names <= self.roles_to_give()

    def refuse_roles_beyond_theirs(self, names: Collection[str]) -> None:
        """Raise NotAllowed if `names` holds a role this person may not give."""
        if not self.roles_to_give() >= set(names):
            raise NotAllowed(_now("You cannot give that role. Ask an admin."))

    @property
    def is_welcomed(self) -> bool:
        """Whether one of their roles opens the desk."""
        return not self.role_names.isdisjoint(OPEN_THE_DESK)

    @transaction.atomic
    def welcome(self, *, by: PersonWithRights) -> None:
        """Make somebody who has done the School a volunteer, so that they can open the desk. Twice changes nothing."""
        by.refuse_roles_beyond_theirs([RoleName.VOLUNTEER])
        if not Holding.objects.on(timezone.localdate()).filter(person=self.pk, qualification__slug=SCHOOL).exists():
            raise NotAllowed(_now("The School comes first, and is not done yet."))
        self.groups.add(Group.objects.get(name=RoleName.VOLUNTEER))
        self.forget_rights()

    def forget_rights(self) -> None:
        """Drop the cached roles and permissions."""
        known = ("role_names", "role_list", "permission_names", "permission_list", "has_second_step", "stepped_twice")
        for name in known:
            self.__dict__.pop(name, None)
