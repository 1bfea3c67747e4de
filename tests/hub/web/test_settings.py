"""Settings: everything a hub sets up on one page, and the form of each group."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.test import RequestFactory
from django.urls import reverse
from django.utils.html import escape

from hub.core.hub import Hub
from hub.desk.models.settings import DeskSettings
from hub.web.settings_groups import GROUPS
from volunteers.models import RotaSettings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
PAGE = "/settings/"
NAMES = [group.slug for group in GROUPS]


def fields_of(model):
    columns = model._meta.concrete_fields  # noqa: SLF001 -- Django's own public name for it
    return {column.name for column in columns if column.editable and column.name != "id"}


@pytest.fixture
def open_page(client, sign_in):
    def read(person, path=PAGE):
        sign_in(client, person)
        return client.get(path)

    return read


@pytest.fixture
def hub(db):
    return Hub.objects.create(pk=1, name="The Hub", address="12 Sample Street", words_for_999="Say this.")


@pytest.mark.parametrize("model", [Hub, RotaSettings, DeskSettings])
def test_every_setting_is_here_and_in_admin(model, admin_request):
    """A column added to one of the rows has to find its group, and its place in Django's admin."""
    here = [name for group in GROUPS if group.model is model for name in group.fields]
    there = flatten_fieldsets(admin.site.get_model_admin(model).get_fieldsets(admin_request))

    assert sorted(here) == sorted(fields_of(model))
    assert set(there) == fields_of(model)


@pytest.fixture
def admin_request(request):
    made = RequestFactory().get("/admin/")
    made.user = request.getfixturevalue("admin")
    return made


def test_settings_show_every_value_and_label(open_page, coordinator, hub):
    page = open_page(coordinator).content.decode()

    for group in GROUPS:
        for row in group.list_values(group.load()):
            assert f'id="{row.anchor}"' in page
            assert escape(row.value.splitlines()[0]) in page
    assert "12 Sample Street" in page


def test_coordinator_reads_who_can_change_it(open_page, coordinator, admin, hub):
    page = open_page(coordinator).content.decode()

    assert "<bdi>Robin</bdi>" in page
    assert reverse("hub:settings-group", args=["hub"]) not in page
    assert reverse("hub:settings-group", args=["desk"]) in page


@pytest.mark.parametrize("slug", NAMES)
def test_group_sent_as_it_is_changes_nothing(client, sign_in, admin, hub, slug):
    sign_in(client, admin)
    address = reverse("hub:settings-group", args=[slug])
    form = client.get(address).context["form"]
    data = {
        name: form[name].value()
        for name in form.fields
        if form[name].value() is not None and form[name].value() is not False
    }
    group = next(group for group in GROUPS if group.slug == slug)
    before = {name: getattr(group.load(), name) for name in group.fields}

    answer = client.post(address, data | {"opened": form.make_marks()})

    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    assert {name: getattr(group.load(), name) for name in group.fields} == before


def test_group_opened_before_a_change_is_stale(client, sign_in, admin, hub):
    sign_in(client, admin)
    address = reverse("hub:settings-group", args=["hub"])
    marks = client.get(address).context["form"].make_marks()
    Hub.objects.update(address="Another Street")

    answer = client.post(address, {"name": "The Hub", "address": "Mine", "opened": marks})

    assert answer.status_code == 409
    assert Hub.objects.get().address == "Another Street"
    assert "Mine" in answer.content.decode()


@pytest.mark.parametrize(
    ("slug", "wrong"),
    [
        ("country", {"time_zone": "Europe/Nowhere", "clock": "12", "first_weekday": "0"}),
        ("country", {"time_zone": "Europe/Dublin", "clock": "13", "first_weekday": "0"}),
        ("emergency", {"emergency_number": "nine"}),
        ("hub", {"name": ""}),
        ("rota", {"bank_holidays": "XX"}),
    ],
)
def test_wrong_setting_is_refused_with_reason(client, sign_in, admin, hub, slug, wrong):
    sign_in(client, admin)

    answer = client.post(reverse("hub:settings-group", args=[slug]), wrong)

    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_unknown_group_is_no_page(open_page, admin):
    assert open_page(admin, "/settings/nothing/").status_code == 404


def test_settings_page_costs_a_constant(client, sign_in, coordinator, hub, django_assert_num_queries):
    sign_in(client, coordinator)

    with django_assert_num_queries(7):
        client.get(PAGE)


def test_hub_without_a_row_is_set_up_here(client, sign_in, admin):
    sign_in(client, admin)
    form = client.get(reverse("hub:settings-group", args=["hub"])).context["form"]

    client.post(reverse("hub:settings-group", args=["hub"]), {"name": "New", "opened": form.make_marks()})

    assert Hub.objects.get().name == "New"
