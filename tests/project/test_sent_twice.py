"""A form that is sent twice is done once, whichever of all our forms it is."""

from datetime import timedelta

import pytest

from hub.ideas import form_tokens
from tests.project.access_matrix import DOORS
from tests.project.access_requests import Cast
from tests.project.sent_forms import post_forms, send_twice

SHARES = [list(DOORS)[first : first + 40] for first in range(0, len(DOORS), 40)]


@pytest.fixture
def cast(admin, coordinator, trainer, volunteer, trainee, demo, sign_in, monkeypatch):
    monkeypatch.setattr(form_tokens, "MIN_TOKEN_AGE", timedelta())
    people = {"trainee": trainee, "volunteer": volunteer, "trainer": trainer}
    return Cast(people | {"coordinator": coordinator, "admin": admin}, sign_in)


@pytest.mark.parametrize("names", SHARES, ids=lambda names: names[0])
def test_form_sent_twice_is_done_once(names, cast):
    doubled, done = {}, 0
    for name in names:
        with cast.behind(name) as address:
            for to, data in post_forms(cast, name, address):
                answers, (first, second) = send_twice(cast, name, to, data)
                done += bool(first) and answers[0].status_code < 400
                if second:
                    doubled[name, to] = ([answer.status_code for answer in answers], second, data)
    assert doubled == {}
    assert done or names[0].startswith("account_"), "no form got through"
