"""The markup of every page in a full hub: one id for one thing, words for every field, nothing where it may not be."""

from collections import Counter
from html.parser import HTMLParser
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.test import Client

from tests.bench.addresses import Addresses
from tests.project.access_matrix import DOORS
from volunteers.models import User

PEOPLE = ("volunteer", "trainer", "coordinator", "admin")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
BLOCKS = {"div", "p", "ul", "ol", "dl", "form", "table", "fieldset", "section", "h1", "h2", "h3", "h4", "details"}
# What may only hold words, and what holds no heading.
HOLDS_NO = {
    **dict.fromkeys(("span", "p", "b", "small", "label", "button", "h1", "h2", "h3", "legend"), BLOCKS),
    "th": {"h1", "h2", "h3", "h4"},
    "form": {"form"},
    "a": {"a", "button", "input", "select"},
    "button": BLOCKS | {"a", "button", "input"},
}
LEADS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")
UNSEEN = {"hidden", "submit", "button", "reset"}
SHARED = {"radio", "checkbox"}  # one name for the answers of one question


class Element:
    """A tag with what is around it."""

    def __init__(self, tag, attributes, parent):
        self.tag, self.parent, self.children = tag, parent, []
        self.attributes = {name: value or "" for name, value in attributes}
        if parent:
            parent.children.append(self)

    def get(self, name):
        return self.attributes.get(name)

    def around(self, tag=None):
        """What is around it, the nearest first."""
        element = self.parent
        while element:
            if tag in (None, element.tag):
                yield element
            element = element.parent


class Page(HTMLParser):
    """The elements of a page as they are written, without what a browser would put right."""

    def __init__(self, text):
        super().__init__()
        self.all, self.inner = [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs, self.inner)
        self.all.append(element)
        if tag not in VOID and not (self.inner and next(element.around("svg"), None)):
            self.inner = element

    def handle_startendtag(self, tag, attrs):
        self.all.append(Element(tag, attrs, self.inner))

    def handle_endtag(self, tag):
        if self.inner and tag in [self.inner.tag, *(element.tag for element in self.inner.around())]:
            while self.inner.tag != tag:
                self.inner = self.inner.parent
            self.inner = self.inner.parent


def wrong_ids(page):
    # A sheet of the desk is a page of its own, of which one is open at a time; a dialog gets its words when opened.
    scopes = Counter(
        (element.get("id"), id(next(element.around("template"), None))) for element in page.all if element.get("id")
    )
    yield from (f"{n} things of the id {one}" for (one, _scope), n in scopes.items() if n > 1)
    ids = {one for one, _scope in scopes}
    for element in page.all:
        if element.tag == "dialog":
            continue
        for attribute in LEADS:
            lost = [one for one in (element.get(attribute) or "").split() if one not in ids]
            yield from (f"{attribute} leads nowhere: {one}" for one in lost)


def wrong_fields(page):
    fields = [element for element in page.all if element.tag in ("input", "select", "textarea")]
    fields = [field for field in fields if field.get("type") not in UNSEEN and field.get("hidden") is None]
    labelled = {element.get("for") for element in page.all if element.tag == "label"}
    names = Counter()
    for field in fields:
        if field.get("name") and field.get("type") not in SHARED:
            names[field.get("name"), field.get("form") or id(next(field.around("form"), None))] += 1
        is_named = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labelled
        if not is_named and next(field.around("label"), None) is None:
            yield f"a field without words: {field.get('name') or field.get('id')}"
    yield from (f"{n} fields of the name {one} in one form" for (one, _form), n in names.items() if n > 1)


def wrong_places(page):
    for element in page.all:
        parent = element.parent
        if parent and element.tag in HOLDS_NO.get(parent.tag, ()):
            yield f"<{element.tag}> in <{parent.tag}>"
        if element.tag == "legend" and parent and parent.children[0] is not element:
            yield f"<legend> after <{parent.children[0].tag}>"


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_no_page_has_two_of_one_id(sign_in):
    call_command("demo")
    addresses = Addresses().all
    clients = {"anonymous": Client()}
    for name in PEOPLE:
        clients[name] = Client()
        sign_in(clients[name], User.objects.get(username=name))
    found, seen = {}, 0
    for name, address in addresses.items():
        for role, client in clients.items():
            if getattr(DOORS[name], role) != HTTPStatus.OK:
                continue
            answer = client.get(address)
            if answer.status_code != HTTPStatus.OK or "html" not in answer.headers.get("Content-Type", ""):
                continue
            seen += 1
            page = Page(answer.content.decode())
            for problem in {*wrong_ids(page), *wrong_fields(page), *wrong_places(page)}:
                found.setdefault(problem, set()).add(f"{address} {role}")
    assert seen > len(PEOPLE) * 50
    assert {problem: sorted(where)[:3] for problem, where in found.items()} == {}
