"""What judges the answers sees what is wrong with them, and what reads the pages finds their forms."""

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import escape

from tests.fuzz.hostile import FORMULA, MARKUP, SCRIPT_LINK, parameters
from tests.fuzz.pages import Forms
from tests.fuzz.verdict import wrong_with


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(status=500),
        HttpResponse(f"<p>{MARKUP}</p>"),
        HttpResponse(f'<input value="{MARKUP.replace("<", "&lt;").replace(">", "&gt;")}">'),
        HttpResponse(f'<a href="{SCRIPT_LINK}">'),
        HttpResponse("violates check constraint"),
        HttpResponse(f'a,b\r\n"{FORMULA}"', content_type="text/csv"),
        HttpResponseRedirect("//evil.example/"),
    ],
)
def test_what_is_wrong_is_seen(answer):
    assert wrong_with(answer)


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(f'<p>{escape(MARKUP)}</p><input value="{escape(MARKUP)}">'),
        HttpResponse(f"<p>{SCRIPT_LINK}</p>", status=422),
        HttpResponse(f"'{FORMULA}", content_type="text/csv"),
        HttpResponseRedirect("/today/"),
    ],
)
def test_what_is_right_is_left_alone(answer):
    assert wrong_with(answer) == ""


def test_forms_are_read_from_the_page():
    page = """<form method="post" action="/a/" id="f"><input name="one" type="number">
    <select name="two"><option value="x"></select>
    <input name="three" type="radio" value="1"><input name="three" type="radio" value="2"></form>
    <textarea name="four" form="f"></textarea><input name="nowhere">
    <form><input name="words" type="search"></form>"""
    post, get = Forms(page).forms

    assert (post.action, post.method, sorted(post.fields)) == ("/a/", "post", ["four", "one", "three", "two"])
    assert [post.fields[name].choices for name in ("two", "three")] == [["x"], ["1", "2"]]
    assert (get.method, list(get.fields)) == ("get", ["words"])


def test_parameters_are_read_from_the_views():
    assert {"next", "page", "opening", "words", "level"} <= set(parameters())
