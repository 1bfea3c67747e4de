"""The one table from role to what it may do. Roles are Django groups, synced on every migrate."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group, Permission

from volunteers.models import User
from volunteers.models.people_queryset import RoleName


@dataclass(frozen=True)
class Role:
    """A role: the permissions it has, by Django's names, and whether it asks for a second step."""

    name: RoleName
    permissions: tuple[str, ...]
    second_step: bool = False


VOLUNTEER = Role(
    RoleName.VOLUNTEER,
    # A delivery comes to whoever is there; what it cost is not theirs to see.
    (
        "hub.staff_desk",
        "hub.add_alert",
        "hub.check_pathway",
        "supplies.view_item",
        "supplies.receive_delivery",
        # Counting, carrying and making up packs are everybody's; a doubt about a lot at two in the morning as well.
        "supplies.count_stock",
        "supplies.move_stock",
        "supplies.set_aside_lot",
    ),
)
TRAINER = Role(
    RoleName.TRAINER,
    ("school.run_school", "school.change_curriculum", "school.grant_before"),
)
COORDINATOR = Role(
    RoleName.COORDINATOR,
    (
        *VOLUNTEER.permissions,
        "hub.view_hub",
        "hub.lead_openings",
        "hub.set_up_desk",
        *TRAINER.permissions,
        "hub.complete_month",
        "hub.publish_edition",
        "hub.change_choice",
        "hub.answer_idea",
        "hub.translate_words",
        "hub.publish_alert",
        "hub.change_text",
        "hub.add_pathway",
        "hub.change_pathway",
        "hub.take_in_lists",
        "volunteers.view_user",
        "volunteers.add_invitation",
        "volunteers.pause_user",
        "volunteers.erase_user",
        "volunteers.merge_user",
        "volunteers.add_holding",
        "volunteers.change_holding",
        "volunteers.plan_rota",
        "supplies.view_movement",
        "supplies.waste_stock",
        "supplies.recall_lot",
        "supplies.change_leaflet",
        "supplies.manage_orders",
        "supplies.see_money",
        "supplies.see_shortfalls",
    ),
    second_step=True,
)
ADMIN = Role(
    RoleName.ADMIN,
    (
        *COORDINATOR.permissions,
        "volunteers.use_admin",
        "volunteers.give_roles",
        "volunteers.reset_second_step",
        "volunteers.lock_down",
        "volunteers.change_user",
        "volunteers.view_qualification",
        "volunteers.add_qualification",
        "volunteers.change_qualification",
        "volunteers.delete_qualification",
        "volunteers.view_holding",
        "volunteers.view_rotasettings",
        "volunteers.change_rotasettings",
        "volunteers.add_rotasettings",
        "hub.change_hub",
        "hub.view_emergencycard",
        "hub.add_emergencycard",
        "hub.change_emergencycard",
        "hub.delete_emergencycard",
        "supplies.view_category",
        "supplies.add_category",
        "supplies.change_category",
        "supplies.add_item",
        "supplies.change_item",
        "supplies.view_store",
        "supplies.add_store",
        "supplies.change_store",
        "supplies.view_supplier",
        "supplies.add_supplier",
        "supplies.change_supplier",
        "supplies.view_lot",
        "supplies.change_lot",
        "supplies.view_component",
        "supplies.add_component",
        "supplies.change_component",
        "supplies.delete_component",
        "auth.view_group",
    ),
    second_step=True,
)
ROLES = (VOLUNTEER, COORDINATOR, TRAINER, ADMIN)
ASK_FOR_A_SECOND_STEP = frozenset(role.name.value for role in ROLES if role.second_step)


def needs_second_step(person: User) -> bool:
    """Whether this person's roles ask for a second step that they have not set up.

    Costs nothing for the person of a request: both were read with them.
    """
    return not ASK_FOR_A_SECOND_STEP.isdisjoint(person.role_names) and not person.has_second_step


def unknown_permissions() -> set[str]:
    """Names in the table that no model declares. A check refuses to start or migrate with one."""
    declared = {
        f"{model._meta.app_label}.{codename}"  # noqa: SLF001 -- Django's own public name for it
        for model in apps.get_models()
        for codename in (
            *(get_permission_codename(action, model._meta) for action in model._meta.default_permissions),  # noqa: SLF001
            *(codename for codename, _name in model._meta.permissions),  # noqa: SLF001
        )
    }
    return {name for role in ROLES for name in role.permissions} - declared


def sync_roles(**_kwargs: Any) -> None:
    """Make the groups say what the table says, and let no other group be there. Runs after every migrate.

    After migrating a part of the apps, the permissions of the rest are not there yet; they come with theirs.
    """
    named = {name for role in ROLES for name in role.permissions}
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(
            content_type__app_label__in={name.partition(".")[0] for name in named}
        ).select_related("content_type")
    }
    for role in ROLES:
        group, _made = Group.objects.get_or_create(name=role.name)
        group.permissions.set([permissions[name] for name in role.permissions if name in permissions])
    Group.objects.exclude(name__in=[role.name for role in ROLES]).delete()
