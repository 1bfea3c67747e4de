"""Django's admin: what is in it, and what nobody does there.

Here too: `hub/core/hub.py`, which has no other pages.
"""

import pytest
from django.contrib import admin
from django.urls import reverse

from hub.models import Hub
from volunteers.models import Qualification, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

IN_IT = {
    "auth.Group",
    "hub.Choice",
    "hub.DeskSettings",
    "hub.EmergencyCard",
    "hub.Hub",
    "hub.Question",
    "hub.Text",
    "supplies.Category",
    "supplies.Item",
    "supplies.Lot",
    "supplies.Store",
    "volunteers.Holding",
    "volunteers.Qualification",
    "volunteers.RotaSettings",
    "volunteers.User",
}


@pytest.fixture
def as_admin(client, sign_in, admin):
    sign_in(client, admin)
    return client


def test_admin_holds_these_and_nothing_else():
    assert {model._meta.label for model in admin.site._registry} == IN_IT  # noqa: SLF001 -- no other way to ask


@pytest.mark.parametrize("who", ["coordinator", "trainer", "volunteer", "trainee"])
def test_admin_is_for_admins(client, sign_in, request, who):
    sign_in(client, request.getfixturevalue(who))

    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/volunteers/user/").status_code == 302


@pytest.mark.parametrize("label", sorted(IN_IT))
def test_every_list_opens(as_admin, label):
    name = label.lower().replace(".", "_")
    page = as_admin.get(reverse(f"admin:{name}_changelist"))

    assert page.status_code == 200
    assert page.context["cl"].model_admin.get_actions(page.wsgi_request) == {}


def test_titles_say_nothing_of_this_place(as_admin):
    page = as_admin.get("/admin/").content.decode()

    assert "Django" not in page
    assert "Admin" in page


def test_admin_corrects_only_the_name(as_admin, volunteer):
    page = reverse("admin:volunteers_user_change", args=[volunteer.pk])
    assert set(as_admin.get(page).context["adminform"].form.fields) == {"chosen_name", "pronouns", "username"}

    as_admin.post(
        page,
        {"chosen_name": "Ashley", "pronouns": "", "username": "ash", "is_active": "", "password": "x", "groups": "1"},
    )

    fresh = User.objects.get(pk=volunteer.pk)
    assert (fresh.chosen_name, fresh.is_active, fresh.role_names) == ("Ashley", True, {"volunteer"})
    assert fresh.password == volunteer.password


@pytest.mark.parametrize("label", ["volunteers_user", "auth_group", "volunteers_holding", "hub_hub"])
def test_what_is_not_made_here_cannot_be(as_admin, label):
    Hub.objects.create(pk=1, name="Hub")

    assert as_admin.get(reverse(f"admin:{label}_add")).status_code == 403


def test_what_is_not_deleted_here_cannot_be(as_admin, coordinator, volunteer):
    hub = Hub.objects.create(pk=1, name="Hub")
    keys = Qualification.objects.create(name="Keyholder", slug="keyholder")
    holding = volunteer.grant(keys, by=coordinator, reason="Trained")
    rows = {
        "volunteers_user": volunteer,
        "auth_group": volunteer.groups.get(),
        "volunteers_holding": holding,
        "hub_hub": hub,
    }

    for label, row in rows.items():
        answer = as_admin.post(reverse(f"admin:{label}_delete", args=[row.pk]), {"post": "yes"})
        assert answer.status_code == 403, label


def test_holdings_and_roles_are_read_only(as_admin, coordinator, volunteer):
    keys = Qualification.objects.create(name="Keyholder", slug="keyholder")
    holding = volunteer.grant(keys, by=coordinator, reason="Trained")
    group = volunteer.groups.get()

    for label, row in (("volunteers_holding", holding), ("auth_group", group)):
        page = reverse(f"admin:{label}_change", args=[row.pk])
        assert as_admin.get(page).status_code == 200
        assert as_admin.post(page, {"reason": "Other", "name": "kings"}).status_code == 403


def test_hub_and_qualifications_are_written_here(as_admin):
    hub = Hub.objects.create(pk=1, name="Hub")
    page = reverse("admin:hub_hub_change", args=[hub.pk])
    data = {"name": "The Arch", "address": "1 Road", "leave_to": "https://www.bbc.co.uk/weather", "pathway_days": 90}
    data |= {"emergency_number": "112", "time_zone": "Europe/Dublin", "clock": "24", "first_weekday": 0}

    assert as_admin.post(page, data).status_code == 302
    assert (
        as_admin.post(
            reverse("admin:volunteers_qualification_add"), {"name": "Drives", "slug": "drives", "meaning": ""}
        ).status_code
        == 302
    )
    assert Hub.objects.get().name == "The Arch"
    assert Qualification.objects.get().slug == "drives"


@pytest.mark.parametrize("more", [0, 2])
def test_list_of_people_costs_the_same_however_many(as_admin, more, django_assert_num_queries):
    for number in range(more):
        User.objects.create_user(f"p{number}", chosen_name=f"P{number}", roles=["volunteer"])

    with django_assert_num_queries(7):
        page = as_admin.get("/admin/volunteers/user/")

    assert len(page.context["cl"].result_list) == 1 + more
