"""The words people read are the ones that people who use drugs ask for, and not the ones used against them."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("hub", "school", "supplies", "volunteers")
NOT_OUR_WORDS = re.compile(
    r"""(?ix) (?<![\w-])(
    addicts? | addictions? | junkies? | abusers? | abuse | misuse | relapsed? | drug-free
    | clients? | patients? | beneficiar(?:y|ies) | service[ ]users? | users? | (?:a|the|this|that|each|every|new)[ ]case
    | cases[ ]of | transactions? | dispensed? | intakes? | habits?
    | clean | cleaned | dirty | staff[ ]members? | prostitutes? | vulnerable | hard[ ]to[ ]reach | non-compliant
    | rescued? | victims? | saved[ ](?:a|an|by|from|him|her|lives?|someone|somebody|their|them)
    )(?![\w-])"""
)
# A union keeps the name it gave itself.
RECLAIMED = re.compile(r"(?i)drug users?[’'`]? union")
ASKS_GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}


def words_of_template(text):
    """What people can read in a template: the text between tags, and strings that are looked up."""
    said = re.findall(r"""_\(\s*["'](.+?)["']\s*\)|{%\s*translate\s+["'](.+?)["']""", text)
    bare = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->", " ", text, flags=re.DOTALL)
    labels = re.findall(r"""(?:title|alt|placeholder|aria-label)="([^"]*)\"""", bare)
    return " \n".join([*(one or other for one, other in said), re.sub(r"<[^>]*>", " ", bare), *labels])


def words_of_module(text):
    """What people can read in a module: the strings given to gettext."""
    return " \n".join(
        argument.value
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ASKS_GETTEXT
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def wrong_words(words):
    return [found.group(0) for found in NOT_OUR_WORDS.finditer(RECLAIMED.sub("", words))]


def test_templates_use_our_words():
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    assert templates

    wrong = {str(path.relative_to(ROOT)): wrong_words(words_of_template(path.read_text())) for path in templates}

    assert {path: words for path, words in wrong.items() if words} == {}


def test_strings_in_code_use_our_words():
    modules = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    assert modules

    wrong = {str(path.relative_to(ROOT)): wrong_words(words_of_module(path.read_text())) for path in modules}

    assert {path: words for path, words in wrong.items() if words} == {}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Our clients</p>",
        '{% translate "The patient left" %}',
        '{% include "ui/_button.html" with label=_("Dirty") only %}',
        '<button aria-label="Rescue">',
        "{% blocktranslate trimmed %}A habit{% endblocktranslate %}",
    ],
)
def test_the_check_sees_every_place_a_word_can_hide(template):
    assert len(wrong_words(words_of_template(template))) == 1


def test_the_check_leaves_other_words_alone():
    assert wrong_words("The Drug User Union; in case; cleaner; used") == []
    assert wrong_words(words_of_template("{% if user.is_authenticated %}{{ user }}{% endif %}")) == []
    assert wrong_words(words_of_module("_('Take the form'); log('the user')")) == []
