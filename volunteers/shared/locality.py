"""Where the hub is: its time zone, emergency number, money, clock and first day of the week.

The one place that knows them. Every app asks here; the hub's own row says what it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db import Error as DatabaseFailure
from django.utils import timezone
from django.utils.functional import lazy

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

TTL = 60.0
"""Seconds after which a process asks again: what an admin changes is true everywhere within a minute."""


@dataclass(frozen=True)
class Locality:
    """What differs from country to country. The defaults are London's."""

    time_zone: str = "Europe/London"
    emergency_number: str = "999"
    currency: str = ""
    clock: str = "12"
    first_weekday: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The time zone, for arithmetic."""
        return ZoneInfo(self.time_zone)

    @property
    def money_sign(self) -> str:
        """What prices are written in; where the hub has not said so, as the server was told."""
        return self.currency or str(settings.CURRENCY)

    def write_money(self, number: str, *, negative: bool = False) -> str:
        """An amount with the hub's sign before it, or its word after it."""
        minus = "−" if negative else ""
        if self.money_sign[-1:].isalpha():
            return f"{minus}{number}\N{NO-BREAK SPACE}{self.money_sign}"
        return f"{minus}{self.money_sign}{number}"


def _put_number(text: Any) -> str:
    return str(text).replace("{number}", _known.emergency_number)


put_number: Callable[[Any], Any] = lazy(_put_number, str)
"""A text, or one to be translated later, with the hub's emergency number in the place of `{number}`."""
Load = Callable[[], Locality]
_load: Load | None = None
_known, _asked_at = Locality(), float("-inf")


def register(load: Load) -> None:
    """Register who reads it from the database."""
    global _load  # noqa: PLW0603 -- one hub, one loader
    _load = load


def adopt(locality: Locality) -> None:
    """Take this as what holds from now on in this process, its clocks included."""
    global _known, _asked_at
    _known, _asked_at = locality, time.monotonic()
    # Django keeps its default zone apart from the setting; jobs, commands and threads use it.
    if {settings.TIME_ZONE, str(timezone.get_default_timezone())} != {locality.time_zone}:
        settings.TIME_ZONE = locality.time_zone
        timezone.get_default_timezone.cache_clear()  # type: ignore[attr-defined]


def current() -> Locality:
    """The locality, read again when it is a minute old. Without the database the last known one holds."""
    global _asked_at  # noqa: PLW0603 -- see above
    if _load is not None and time.monotonic() - _asked_at > TTL:
        # First, so that the reading itself does not ask again.
        _asked_at = time.monotonic()
        try:
            adopt(_load())
        except DatabaseFailure:
            return _known
    return _known


def known() -> Locality:
    """The locality as it was last read; never a statement."""
    return _known


def refresh(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Read it if it is old: a process that has just connected learns in which zone it works."""
    if connection.alias == DEFAULT_DB_ALIAS:
        current()
