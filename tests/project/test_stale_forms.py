"""A form that was opened before somebody else saved undoes nothing, whichever of all our edit forms it is."""

import html
import re
import uuid

import pytest

from tests.fuzz.attack import furthest
from tests.fuzz.pages import Forms
from tests.project.access_matrix import DOORS
from tests.project.access_requests import Cast, taken_back
from tests.project.sent_forms import address_of

SHARES = [list(DOORS)[first : first + 40] for first in range(0, len(DOORS), 40)]
# Those that say so in words of their own, beside the words that were saved meanwhile.
THEIR_OWN = {"hub:text", "hub:month-correct", "school:outcomes"}


@pytest.fixture
def cast(admin, coordinator, trainer, volunteer, trainee, demo, sign_in):
    people = {"trainee": trainee, "volunteer": volunteer, "trainer": trainer}
    return Cast(people | {"coordinator": coordinator, "admin": admin}, sign_in)


class Window:
    """A page that somebody has open: what its forms hold, and sending one of them."""

    def __init__(self, cast, role, address):
        self.cast, self.role, self.address = cast, role, address
        self.page = cast.send(role, "GET", address)

    def forms(self):
        if self.page.status_code != 200 or self.page.streaming or "text/html" not in self.page["Content-Type"]:
            return []
        return [form for form in Forms(self.page.content.decode()).forms if form.method == "post"]

    def send(self, form, **changed):
        data = form.untouched | changed | {"form_key": uuid.uuid4().hex}
        return self.cast.send(self.role, "POST", address_of(form, self.address), data=data)


def boxes_of(form):
    """What can be typed into or chosen differently, each with two other contents of the same kind."""
    for known in form.fields.values():
        if known.kind in {"text", "textarea"} and not known.keys and re.fullmatch(r"[\w ,.’!?:/()\n-]*", known.value):
            yield known, [known.value + " one"], [known.value + " two"]
        elif known.kind == "text" and known.keys in {"numeric", "decimal"}:
            yield known, ["3"], ["4"]
        elif known.kind in {"select", "radio", "checkbox"}:
            others = [choice for choice in known.choices if [choice] != known.chosen and choice]
            if len(others) > 1:
                yield known, others[:1], others[1:2]


def same_form(form, window):
    """The same form on a page of now."""
    address = address_of(form, window.address)
    own = set(form.fields) - {"opened"}
    like = [other for other in window.forms() if address_of(other, window.address) == address]
    return next((other for other in like if set(other.fields) >= own), None)


def edits(form, window):
    """The first box whose content a sent form changes to what was sent, with both other contents; or nothing."""
    for known, first, second in boxes_of(form):
        with taken_back():
            if window.send(form, **{known.name: first}).status_code >= 400:
                continue
            now = same_form(form, Window(window.cast, window.role, window.address))
            if now and now.fields[known.name].untouched == first:
                return known.name, first, second
    return None


@pytest.mark.parametrize("names", SHARES, ids=lambda names: names[0])
def test_stale_form_undoes_nothing(names, cast):
    undone, found = {}, []
    for name in names:
        role = furthest(name)
        with cast.behind(name) as address:
            window = Window(cast, role, address)
            for form in window.forms():
                to = address_of(form, address)
                if to.startswith("/accounts/") or (edit := edits(form, window)) is None:
                    continue
                found.append((name, to))
                box, first, second = edit
                with taken_back():
                    assert window.send(form, **{box: first}).status_code < 400
                    stale = window.send(form, **{box: second})
                    now = same_form(form, Window(cast, role, address))
                    kept = now.fields[box].untouched == first
                    again = save_anyway(stale, box, second, window) if name not in THEIR_OWN else 302
                    if stale.status_code != 409 or not kept or again not in {200, 302}:
                        undone[name, to] = (box, stale.status_code, kept, again)
    assert undone == {}


def save_anyway(stale, box, typed, window):
    """The form of the answer has one's own words in it, and is saved over the newer ones in one tap."""
    if stale.status_code != 409:
        return None
    forms = Forms(stale.content.decode()).forms
    form = next((form for form in forms if box in form.fields and "opened" in form.fields), None)
    if form is None or form.fields[box].untouched != typed:
        return "own words lost"
    assert "What is different" in html.unescape(stale.content.decode())
    return window.send(form).status_code
