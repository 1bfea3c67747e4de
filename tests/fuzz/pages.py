"""The forms of a page, read from the page itself, so that a new one is tried without anybody thinking of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = {"submit", "button", "image", "reset"}


@dataclass
class Field:
    """One thing to fill in, and what a browser would send of it as it stands."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    keys: str = ""
    also: list[str] = field(default_factory=list)

    def plausible(self, rng):
        """What somebody means who means well."""
        if self.choices:
            return rng.choice(self.choices)
        usual = {"date": "2026-11-26", "time": "18:00", "email": "wren@example.org", "month": "2026-11"}
        usual |= {"number": "1", "numeric": "1", "decimal": "1"}
        return self.value or usual.get(self.keys) or usual.get(self.kind, "A few words")

    @property
    def untouched(self):
        """What a browser sends of it if nobody touches it: buttons only when pressed, boxes only when ticked."""
        if self.kind in {"checkbox", "radio", "select"}:
            return self.chosen
        return [] if self.kind in BUTTONS or self.kind == "file" else [self.value, *self.also]


@dataclass
class Form:
    """Where it goes, how, and what is in it."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def untouched(self):
        """What a browser sends of it if nobody touches anything."""
        return {name: known.untouched for name, known in self.fields.items() if known.untouched}


class Forms(HTMLParser):
    """Reads a page, and has its forms afterwards, each field once."""

    def __init__(self, page):
        super().__init__()
        self.forms, self._by_id = [], {}
        self._form = self._select = self._area = None
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
            if "selected" in at:
                self._select.chosen.append(at.get("value", ""))

    def _fill_in(self, tag, at):
        form = self._by_id.get(at.get("form"), self._form)
        if form is None:
            return
        kind = at.get("type", "submit" if tag == "button" else tag)
        if kind == "hidden" and at["name"] in form.fields:
            form.fields[at["name"]].also.append(at.get("value", ""))
        known = form.fields.setdefault(
            at["name"], Field(at["name"], kind, at.get("value", ""), keys=at.get("inputmode", ""))
        )
        if kind in {"radio", "checkbox", "submit"}:
            known.choices.append(at.get("value", "on"))
            if "checked" in at:
                known.chosen.append(at.get("value", "on"))
        self._select = known if tag == "select" else None
        self._area = known if tag == "textarea" else None

    def handle_data(self, data):
        if self._area:
            self._area.value += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            if self._select and not self._select.chosen:
                self._select.chosen = self._select.choices[:1]
            self._select = None
        elif tag == "textarea":
            if self._area:
                # A browser leaves out the line end that the page begins it with.
                self._area.value = self._area.value.removeprefix("\n")
            self._area = None
