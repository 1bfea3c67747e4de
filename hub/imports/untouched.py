"""Whether what a list made is still as it was made: unchanged, and nothing points at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pghistory.models
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from volunteers.shared.refusals import NotAllowed

SALT = "hub.imports.untouched"


def mark_rows(rows: Iterable[models.Model], *more: object, but: Collection[str] = ()) -> str:
    """A fingerprint of these rows as they are in the database, under a secret of ours; it tells nothing of them."""
    values: list[Any] = [
        [field.value_to_string(row) for field in row._meta.concrete_fields if field.name not in but]  # noqa: SLF001 -- Django's own public name for it
        for row in rows
    ]
    return salted_hmac(SALT, repr([values, more]), algorithm="sha256").hexdigest()


def refuse_if_used(row: models.Model, *, but: Collection[type[models.Model]] = ()) -> None:
    """Raise NotAllowed if another row points at this one, besides its history and rows of these models."""
    for relation in row._meta.related_objects:  # noqa: SLF001 -- the same
        model = relation.related_model
        if not isinstance(model, type) or model in but or _is_history(model):
            continue
        if model._base_manager.filter(**{relation.field.name: row}).exists():  # noqa: SLF001 -- the same
            raise NotAllowed(_("It is in use since, so it stays."))


def _is_history(model: type[models.Model]) -> bool:
    return issubclass(model, pghistory.models.Event) or model._meta.app_label == "pghistory"  # noqa: SLF001 -- the same


def refuse_if_changed(mark: str, earlier: str) -> None:
    """Raise NotAllowed if a fingerprint is not the earlier one."""
    if mark != earlier:
        raise NotAllowed(_("Somebody has changed it since, so it stays."))
