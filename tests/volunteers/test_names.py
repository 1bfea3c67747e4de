"""Names: kept tidy, compared as people read them, searched without accents, and put in order; here and in SQL."""

import re
import sys
import unicodedata
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from volunteers.models import User
from volunteers.shared.name_queries import NameField, OneName, alphabetical_key
from volunteers.shared.names import fold_name, fold_search, tidy_name

# PostgreSQL knows some letters that this Python does not yet.
LETTERS = [chr(n) for n in range(1, sys.maxunicode + 1) if unicodedata.category(chr(n)) not in ("Cs", "Cn", "Co")]


def ask_database(function, texts):
    with connection.cursor() as cursor:
        sql = f"SELECT {function}(text) FROM unnest(%s::text[]) WITH ORDINALITY AS t(text, n) ORDER BY n"  # noqa: S608 -- a function of ours
        cursor.execute(sql, [texts])
        return [text for (text,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("fold", [fold_name, fold_search])
def test_database_folds_every_letter_as_we_do(fold):
    texts = [f"a{letter}b" for letter in LETTERS] + LETTERS
    different = [
        (f"{ord(text[-2:][0]):04x}", theirs, fold(text))
        for text, theirs in zip(texts, ask_database(fold.__name__, texts), strict=True)
        if theirs != fold(text)
    ]

    assert different == []


@pytest.mark.django_db
@given(texts=st.lists(st.text(st.sampled_from([*"aÅßİς ́̈\u200b‍ ﬁＡé'’-–٢ـئ한ᄒ", *LETTERS]), max_size=12), max_size=30))
def test_database_folds_any_text_as_we_do(texts):
    for fold in (fold_name, fold_search):
        assert ask_database(fold.__name__, texts) == [fold(text) for text in texts]


# --- Tidied, compared, searched and put in order

WAYS_OF_WRITING = {
    "Ash Grey": [
        "ash grey",
        "ＡＳＨ　Grey",
        "  Ash\u00a0Grey ",
        "Ash\tGrey",
        "Ash\u2003\u2003Grey",
        "As\u00adh G\u200brey\ufeff",
    ],
    "Zoë": ["ZOË", "Zoe\u0308", "zoë\u200f", "\u2060Zoë"],
    "O'Brien-Grieß": ["o’brien‐griess", "OʼBRIEN–GRIESS", "O＇Brien－Grieß"],
    "Noﬁa": ["nofia", "NOFIA"],
}
OTHER_NAMES = ["Ash Grey 2", "AshGrey", "Zoe", "Zoé", "OBrien-Griess"]


@pytest.mark.parametrize(("name", "written"), [(name, way) for name, ways in WAYS_OF_WRITING.items() for way in ways])
def test_name_is_read_however_it_is_written(name, written):
    assert fold_name(written) == fold_name(name)
    assert fold_name(written) not in {fold_name(other) for other in OTHER_NAMES}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ash\u00a0 \tGrey\r\n", "Ash Grey"),
        ("\ufeffAs\u00adh\u200b\x07", "Ash"),
        ("Zoe\u0308", "Zoë"),
        ("\u202eevil\u202c", "evil"),
        ("A\u200dsh", "Ash"),
        ("نیک\u200cنام", "نیک\u200cنام"),
        ("👩\u200d🍳", "👩\u200d🍳"),
        ("\u200b\u2800\u3164", ""),
    ],
)
def test_name_is_kept_tidy(typed, kept):
    assert tidy_name(typed) == kept


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("en-gb", ["Åsa", "ash", "Bo", "Łukasz", "Lyn", "Ørjan", "Oz", "zoe", "Zoë", "Zuz"]),
        ("sv", ["ash", "Bo", "Łukasz", "Lyn", "Oz", "zoe", "Zoë", "Zuz", "Åsa", "Ärla", "Örjan"]),
        ("pl", ["ala", "Ąbc", "Lyn", "Łukasz", "Ola", "Ósma", "Ziba", "Źrebak", "Żaba"]),
        ("es", ["Nz", "Ñandú", "Oz"]),
    ],
)
@pytest.mark.django_db
def test_names_stand_in_order_of_the_language(language, in_order):
    mixed = sorted(in_order, key=len)
    for number, name in enumerate(mixed):
        User.objects.create_user(f"p{number}", chosen_name=name)
    with override(language):
        assert [person.chosen_name for person in User.objects.order_by("chosen_name__sorted")] == in_order
        assert [person.chosen_name for person in User.objects.all()] == in_order
        assert sorted(mixed, key=alphabetical_key) == in_order


def columns_of_names():
    """Every column that holds a name of ours: of a person, a thing, a post."""
    for model in apps.get_models():
        for field in model._meta.local_fields:  # noqa: SLF001 -- Django's own public name for it
            if model.__module__.split(".")[0] in ("hub", "school", "supplies", "volunteers") and field.name in (
                "name", "chosen_name", "username", "title", "role", "number",
            ) and isinstance(field, models.CharField):  # fmt: skip
                yield model, field


# A card, a text and the hub's own row are written once and looked up by nobody.
NOT_LOOKED_UP = {"EmergencyCard", "EmergencyCardEvent", "Text", "TextEvent", "Hub", "HubEvent"}


def test_every_name_is_tidied_on_its_way_in():
    columns = [(model, field) for model, field in columns_of_names() if model.__name__ not in NOT_LOOKED_UP]
    assert len(columns) > 20
    assert [(model.__name__, field.name) for model, field in columns if not isinstance(field, NameField)] == []


def test_no_name_is_once_by_its_letters_alone():
    """Where a name may be there once, it is once as people read it."""
    as_read = {rule.of for rule in RULES}
    by_letters = [(model.__name__, field.name) for model, field in columns_of_names() if field.unique]
    assert by_letters == [("User", "username")], "Django asks for it; it is once as people read it too"
    assert {"username", "name", "title"} == as_read


RULES = [rule for model in apps.get_models() for rule in model._meta.constraints if isinstance(rule, OneName)]  # noqa: SLF001 -- the same


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_database_refuses_the_same_name_again(rule):
    sql = "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [rule.name])
        (made,) = cursor.fetchone()
    assert made.startswith("CREATE UNIQUE INDEX")
    assert f"fold_name(({rule.of})::text)" in made


ORDERED_BY_LETTERS = re.compile(r'(?:order_by|ordering = )[(\[][^)\]]*"-?(?:\w+__)?(?:chosen_name|name|title)"')


def test_no_list_is_ordered_by_letters_alone():
    """A name in an order is `…__sorted`; the demo and sums are read by nobody."""
    apps_of_ours = [Path(settings.BASE_DIR) / app for app in ("hub", "school", "supplies", "volunteers")]
    wrong = [
        f"{path.relative_to(settings.BASE_DIR)}: {match[0]}"
        for app in apps_of_ours
        for path in app.rglob("*.py")
        if "migrations" not in path.parts and "demo" not in path.parts
        for match in ORDERED_BY_LETTERS.finditer(path.read_text())
    ]
    assert wrong == []
