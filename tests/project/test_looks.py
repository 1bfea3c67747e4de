"""Every address answers a look or leads to a page that does, so that nobody signs in again into a white page."""

import pytest

from tests.fuzz.attack import furthest
from tests.project.access_matrix import DOORS
from tests.project.access_requests import Cast
from tests.project.sent_forms import post_forms

SHARES = [list(DOORS)[first : first + 80] for first in range(0, len(DOORS), 80)]
# What a look may come to at last: a page; or one that says that this is gone, or not now, or not for this person.
PAGES = {200, 404, 409, 410, 422}


@pytest.fixture
def cast(admin, coordinator, trainer, volunteer, trainee, demo, sign_in):
    people = {"trainee": trainee, "volunteer": volunteer, "trainer": trainer}
    return Cast(people | {"coordinator": coordinator, "admin": admin}, sign_in)


def look(cast, role, address):
    """Where a look ends, and how; a look is led on a few times at most."""
    for _time in range(5):
        response = cast.ask(role, "GET", address, follow=False)
        if response.status_code not in {301, 302}:
            return address, response
        address = response.headers["Location"].partition("?")[0]
    return address, response


@pytest.mark.parametrize("names", SHARES, ids=lambda names: names[0])
def test_every_address_answers_a_look(names, cast):
    white, lost = {}, {}
    for name in names:
        role = furthest(name)
        with cast.behind(name) as address:
            end, response = look(cast, role, address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            if response.status_code not in PAGES or not body:
                white[name] = (end, response.status_code)
            for to, _data in post_forms(cast, name, address):
                # Signing in leads to where the form was sent to.
                end, response = look(cast, role, to)
                if response.status_code != 200:
                    lost[name, to] = (end, response.status_code)
    assert (white, lost) == ({}, {})


def test_form_sent_to_page_is_told_so(cast):
    response = cast.ask("coordinator", "POST", "/stock/")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")
    assert "You cannot send anything to this page" in response.content.decode()


def test_too_large_a_form_is_told_in_words(cast, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = cast.ask("coordinator", "POST", "/alerts/new/", data={"what": "x" * 2000})
    assert response.status_code == 413
    assert "That is too big" in response.content.decode()


def test_too_many_tries_are_told_in_words(cast, client):
    for _time in range(40):
        response = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    assert response.status_code == 429 or "Too many" in response.content.decode()
