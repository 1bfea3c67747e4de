"""Letters twice as large, on the smallest phone: everything is still one column, read from top to bottom."""

import pytest
from django.core.management import call_command

from hub.models import Opening
from tests.look import scrolls_sideways
from tests.project.test_public_pages import NOT_KEPT, PAGES
from volunteers.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo")]

VOLUNTEERS = ("/today/", "/desk/", "/emergency/", "/rota/", "/rota/mine/", "/people/me/", "/stock/moves/")


def too_wide(page, server, paths):
    page.set_viewport_size({"width": 320, "height": 844})
    for path in paths:
        page.goto(f"{server.url}{path}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if scrolls_sideways(page):
            yield path


def test_no_page_is_wider_than_its_window(page, live_server, page_as):
    call_command("demo")
    assert list(too_wide(page, live_server, PAGES + NOT_KEPT)) == []

    Opening.objects.start(kind=Opening.Kind.EVENT)
    page_as(User.objects.get(username="volunteer"))
    assert list(too_wide(page, live_server, VOLUNTEERS)) == []
