from decimal import Decimal

import pytest
from django.contrib import admin
from django.urls import reverse

from supplies.models import CompletedMonth, Item, Movement, Outgoing
from tests.supplies.makers import NEXT_YEAR, a_lot, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def keeper(client, somebody, sign_in, let):
    """A browser of somebody who may do everything with lots and items that Django could let them do."""
    let("volunteers.use_admin")
    let(*(f"supplies.{may}_{what}" for may in ("view", "add", "change", "delete") for what in ("item", "lot")))
    sign_in(client, somebody)
    return client


@pytest.mark.parametrize("model", [Movement, Outgoing, CompletedMonth])
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


def test_admin_corrects_only_lot_cost(keeper, spoon):
    lot = a_lot(spoon, 5, number="A", expires_on=NEXT_YEAR)
    page = reverse("admin:supplies_lot_change", args=[lot.pk])

    keeper.post(page, {"quarantined_since": "2026-05-20", "unit_cost": "0.25", "number": "B", "expires_on": ""})

    lot.refresh_from_db()
    assert (lot.unit_cost, lot.quarantined_since) == (Decimal("0.25"), None)
    assert (lot.number, lot.expires_on) == ("A", NEXT_YEAR)


def test_admin_writes_recipes_and_refuses_invalid(keeper, spoon, let):
    let(*(f"supplies.{may}_component" for may in ("view", "add", "change", "delete")))
    pack = an_item("Pack", kind="pack")
    page = reverse("admin:supplies_item_change", args=[pack.pk])
    form = keeper.get(page).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    data |= {"category": pack.category_id, "components-TOTAL_FORMS": 1, "components-INITIAL_FORMS": 0}

    def wrote(part, quantity, **about):
        line = {"item": part.pk, "quantity": quantity, "order": 1}
        return keeper.post(page, data | about | {f"components-0-{name}": value for name, value in line.items()})

    assert "Only single things can be parts" in wrote(pack, 2).content.decode()
    assert "First choose pack or bundle." in wrote(spoon, 2, kind="thing").content.decode()
    assert "Say how many, from 1 to 999" in wrote(spoon, 1000).content.decode()
    assert wrote(spoon, 2).status_code == 302
    assert pack.recipe() == {spoon: 2}


def test_admin_neither_adds_nor_deletes_lots(keeper, spoon):
    lot = a_lot(spoon, 0, number="A")

    assert keeper.get(reverse("admin:supplies_lot_add")).status_code == 403
    assert keeper.post(reverse("admin:supplies_lot_delete", args=[lot.pk]), {"post": "yes"}).status_code == 403
    assert keeper.get(reverse("admin:supplies_lot_changelist")).status_code == 200
