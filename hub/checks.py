"""Checks that Django runs before it serves or migrates."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections

OLDEST_POSTGRESQL = 15


@register(Tags.database)  # type: ignore[type-var]
def postgresql_is_new_enough(databases: list[str] | None = None, **_kwargs: Any) -> list[Error]:
    """Refuse a server older than the oldest one we test against."""
    errors = []
    for alias in databases or []:
        version = connections[alias].pg_version  # type: ignore[attr-defined]
        if version // 10000 < OLDEST_POSTGRESQL:
            errors.append(
                Error(
                    f"PostgreSQL {version // 10000} is too old: the app needs {OLDEST_POSTGRESQL} or newer.",
                    id="hub.E001",
                )
            )
    return errors


@register(Tags.security)
def roles_name_what_exists(**_kwargs: Any) -> list[Error]:
    """Refuse a role that names a permission no model declares: it would silently allow nothing."""
    from hub.core import roles  # noqa: PLC0415 -- roles import models

    return [
        Error(f"hub/core/roles.py names {name}, which no model declares.", id="hub.E002")
        for name in sorted(roles.unknown_permissions())
    ]
