"""No page has a box whose number a wheel changes unseen, or which sends nothing for what it cannot read."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.fuzz.attack import furthest
from tests.fuzz.pages import Forms
from tests.project.access_matrix import DOORS
from tests.project.access_requests import Cast

SHARES = [list(DOORS)[first : first + 80] for first in range(0, len(DOORS), 80)]
UNSEEN = {"number", "range", "date", "month", "week", "datetime-local"}
# Tiles of the desk are counted by taps; the box in one is what a script writes into.
TILES = {"hub:desk", "hub:desk-shell", "hub:desk-emergency", "hub:styleguide"}


@pytest.fixture
def cast(admin, coordinator, trainer, volunteer, trainee, demo, sign_in):
    people = {"trainee": trainee, "volunteer": volunteer, "trainer": trainer}
    return Cast(people | {"coordinator": coordinator, "admin": admin}, sign_in)


def boxes(response):
    if response.status_code != 200 or response.streaming or "text/html" not in response["Content-Type"]:
        return []
    forms = Forms(response.content.decode()).forms
    return [(known.name, known.kind, known.keys) for form in forms for known in form.fields.values()]


@pytest.mark.parametrize("names", SHARES, ids=lambda names: names[0])
def test_numbers_and_days_are_text_boxes(names, cast):
    found, seen = {}, 0
    for name in names:
        with cast.behind(name) as address:
            all_boxes = boxes(cast.ask(furthest(name), "GET", address))
        seen += len(all_boxes)
        unseen = [box for box in all_boxes if box[1] in UNSEEN]
        if unseen and name not in TILES:
            found[name] = unseen
    assert found == {}
    assert seen


@pytest.mark.django_db
def test_numbers_in_the_admin_are_text_boxes(client, request, demo, sign_in):
    sign_in(client, request.getfixturevalue("admin"))
    found = {}
    for model, options in admin.site._registry.items():  # noqa: SLF001 -- there is no public list
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")  # noqa: SLF001 -- Django's own public name for it
        if options.has_add_permission(client.get("/").wsgi_request):
            unseen = [box for box in boxes(client.get(address)) if box[1] == "number" and "_FORMS" not in box[0]]
            if unseen:
                found[address] = unseen
    assert found == {}
