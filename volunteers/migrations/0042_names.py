"""The functions by which names are compared and searched, from the tables of `volunteers.shared.names`."""

from django.db import migrations

from volunteers.shared.names import ACCENTS, BLANKS, INVISIBLE, LETTERS, MARKS, PAIRS


def quote(text):
    """A text as a literal of PostgreSQL."""
    return "'" + text.replace("'", "''") + "'"


def replace_pairs(sql):
    """The SQL that writes two letters for each of these."""
    for letter, two in PAIRS.items():
        sql = f"replace({sql}, {quote(letter)}, {quote(two)})"
    return sql


def drop(sql, letters, by=""):
    """The SQL that takes these letters out."""
    many = "+" if by else ""
    return f"regexp_replace({sql}, {quote(f'[{letters}]{many}')}, {quote(by)}, 'g')"


SEEN = f"translate({drop('value', INVISIBLE)}, {quote(MARKS[0])}, {quote(MARKS[1])})"
FOLDED = f"normalize(casefold(normalize({SEEN}, NFKC) COLLATE pg_unicode_fast), NFKC)"
FOLD_NAME = f"btrim({drop(drop(FOLDED, INVISIBLE), BLANKS, ' ')}, ' ')"
BARE = f"translate({drop('normalize(fold_name(value), NFKD)', ACCENTS)}, {quote(LETTERS[0])}, {quote(LETTERS[1])})"
FOLD_SEARCH = f"btrim({drop(f'normalize({replace_pairs(BARE)}, NFKC)', BLANKS, ' ')}, ' ')"


def make(name, body):
    """The operation that makes one function of a text. `%` is no placeholder without parameters."""
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN {body};
        """,
        f"DROP FUNCTION {name}(text)",
    )


class Migration(migrations.Migration):
    dependencies = [
        ('volunteers', '0041_left_open'),
    ]

    operations = [
        make("fold_name", FOLD_NAME),
        make("fold_search", FOLD_SEARCH),
    ]
