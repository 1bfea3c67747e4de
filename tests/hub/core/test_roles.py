"""Roles: the groups in the database say what the table says, and nothing else."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.checks import run_checks
from django.core.management import call_command

from hub.core import roles
from volunteers.models.people_queryset import RoleName

pytestmark = pytest.mark.django_db


def in_the_database():
    return {
        group.name: {
            f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }


def test_groups_in_the_database_equal_the_table():
    assert in_the_database() == {role.name.value: set(role.permissions) for role in roles.ROLES}
    assert sorted(role.name for role in roles.ROLES) == sorted(RoleName)


def test_every_permission_of_a_role_is_declared():
    assert roles.unknown_permissions() == set()


def test_a_permission_nobody_declares_stops_the_start(monkeypatch):
    wrong = roles.Role(RoleName.TRAINER, ("school.fly",))
    monkeypatch.setattr(roles, "ROLES", (*roles.ROLES, wrong))

    errors = [error for error in run_checks() if error.id == "hub.E002"]

    assert [error.msg for error in errors] == ["hub/core/roles.py names school.fly, which no model declares."]


def test_sync_repairs_roles_and_removes_other_groups():
    Group.objects.get(name="volunteer").permissions.set(Permission.objects.all())
    Group.objects.get(name="trainer").delete()
    Group.objects.create(name="kings")

    call_command("migrate", verbosity=0)

    assert in_the_database() == {role.name.value: set(role.permissions) for role in roles.ROLES}


def test_sync_again_changes_nothing(django_assert_max_num_queries):
    before = set(Group.permissions.through.objects.values_list("pk", flat=True))
    roles.sync_roles()

    assert set(Group.permissions.through.objects.values_list("pk", flat=True)) == before


def test_sync_skips_permissions_whose_tables_are_missing():
    Permission.objects.filter(codename="staff_desk").delete()

    roles.sync_roles()

    assert "hub.staff_desk" not in in_the_database()["volunteer"]


def test_each_role_includes_the_roles_below_it():
    may = {role.name: set(role.permissions) for role in roles.ROLES}

    assert may[RoleName.VOLUNTEER] < may[RoleName.COORDINATOR] < may[RoleName.ADMIN]


def test_no_role_may_do_something_named_twice():
    for role in roles.ROLES:
        assert len(role.permissions) == len(set(role.permissions))


@pytest.mark.parametrize(
    ("who", "asked"),
    [("admin", True), ("coordinator", True), ("trainer", False), ("volunteer", False), ("trainee", False)],
)
def test_second_step_is_asked_of_coordinators_and_admins(request, who, asked):
    assert roles.needs_second_step(request.getfixturevalue(who)) is asked
