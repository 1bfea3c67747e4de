"""People with an account: volunteers, coordinators, trainers, admins, and those still in training."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable


class PeopleQuerySet(models.QuerySet["User"]):
    """Questions about people."""

    def active(self) -> PeopleQuerySet:
        """Whoever may sign in."""
        return self.filter(is_active=True)

    def in_role(self, *names: str) -> PeopleQuerySet:
        """Active people in any of these roles."""
        return self.active().filter(groups__name__in=names).distinct()


class PeopleManager(BaseUserManager["User"].from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    """Makes people."""

    def create_user(
        self, username: str, *, chosen_name: str, password: str | None = None, roles: Iterable[str] = (), **more: Any
    ) -> User:
        """Make a person who can sign in at once; without a password they need another way in.

        `roles` are names of groups. An empty e-mail is kept as none, so that many people can be without one.
        """
        person: User = self.model(username=username, chosen_name=chosen_name, **more)
        person.email = self.normalize_email(person.email or "") or None
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save(using=self._db)
        person.groups.set(Group.objects.filter(name__in=list(roles)))
        return person


class User(AbstractBaseUser, PermissionsMixin):
    """A person: the name they chose and, if they like, how to reach them. No legal name, no last sign-in.

    Roles are groups (`hub/roles.py`); there is no superuser, so nobody can do what no role says.
    """

    username = models.CharField(
        _("sign-in name"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        help_text=_("What you type to sign in. It need not be your name. Letters, digits and @ . + - _ only."),
    )
    chosen_name = models.CharField(_("chosen name"), max_length=60, help_text=_("What people here call you."))
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    email = models.EmailField(
        _("e-mail"),
        null=True,
        blank=True,
        default=None,
        help_text=_("Only for signing in by code and for messages from us. You can do without."),
    )
    contact = models.CharField(
        _("how to reach you"),
        max_length=120,
        blank=True,
        help_text=_("A number or a handle, if you like. Coordinators see it, and the lead of a shift you share."),
    )
    access_needs = models.TextField(
        _("access needs"), max_length=500, blank=True, help_text=_("Anything that makes a shift work for you.")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)

    # AbstractBaseUser would keep the moment of every sign-in, and PermissionsMixin a way past every role.
    last_login = None
    is_superuser = None

    objects: ClassVar[PeopleManager] = PeopleManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["chosen_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["chosen_name", "pk"]
        permissions = [
            ("use_admin", "Can use the admin"),
            ("reset_second_step", "Can reset somebody's second step"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_once",
                violation_error_message=_("Somebody already signs in with that name."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Somebody already signs in with that e-mail."),
            ),
            models.CheckConstraint(
                condition=~models.Q(chosen_name=""),
                name="user_chosen_name_given",
                violation_error_message=_("Everybody here has a name, one they chose."),
            ),
        ]

    def __str__(self) -> str:
        return self.chosen_name

    def get_full_name(self) -> str:
        """Chosen name; Django's admin asks for it."""
        return self.chosen_name

    def get_short_name(self) -> str:
        """Chosen name; Django's admin asks for it."""
        return self.chosen_name

    @cached_property
    def role_names(self) -> frozenset[str]:
        """Names of the roles this person has."""
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets them in: a permission like any other, not a flag that can drift."""
        return self.has_perm("volunteers.use_admin")
