"""The settings of the desk: its checklist and its tiles."""

import pytest

from hub.models import DeskSettings
from supplies.models import Item
from tests.supplies.makers import an_item

SETUP, TILES = "/desk/setup/", "/desk/setup/tiles/"


@pytest.fixture
def set_up(client, coordinator, sign_in, demo):
    sign_in(client, coordinator)
    return client


def test_checklist_starts_with_four_editable_lines(set_up):
    assert len(DeskSettings.current().steps) == 4

    set_up.post(SETUP, {"checklist": "One\n\n Two "})
    assert DeskSettings.current().steps == ["One", "Two"]
    set_up.post(SETUP, {"checklist": ""})
    assert DeskSettings.current().steps == []
    assert set_up.post(SETUP, {"checklist": "a" * 1201}).status_code == 422


def test_tiles_take_the_places_they_are_given(set_up):
    spoon, foil, swab = an_item("Spoon", desk_order=1), an_item("Foil"), an_item("Swab", desk_order=2)
    places = {f"order-{spoon.pk}": "", f"order-{foil.pk}": "5", f"order-{swab.pk}": "9"}
    taps = {f"tap-{spoon.pk}": "1", f"tap-{foil.pk}": "10", f"tap-{swab.pk}": "1"}

    assert set_up.post(TILES, places | taps).status_code == 302

    assert [(item.name, item.desk_tap) for item in Item.objects.on_the_desk()] == [("Foil", 10), ("Swab", 1)]
    for wrong in ({f"tap-{foil.pk}": "0"}, {f"tap-{foil.pk}": ""}, {f"order-{foil.pk}": "1000"}):
        assert set_up.post(TILES, places | taps | wrong).status_code == 422
    assert [item.name for item in Item.objects.on_the_desk()] == ["Foil", "Swab"]
