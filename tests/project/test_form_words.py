"""Forms speak in sentences of ours: the browser's own bubble, in its own language, never stops one."""

import re
from html.parser import HTMLParser

import pytest

from hub.core.embedded_postgres import PROJECT

TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
A_FIELD = re.compile(r"\{% include \"ui/_(?:field|form)\.html\"[^%]*%\}|\{\{ ?(?:form|filter|field)\b[^}]*\}\}")
ANY_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NOT_FILLED_IN = ("hidden", "submit", "button")


class FormFinder(HTMLParser):
    """Finds forms in which a browser would check something before we do."""

    def __init__(self):
        super().__init__()
        self.checked_by_browser = []
        self._form = None

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        if tag == "form":
            self._form = None if "novalidate" in about else self.get_starttag_text()
        filled_in = tag in ("select", "textarea") or (tag == "input" and about.get("type") not in NOT_FILLED_IN)
        if filled_in and self._form:
            self.checked_by_browser.append(self._form)
            self._form = None

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None


def find_forms(text):
    finder = FormFinder()
    finder.feed(ANY_TAG.sub("", A_FIELD.sub("<input>", text)))
    return finder.checked_by_browser


@pytest.mark.parametrize("field", ['<input name="n" required>', "<select></select>", "{{ form.n }}"])
def test_form_left_to_the_browser_is_found(field):
    assert find_forms(f'<form method="post" {{% if x > 1 %}}class="a"{{% endif %}}>{field}</form>') != []
    assert find_forms(f"<form novalidate>{field}</form>") == []


def test_no_form_leaves_words_to_the_browser():
    found = {f"{path.relative_to(PROJECT)}": find_forms(path.read_text(encoding="utf-8")) for path in TEMPLATES}

    assert {path: forms for path, forms in found.items() if forms} == {}


def test_no_script_shows_the_browsers_bubble():
    scripts = (PROJECT / "static" / "js").glob("*.js")

    assert [path.name for path in scripts if re.search(r"setCustomValidity|reportValidity", path.read_text())] == []
