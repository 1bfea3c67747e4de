"""Names as people read them: how they are tidied, compared, searched and put in order. Knows no database.

The database has the same rules as functions of its own, `fold_name` and `fold_search`, made by a migration from the
tables here. A test holds the two together over every letter there is.
"""

from __future__ import annotations

import re
import unicodedata

# Both Python and PostgreSQL read these as ranges of letters within brackets.
BLANKS = r"\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u2800\u3000"
JOINERS = r"\u200C\u200D\uFE0E\uFE0F"
INVISIBLE = (
    r"\u0001-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F"
    r"\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF9-\uFFFB"
    r"\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF"
)
# Accents of Latin, Greek and Cyrillic, points of Hebrew and vowels of Arabic: what people leave out when they type.
ACCENTS = (
    r"\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670"
    r"\u06D6-\u06DC\u06DF-\u06E4\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F"
)
# Spreadsheets and telephones write these for what a keyboard has.
MARKS = ("‐‑‒–—―−﹘﹣－‘’‛ʼ`´′＇", "-" * 10 + "'" * 8)
LETTERS = ("øłđðħŧıŋɨʉəʻ", "olddhtiniue'")
PAIRS = {"æ": "ae", "œ": "oe", "þ": "th"}

# The letters that an alphabet puts behind others. Where a language is not here, accents decide between equals only.
ALPHABETS = {
    "sv": {"z": "åäö"}, "fi": {"z": "åäö"}, "da": {"z": "æøå"}, "nb": {"z": "æøå"}, "nn": {"z": "æøå"},
    "is": {"a": "á", "d": "ð", "e": "é", "i": "í", "o": "ó", "u": "ú", "y": "ý", "z": "þæö"},
    "es": {"n": "ñ"}, "pl": {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "źż"},
    "cs": {"c": "č", "r": "ř", "s": "š", "z": "ž"}, "sk": {"a": "ä", "c": "č", "o": "ô", "s": "š", "z": "ž"},
    "sl": {"c": "č", "s": "š", "z": "ž"}, "hr": {"c": "čć", "d": "đ", "s": "š", "z": "ž"},
    "bs": {"c": "čć", "d": "đ", "s": "š", "z": "ž"}, "hu": {"o": "ö", "u": "ü"},
    "ro": {"a": "ăâ", "i": "î", "s": "ș", "t": "ț"}, "tr": {"c": "ç", "g": "ğ", "h": "ı", "o": "ö", "s": "ş", "u": "ü"},
    "lt": {"c": "č", "s": "š", "z": "ž"}, "lv": {"c": "č", "g": "ģ", "k": "ķ", "l": "ļ", "n": "ņ", "s": "š", "z": "ž"},
    "et": {"s": "š", "z": "ž", "w": "õäöü"}, "sq": {"c": "ç", "e": "ë"}, "ru": {"и": "й"}, "uk": {"г": "ґ", "и": "ії"},
}  # fmt: skip
# Private letters behind all others: the first and second of several letters that stand behind one.
BEHIND = 0x10FF01

_TIDIED = re.compile(f"[\x00{INVISIBLE}]")
_UNSEEN = re.compile(f"(?<=[^\x00-\x7f{BLANKS}])(?P<joiner>[{JOINERS}]+)(?=[^\x00-\x7f{BLANKS}])|[{INVISIBLE}]")
_BLANKS = re.compile(f"[{BLANKS}]+")
_ACCENTS = re.compile(f"[{ACCENTS}]")
_MARKS = str.maketrans(*MARKS)
_LETTERS = str.maketrans(dict(zip(*LETTERS, strict=True)) | PAIRS)


def tidy_name(text: str) -> str:
    """A name as it is kept: letters in one form, single blanks, nothing that cannot be seen.

    Joiners stay between letters of scripts that are written with them, as in Persian.
    """
    seen = _UNSEEN.sub(lambda match: match["joiner"] or "", text)
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", seen)).strip()


def fold_name(text: str) -> str:
    """The form in which two names are compared: equal for names that people read as the same."""
    seen = _TIDIED.sub("", text).translate(_MARKS)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return _BLANKS.sub(" ", _TIDIED.sub("", folded)).strip(" ")


def fold_search(text: str) -> str:
    """The form in which names are searched: like `fold_name`, and without accents."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", fold_name(text))).translate(_LETTERS)
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", bare)).strip(" ")


def contains_words(text: str, words: str) -> bool:
    """Whether a text contains every one of these words, whatever their accents."""
    within = fold_search(text)
    return all(word in within for word in fold_search(words).split())


def letters_behind(language: str) -> list[tuple[str, str]]:
    """The letters an alphabet puts behind others, each with what stands for it in a key of its order."""
    alphabet = ALPHABETS.get(language) or ALPHABETS.get(language.split("-", maxsplit=1)[0]) or {}
    return [
        (letter, f"{before}{chr(BEHIND + number)}")
        for before, letters in alphabet.items()
        for number, letter in enumerate(letters)
    ]


def order_key(text: str, language: str) -> tuple[str, str]:
    """The key by which names are put in the order of a language's alphabet."""
    folded = keyed = fold_name(text)
    for letter, key in letters_behind(language):
        keyed = keyed.replace(letter, key)
    return fold_search(keyed), folded
