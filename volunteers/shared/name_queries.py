"""Names in the database: fields that tidy them, and lookups that compare, search and order them as people read them.

Every text column knows the lookups: `chosen_name__reads="Zoë"` finds the name however it is written, `name__like="zoe"`
finds a part of it whatever the accents, and `order_by("name__sorted")` follows the language in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from volunteers.shared.names import fold_name, fold_search, letters_behind, order_key, tidy_name

MAX_WORDS = 10
ONE_OF_THAT_NAME = _("There is already one with that name.")


class NameFormField(forms.CharField):
    """A form field for a name: tidied before anything else looks at it."""

    def to_python(self, value: Any) -> str:
        """The name, with single blanks and nothing that cannot be seen."""
        return tidy_name(super().to_python(value) or "")


class NameField(models.CharField):
    """A column for a name. Whatever writes it, the name is tidied."""

    def to_python(self, value: Any) -> Any:
        """The tidied name."""
        text = super().to_python(value)
        return tidy_name(text) if isinstance(text, str) else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 -- Django's own signature
        """Tidy the name on the row as well, so that it holds what is kept."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        """The tidied name, also in an update of many rows."""
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **kwargs: Any) -> Any:
        """A field of a form that tidies too."""
        return super().formfield(**{"form_class": NameFormField, **kwargs})


class FoldName(models.Transform):
    """The form in which names are compared."""

    lookup_name = "folded"
    function = "fold_name"
    output_field = models.TextField()


class FoldSearch(models.Transform):
    """The form in which names are searched."""

    lookup_name = "bare"
    function = "fold_search"
    output_field = models.TextField()


class Alphabetical(models.Transform):
    """The key by which names are put in the order of the language in use; equals are told apart by their accents."""

    lookup_name = "sorted"
    output_field = models.TextField()

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> Any:  # type: ignore[override]
        """The key in SQL, for the language of whoever asks.

        It holds no parameter of its own, so that it may stand among what rows are grouped by. A control character
        stands before every letter: a shorter name comes first.
        """
        name, params = compiler.compile(self.source_expressions[0])
        keyed = f"fold_name({name})"
        for letter, key in letters_behind(get_language() or ""):
            keyed = f"replace({keyed}, '{letter}', '{key}')"
        sql = f"(fold_search({keyed}) || E'\\x01' || fold_name({name})) COLLATE \"C\""
        return sql, [*params, *params]


class Reads(Exact):
    """Whether a name is read as the same: `chosen_name__reads="zoë  "`."""

    lookup_name = "reads"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Compare both sides folded; the side that is a text is folded here."""
        left, params = self.process_lhs(compiler, connection)
        return f"fold_name({left}) = %s", [*params, fold_name(str(self.rhs))]


class Like(models.Lookup):
    """Whether a text contains this, whatever the accents and capitals: `name__like="zoe"`."""

    lookup_name = "like"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Look for the bare word in the bare text; no letter of it is a wildcard."""
        left, params = self.process_lhs(compiler, connection)
        return f"strpos(fold_search({left}), %s) > 0", [*params, fold_search(str(self.rhs))]


for column in (models.CharField, models.TextField):
    for lookup in (FoldName, FoldSearch, Alphabetical, Reads, Like):
        column.register_lookup(lookup)


class OneName(models.UniqueConstraint):
    """No two rows have names that are read as the same, of all or `within` another column. It says so at the field."""

    def __init__(self, *, of: str, name: str, within: str = "", violation_error_message: Any = None) -> None:
        """The column and, as everywhere, the name of the rule and the sentence for who breaks it."""
        self.of, self.within = of, within
        columns = [F(within)] if within else []
        super().__init__(
            *columns, FoldName(of), name=name, violation_error_message=violation_error_message or ONE_OF_THAT_NAME
        )

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """What a migration writes down."""
        path, _expressions, about = super().deconstruct()
        return path, (), {**about, "of": self.of, **({"within": self.within} if self.within else {})}

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Say it beside the field, not above the form."""
        try:
            super().validate(*args, **kwargs)
        except ValidationError as problem:
            raise ValidationError({self.of: problem}) from None


def alphabetical_key(text: str) -> tuple[str, str]:
    """The key by which Python puts names in the order of the language in use, as `__sorted` does in SQL."""
    return order_key(text, get_language() or "")


def has_words(words: str, *fields: str) -> Q:
    """The condition that each of these words stands in one of these columns."""
    found = Q()
    for word in words.split()[:MAX_WORDS]:
        found &= _any(Q(**{f"{field}__like": word}) for field in fields)
    return found


def _any(conditions: Iterable[Q]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either
