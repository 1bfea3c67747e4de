"""The main navigation says where somebody is, and says one place only."""

import re

import pytest

HERE = re.compile(r'<a href="[^"]*" aria-current="page"><span>(\w+)</span>')


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/today/", "Today"),
        ("/rota/months/2026-10/", "Rota"),
        ("/months/", "Reports"),
        ("/people/", "People"),
    ],
)
def test_navigation_marks_the_current_place(demo, client, sign_in, admin, path, place):
    sign_in(client, admin)
    page = client.get(path)

    assert page.status_code == 200
    assert HERE.findall(page.content.decode()) == [place]
