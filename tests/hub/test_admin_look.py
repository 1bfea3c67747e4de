"""Django's admin under our bar: same content policy, same colours, nothing left in the browser."""

import pytest
from django.contrib.admin import site
from django.urls import reverse

from tests.look import axe, scrolls_sideways, storage


@pytest.fixture
def pages(db):
    """The index, and every list and form an admin might open."""
    names = [f"admin:{model._meta.app_label}_{model._meta.model_name}" for model in site._registry]  # noqa: SLF001
    return [
        reverse("admin:index"),
        *(reverse(f"{name}_changelist") for name in names),
        *(reverse(f"{name}_add") for name in names),
    ]


def test_admin_keeps_emergency_within_one_tap(client, sign_in, admin, demo):
    sign_in(client, admin)

    page = client.get(reverse("admin:index")).content.decode()

    assert 'href="/emergency/"' in page
    assert "theme.js" not in page  # a theme switch would write to the browser's storage


@pytest.mark.browser
@pytest.mark.usefixtures("demo")
def test_admin_lives_with_our_content_policy(page_as, live_server, admin, console, pages):
    page = page_as(admin)
    for path in pages:
        page.goto(live_server.url + path)
        assert storage(page) == []
    # What an admin may not add answers 403, and the browser remarks on that.
    assert [message for message in console.messages if "status of 403" not in message] == []
    assert console.elsewhere == []


@pytest.mark.browser
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_admin_index_looks_right(page_as, live_server, admin, scheme, width):
    page = page_as(admin)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + reverse("admin:index"))

    assert axe(page) == []
    assert not scrolls_sideways(page)
