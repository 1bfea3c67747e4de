"""The sentences of the app: as they stand in its code, and as the template for translators has them.

Read without the gettext tools, so that the checks run wherever the tests do.
"""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
TEMPLATE = ROOT / "locale" / "django.pot"
APPS = ("hub", "school", "supplies", "volunteers")
ONE = {"_", "_now", "_lazy", "gettext", "gettext_lazy", "gettext_noop"}
SEVERAL = {"ngettext", "ngettext_lazy", "_plural"}
TOLD = {"pgettext", "pgettext_lazy"}
CALL = re.compile(
    r"""\b(?P<how>n?p?gettext|_)\(\s*(?P<all>(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")(?:\s*,\s*(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*"))*)"""
)
STRING = re.compile(r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


class Message(NamedTuple):
    """One sentence; where it counts something, its plural; where it is ambiguous, what it is about."""

    words: str
    plural: str = ""
    about: str = ""


def of_module(text):
    """What a module hands to gettext."""
    for call in ast.walk(ast.parse(text)):
        if not isinstance(call, ast.Call):
            continue
        how = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = [
            argument.value
            for argument in call.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if how in ONE and given:
            yield Message(given[0])
        elif how in SEVERAL and len(given) > 1:
            yield Message(given[0], given[1])
        elif how in TOLD and len(given) > 1:
            yield Message(given[1], about=given[0])


def of_template(text):
    """What a template hands to gettext, by Django's own reading of it."""
    for match in CALL.finditer(templatize(text)):
        given = [ast.literal_eval(literal) for literal in STRING.findall(match["all"])]
        if match["how"] == "ngettext":
            yield Message(given[0], given[1])
        elif match["how"] == "pgettext":
            yield Message(given[1], about=given[0])
        elif match["how"] == "npgettext":
            yield Message(given[1], given[2], about=given[0])
        else:
            yield Message(given[0])


def in_code():
    """Every message of the apps and the templates → a file it is in."""
    messages = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                messages |= dict.fromkeys(of_module(path.read_text()), path)
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            messages |= dict.fromkeys(of_template(path.read_text()), path)
    return messages


def of_catalogue(text):
    """(message, its translations) of every entry of a .po or .pot file that is in use."""
    for entry in re.split(r"\n\s*\n", text):
        parts, last = {}, None
        for line in entry.splitlines():
            if named := re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$', line):
                last = named[1]
                parts[last] = ast.literal_eval(named[2])
            elif line.startswith('"') and last:
                parts[last] += ast.literal_eval(line)
        if parts.get("msgid"):
            said = [words for name, words in parts.items() if name.startswith("msgstr")]
            yield Message(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", "")), said


@cache
def in_template():
    """Every message of the template for translators."""
    return {message for message, _said in of_catalogue(TEMPLATE.read_text())}
