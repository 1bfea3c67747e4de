"""The words people read are the ones that people who use drugs ask for, and not the ones used against them."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("hub", "school", "supplies", "volunteers")
# What we say → what we do not, as unions of people who use drugs ask for it.
WE_SAY = {
    "people who use drugs; person, people": r"addicts? | junkies? | (?:drug[ ])?abusers? | (?:drug[ ])?users?",
    "people, folks here": r"clients? | patients? | service[ ]users? | beneficiar(?:y|ies) | cases?[ ]of"
    r" | (?:a|the|this|that|each|every|new)[ ]case",
    "visit, came by, took, given out": r"transactions? | dispens(?:e|es|ed|ing) | intakes?"
    r" | (?:first|new|repeat|number[ ]of|total)[ ]contacts?",
    "new, sterile, unused; used; not using now": r"clean | cleaned | dirty | drug-free | relaps(?:e|es|ed|ing)",
    "drug use": r"misuse | abuse | addictions? | habits? | problem(?:atic)?[ ]use",
    "volunteer, member": r"staff[ ]members?",
    "sex worker": r"prostitutes?",
    "person, people": r"vulnerable | hard[ -]to[ -]reach | non-compliant",
    "overdose response, naloxone": r"rescu(?:e|es|ed|ing) | victims?"
    r" | saved[ ](?:a|an|by|from|him|her|lives?|someone|somebody|their|them)",
    "that didn’t work, try again": r"invalid[ ]\w+ | (?:is|was|are)[ ]invalid | illegal[ ](?:value|input)",
}
NOT_OURS = re.compile(rf"(?ix) (?<![\w-]) (?: {' | '.join(WE_SAY.values())} ) (?![\w-])")
# A union keeps the name it gave itself.
RECLAIMED = re.compile(r"(?i)drug users?[’'`]? union")
ASKS_GETTEXT = {"_", "_now", "_lazy", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
HEARD = re.compile(r"""(?:title|alt|placeholder|aria-label|data-label)="([^"{}]*)\"""")
LOOKED_UP = re.compile(r"""_\(\s*(?:"(.+?)"|'(.+?)')\s*\)|{%\s*translate\s+(?:"(.+?)"|'(.+?)')""")
UNREAD = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<[^>]*>", re.DOTALL)


def of_template(text):
    """(line, words) of what people can read in a template: text between tags, labels, and strings looked up."""
    for found in LOOKED_UP.finditer(text):
        yield _line(text, found), next(filter(None, found.groups()))
    for found in HEARD.finditer(text):
        yield _line(text, found), found[1]
    bare = UNREAD.sub(lambda tag: re.sub(r"[^\n]", " ", tag[0]), text)
    yield from enumerate(bare.splitlines(), start=1)


def of_module(text):
    """(line, words) of the strings a module hands to gettext."""
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ASKS_GETTEXT:
            for given in call.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.lineno, given.value


def of_catalogue(text):
    """(line, words) of the English in a catalogue for translators."""
    for number, line in enumerate(text.splitlines(), start=1):
        if said := re.match(r'(?:msgid |msgid_plural )?"(.*)"$', line):
            yield number, said[1]


def of_script(text):
    """(line, words) of the sentences in a script of ours."""
    for number, line in enumerate(text.splitlines(), start=1):
        for words in re.findall(r"'([^']* [^']*)'|`([^`]* [^`]*)`", line):
            yield number, "".join(words)


def _line(text, found):
    return text.count("\n", 0, found.start()) + 1


PLACES = [
    *((path, of_template) for ending in ("html", "txt") for path in (ROOT / "templates").rglob(f"*.{ending}")),
    *((path, of_module) for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts),
    *((path, of_catalogue) for path in (ROOT / "locale").rglob("*.po*")),
    *((path, of_script) for path in (ROOT / "static" / "js").rglob("*.js")),
]


def wrong_words(text, reads):
    """(line, word) of each word that is not ours."""
    return [(line, found[0]) for line, words in reads(text) for found in NOT_OURS.finditer(RECLAIMED.sub("", words))]


def test_nobody_reads_a_word_that_is_not_ours():
    assert {reads for _path, reads in PLACES} == {of_template, of_module, of_catalogue, of_script}
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path, reads in PLACES
        for line, word in wrong_words(path.read_text(), reads)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("\n<p>Our clients</p>", of_template),
        ('\n{% translate "The patient left" %}', of_template),
        ("\n{% translate 'The patient left' %}", of_template),
        ('\n{% include "ui/_button.html" with label=_("Dirty") only %}', of_template),
        ('\n<button aria-label="Rescue">', of_template),
        ("\n{% blocktranslate trimmed %}A habit{% endblocktranslate %}", of_template),
        ("<p\nclass='x'>Hard to reach</p>", of_template),
        ("\nx = _now('An invalid day')", of_module),
        ("\nx = ngettext('One', 'Many addicts', n)", of_module),
        ('\nmsgid "Drug users"', of_catalogue),
        ('msgid ""\n"in this case, wait"', of_catalogue),
        ("\nsay('He is clean now')", of_script),
    ],
)
def test_word_check_sees_every_place(text, reads):
    assert [line for line, _word in wrong_words(text, reads)] == [2]


@pytest.mark.parametrize(
    "word", ["user", "case of", "misuse", "problem use", "new contacts", "non-compliant", "victims", "prostitute"]
)
def test_the_whole_table_is_looked_for(word):
    assert wrong_words(f"_('There was one {word} here')", of_module)


def test_the_check_leaves_other_words_alone():
    assert wrong_words("<p>The Drug User Union; in case; cleaner; used; contact us</p>", of_template) == []
    assert wrong_words("{% if user.is_authenticated %}{{ user }}{% endif %}", of_template) == []
    assert wrong_words("_('Take the form'); log('the user')", of_module) == []
