"""The one table from role to what it may do. Roles are Django groups, synced on every migrate."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import Group, Permission
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from volunteers.models import User


@dataclass(frozen=True)
class Role:
    """What one role may do, in Django's permission names, and what people call it."""

    name: str
    title: Promise
    permissions: tuple[str, ...]
    second_step: bool = False


VOLUNTEER = Role(
    "volunteer",
    _("Volunteer"),
    ("hub.staff_desk",),
)
TRAINER = Role(
    "trainer",
    _("Trainer"),
    (),
)
COORDINATOR = Role(
    "coordinator",
    _("Coordinator"),
    (
        *VOLUNTEER.permissions,
        "volunteers.view_user",
        "volunteers.add_invitation",
        "volunteers.add_holding",
        "volunteers.change_holding",
    ),
    second_step=True,
)
ADMIN = Role(
    "admin",
    _("Admin"),
    (
        *COORDINATOR.permissions,
        "volunteers.use_admin",
        "volunteers.add_user",
        "volunteers.change_user",
        "volunteers.view_qualification",
        "volunteers.add_qualification",
        "volunteers.change_qualification",
        "volunteers.delete_qualification",
        "volunteers.view_holding",
        "volunteers.reset_second_step",
        "auth.view_group",
    ),
    second_step=True,
)
ROLES = (VOLUNTEER, COORDINATOR, TRAINER, ADMIN)


def needs_second_step(person: User) -> bool:
    """Whether this person's roles ask for a second step that they have not set up."""
    asking = {role.name for role in ROLES if role.second_step}
    return not asking.isdisjoint(person.role_names) and not is_mfa_enabled(person)


def sync(**_kwargs: Any) -> None:
    """Make the groups say what the table says. Runs after every migrate, and is harmless to run again."""
    for role in ROLES:
        wanted = {tuple(name.split(".")) for name in role.permissions}
        held = [
            permission
            for permission in Permission.objects.filter(
                codename__in={codename for _app, codename in wanted}
            ).select_related("content_type")
            if (permission.content_type.app_label, permission.codename) in wanted
        ]
        Group.objects.get_or_create(name=role.name)[0].permissions.set(held)
