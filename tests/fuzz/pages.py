"""The forms of a page, read from the page itself, so that a new one is tried without anybody thinking of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Field:
    """One thing to fill in, and what a browser would send of it as it stands."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    def plausible(self, rng):
        """What somebody means who means well."""
        if self.choices:
            return rng.choice(self.choices)
        usual = {"number": "1", "date": "2026-11-26", "time": "18:00", "email": "wren@example.org", "month": "2026-11"}
        return self.value or usual.get(self.kind, "A few words")


@dataclass
class Form:
    """Where it goes, how, and what is in it."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads a page, and has its forms afterwards, each field once."""

    def __init__(self, page):
        super().__init__()
        self.forms, self._by_id = [], {}
        self._form = self._select = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(at.get("action", ""), at.get("method", "get").lower())
            self.forms.append(self._form)
            self._by_id[at.get("id")] = self._form
        elif tag in {"input", "textarea", "select", "button"} and at.get("name"):
            self._fill_in(tag, at)
        elif tag == "option" and self._select:
            self._select.choices.append(at.get("value", ""))

    def _fill_in(self, tag, at):
        form = self._by_id.get(at.get("form"), self._form)
        if form is None:
            return
        kind = at.get("type", tag)
        known = form.fields.setdefault(at["name"], Field(at["name"], kind, at.get("value", "")))
        if kind in {"radio", "checkbox", "submit"}:
            known.choices.append(at.get("value", "on"))
        self._select = known if tag == "select" else None

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
