import pytest
from django.contrib import admin
from django.urls import reverse

from supplies.models import Item, Movement, Outgoing, SealedMonth
from tests.supplies.makers import NEXT_YEAR, TODAY, a_lot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def keeper(client, somebody, sign_in, let):
    """A browser of somebody who may do everything with lots and items that Django could let them do."""
    let("volunteers.use_admin")
    let(*(f"supplies.{may}_{what}" for may in ("view", "add", "change", "delete") for what in ("item", "lot")))
    sign_in(client, somebody)
    return client


@pytest.mark.parametrize("model", [Movement, Outgoing, SealedMonth])
def test_nobody_edits_the_books_in_the_admin(model):
    assert not admin.site.is_registered(model)


def test_catalogue_is_edited_in_the_admin(keeper, spoon):
    page = reverse("admin:supplies_item_change", args=[spoon.pk])
    form = keeper.get(page).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}

    refused = keeper.post(page, data | {"category": spoon.category_id, "minimum": 10, "target": 5})
    saved = keeper.post(page, data | {"category": spoon.category_id, "minimum": 10, "target": 50})

    assert "The target should be at least the minimum." in refused.content.decode()
    assert saved.status_code == 302
    assert (Item.objects.get().minimum, Item.objects.get().target) == (10, 50)


def test_lot_can_be_set_aside_in_the_admin_and_nothing_else_about_it_changed(keeper, spoon):
    lot = a_lot(spoon, 5, number="A", expires_on=NEXT_YEAR)
    page = reverse("admin:supplies_lot_change", args=[lot.pk])

    keeper.post(page, {"quarantined_since": "2026-05-20", "unit_cost": "", "number": "B", "expires_on": ""})

    lot.refresh_from_db()
    assert (lot.quarantined_since, lot.number, lot.expires_on) == (TODAY, "A", NEXT_YEAR)


def test_lot_is_neither_added_nor_deleted_in_the_admin(keeper, spoon):
    lot = a_lot(spoon, 0, number="A")

    assert keeper.get(reverse("admin:supplies_lot_add")).status_code == 403
    assert keeper.post(reverse("admin:supplies_lot_delete", args=[lot.pk]), {"post": "yes"}).status_code == 403
    assert keeper.get(reverse("admin:supplies_lot_changelist")).status_code == 200
