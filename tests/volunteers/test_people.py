"""People: their roles, who may give and take them, and accounts that are paused.

Also tries volunteers/models/people_queryset.py and volunteers/models/person_rights.py.
"""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.conftest import PASSWORD
from tests.volunteers.threads import at_once
from volunteers.models import Invitation, User
from volunteers.models.people_queryset import ENOUGH_ADMINS, RoleName
from volunteers.shared.refusals import NotAllowed

EVERYBODY = ("admin", "coordinator", "trainer", "volunteer", "trainee")


def fresh(person):
    return User.objects.get(pk=person.pk)


@pytest.fixture
def second_admin(db):
    return User.objects.create_user("sasha", chosen_name="Sasha", password=PASSWORD, roles=["admin"])


def test_person_needs_a_name_and_nothing_else(db):
    person = User.objects.create_user("moss", chosen_name="Moss", password=PASSWORD)

    assert (person.email, person.pronouns, person.contact, person.role_names) == (None, "", "", frozenset())


def test_two_people_can_lack_an_email(volunteer, trainee):
    for person in (volunteer, trainee):
        person.email = ""
        person.save()

    assert [fresh(volunteer).email, fresh(trainee).email] == [None, None]


@pytest.mark.parametrize("name", ["ASH", "ash"], ids=["other letters", "the same"])
def test_sign_in_names_are_once_whatever_their_letters(volunteer, name):
    with pytest.raises(ValidationError):
        User.objects.create_user(name, chosen_name="Somebody else")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(username=name, chosen_name="Somebody else").save()


def test_chosen_name_is_kept_by_the_database(volunteer):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(chosen_name="")


def test_nobody_has_permissions_beside_their_roles(volunteer):
    assert {field.name for field in User._meta.get_fields()}.isdisjoint(  # noqa: SLF001 -- Django's own public name
        {"is_superuser", "user_permissions", "last_login", "first_name", "last_name", "date_joined"}
    )
    assert volunteer.has_perm("hub.staff_desk")
    volunteer.groups.clear()
    assert not fresh(volunteer).has_perm("hub.staff_desk")


def test_paused_person_may_do_nothing(volunteer):
    volunteer.is_active = False

    assert not volunteer.has_perm("hub.staff_desk")


@pytest.mark.parametrize(
    ("who", "may_give"),
    [
        ("admin", {"admin", "coordinator", "trainer", "volunteer"}),
        ("coordinator", {"trainer", "volunteer"}),
        ("trainer", set()),
        ("volunteer", set()),
        ("trainee", set()),
    ],
)
def test_nobody_gives_a_role_above_their_own(request, who, may_give):
    assert request.getfixturevalue(who).roles_to_give() == may_give


@pytest.mark.parametrize(
    ("who", "looks_after"), [("admin", EVERYBODY), ("coordinator", EVERYBODY[2:]), ("trainer", EVERYBODY[4:])]
)
def test_nobody_manages_a_higher_role(request, who, looks_after):
    by = request.getfixturevalue(who)

    assert [name for name in EVERYBODY if by.may_look_after(request.getfixturevalue(name))] == list(looks_after)


def test_roles_are_given_all_at_once(admin, trainee):
    trainee.give_roles(["volunteer", "trainer"], by=admin)
    assert fresh(trainee).role_names == {"volunteer", "trainer"}

    trainee.give_roles(["coordinator"], by=admin)
    assert fresh(trainee).roles == [RoleName.COORDINATOR]
    assert trainee.has_perm("volunteers.view_user")


@pytest.mark.parametrize("who", ["coordinator", "trainer", "volunteer", "trainee"])
def test_only_an_admin_changes_roles(request, who, volunteer):
    with pytest.raises(NotAllowed, match="Only an admin"):
        volunteer.give_roles(["admin"], by=request.getfixturevalue(who))

    assert fresh(volunteer).role_names == {"volunteer"}


@pytest.mark.parametrize("roles", [[], ["coordinator"]], ids=["none", "another"])
def test_last_admin_stays_one(admin, roles):
    with pytest.raises(NotAllowed, match="the last admin"):
        admin.give_roles(roles, by=admin)

    assert fresh(admin).role_names == {"admin"}


def test_admin_may_go_when_there_is_another(admin, second_admin):
    admin.give_roles([], by=admin)

    assert fresh(admin).role_names == set()


@pytest.mark.parametrize("unable", [{"is_active": False}, {"password": "!never"}], ids=["paused", "not in yet"])
def test_inactive_admin_counts_as_no_admin(admin, second_admin, unable):
    User.objects.filter(pk=second_admin.pk).update(**unable)

    with pytest.raises(NotAllowed, match="the last admin"):
        admin.give_roles([], by=admin)
    assert User.objects.admins().count() < ENOUGH_ADMINS


def test_one_admin_is_few_and_two_are_not(admin, coordinator):
    assert User.objects.admins().count() < ENOUGH_ADMINS
    coordinator.give_roles(["admin"], by=admin)
    assert User.objects.admins().count() >= ENOUGH_ADMINS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["give_roles", "pause"])
def test_two_admins_cannot_remove_each_other(admin, second_admin, verb):
    def undo(one, by):
        return lambda: one.give_roles([], by=by) if verb == "give_roles" else one.pause(by=by)

    answers = at_once(undo(fresh(admin), fresh(second_admin)), undo(fresh(second_admin), fresh(admin)))

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "NotAllowed"]
    assert User.objects.admins().count() == 1


def test_pausing_signs_out_and_keeps_out(client, sign_in, coordinator, volunteer):
    sign_in(client, volunteer)
    assert client.get("/people/me/").status_code == 200

    volunteer.pause(by=coordinator)
    assert client.get("/people/me/").status_code == 302

    volunteer.resume(by=coordinator)
    assert client.get("/people/me/").status_code == 302, "a session from before must not wake up again"


def test_pausing_makes_a_waiting_link_worthless(coordinator, volunteer):
    invitation = Invitation.renew(volunteer)
    volunteer.pause(by=coordinator)

    assert not Invitation.objects.live().filter(pk=invitation.pk).exists()


@pytest.mark.parametrize(
    ("who", "by"),
    [("admin", "coordinator"), ("volunteer", "trainer"), ("volunteer", "volunteer"), ("admin", "admin")],
)
def test_pausing_self_or_superior_is_refused(request, who, by):
    person = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        person.pause(by=request.getfixturevalue(by))
    assert fresh(person).is_active


def test_coordinator_cannot_reactivate_an_admin(admin, second_admin, coordinator):
    second_admin.pause(by=admin)

    with pytest.raises(NotAllowed):
        second_admin.resume(by=coordinator)
    assert not fresh(second_admin).is_active


def test_search_finds_by_part_of_either_name(admin, coordinator, volunteer):
    coordinator.username = "sparrow"
    coordinator.save()

    assert set(User.objects.search("spar")) == {coordinator}
    assert set(User.objects.search("ROB")) == {admin}
    assert set(User.objects.search("rob spar")) == set()
    assert User.objects.search("").count() == 3


def test_permissions_take_one_statement(coordinator, django_assert_num_queries):
    known = fresh(coordinator)
    expected = (known.role_names, known.permission_names, known.has_second_step)

    with django_assert_num_queries(1):
        read = User.objects.with_rights().get(pk=coordinator.pk)
        rights = (read.role_names, read.permission_names, read.has_second_step)
        assert read.has_perm("volunteers.view_user")

    assert rights == expected
