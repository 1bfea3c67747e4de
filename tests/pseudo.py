"""Two languages nobody speaks, made from the template for translators: every word of ours looks different in them.

One has accents on every letter and is a third as long again; the other is written from right to left, in Hebrew
letters. They go by the codes of Volapük and Phoenician, since a browser's checks want codes that exist. Whatever stands
on a page in plain letters has not been through gettext, or is missing from the template. They live in the memory of a
test and are never offered to anybody.
"""

import re
from functools import cache
from pathlib import Path

import allauth
import django
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.translation import trans_real

from tests.messages import Message, in_template, of_catalogue

ACCENTED, MIRRORED = "vo", "phn"
# What has to stay as it is: placeholders, tags and entities.
KEPT = re.compile(r"%%|%\(\w+\)[\d.]*[a-z]|%[sd]|\{\w*\}|<[^>]+>|&\w+;|\n")
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = {
    ACCENTED: str.maketrans(PLAIN, "áƀćđéƒğħíĵķłḿńóþʠřšŧúṽŵẋýžÁƁĆĐÉƑĞĦÍĴĶŁḾŃÓÞɊŘŠŦÚṼŴẊÝŽ"),
    MIRRORED: str.maketrans(PLAIN, "אבגדהוזחטיכלמנסעפצקרשתאבגדאבגדהוזחטיכלמנסעפצקרשתאבגד"),
}
MORE = {ACCENTED: " ŧŵó", MIRRORED: " תש"}


def disguised(words, code):
    """The same words in one of the two languages, with their placeholders."""
    parts, last = [], 0
    for kept in KEPT.finditer(words):
        parts += [words[last : kept.start()].translate(LETTERS[code]), kept[0]]
        last = kept.end()
    parts.append(words[last:].translate(LETTERS[code]))
    length = len(re.sub(r"\W", "", words))
    return "".join(parts) + MORE[code] * (length // 6 if length > 3 and not words.endswith("\n") else 0)


@cache
def known():
    """Everything a translator is given: our template, and the catalogues of Django and allauth."""
    messages = set(in_template())
    for package in (django, allauth):
        for path in Path(package.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po"):
            messages |= {message for message, _said in of_catalogue(path.read_text())}
    return messages


class Catalogue(trans_real.TranslationCatalog):
    """Every message that is known, disguised; nothing for any other."""

    def __init__(self, code):
        catalogue = {}
        for message in known():
            key = f"{message.about}\x04{message.words}" if message.about else message.words
            catalogue[key] = disguised(message.words, code)
            if message.plural:
                catalogue[key, 0] = disguised(message.words, code)
                catalogue[key, 1] = disguised(message.plural, code)
        self._catalogs, self._plurals = [catalogue], [lambda n: int(n != 1)]


class Pseudo(trans_real.DjangoTranslation):
    """A translation without files."""

    def __init__(self, code):
        self._DjangoTranslation__language = code
        self._DjangoTranslation__to_language = code
        self._info, self._charset, self._fallback = {}, "utf-8", None
        self.domain, self.plural = "django", lambda n: int(n != 1)
        self._catalog = Catalogue(code)


def bring(monkeypatch, pytest_settings):
    """Have both, as if a translator had brought them and somebody had checked and switched them on."""
    from hub.models import Language  # noqa: PLC0415 -- settings are ready by now

    named = {code: disguised(name, code) for code, name in ((ACCENTED, "Accented"), (MIRRORED, "Mirrored"))}
    pytest_settings.LANGUAGES = [*settings.LANGUAGES, *named.items()]
    pytest_settings.LANGUAGES_BIDI = [*settings.LANGUAGES_BIDI, MIRRORED]
    for code, name in named.items():
        info = {"bidi": code == MIRRORED, "code": code, "name": name, "name_local": name}
        monkeypatch.setitem(LANG_INFO, code, info)
        monkeypatch.setitem(trans_real._translations, code, Pseudo(code))  # noqa: SLF001 -- there is no other way in
        Language.objects.update_or_create(code=code, defaults={"is_on": True, "checked_on": timezone.localdate()})


def undisguised_words(text):
    """Words in plain letters, of two letters and more."""
    return re.findall(r"(?<![\w@./-])[A-Za-z]{2,}(?![\w@/])", text)


__all__ = ["ACCENTED", "MIRRORED", "Message", "bring", "disguised", "known", "undisguised_words"]
