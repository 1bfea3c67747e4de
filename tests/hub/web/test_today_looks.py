"""Today and Settings as people meet them: small and large, light and dark, by thumb and by screen reader."""

import pytest

from hub.core.hub import Hub
from hub.web.settings_groups import GROUPS
from tests.look import axe, scrolls_sideways, small_targets
from tests.project.test_today_lines import NEEDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo")]
PAGES = ("/today/", "/settings/", *(f"/settings/{group.slug}/" for group in GROUPS))


@pytest.fixture
def full(admin, live_server):
    """A hub where everything needs somebody."""
    Hub.objects.create(pk=1, name="The Hub")
    for make in NEEDS:
        make(admin)
    return admin


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_today_and_settings_serve_everybody(page_as, live_server, console, full, scheme):
    page = page_as(full)
    page.emulate_media(color_scheme=scheme)
    for path in PAGES:
        page.goto(live_server.url + path)
        assert axe(page) == [], path
        assert small_targets(page) == [], path
        page.set_viewport_size({"width": 320, "height": 640})
        assert not scrolls_sideways(page), path
        page.set_viewport_size({"width": 390, "height": 844})
    assert console.quiet, console.messages
