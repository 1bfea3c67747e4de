"""URL converters: days and months as parts of an address."""

import datetime as dt


class DayConverter:
    """A day as 2026-11-26, in this century."""

    regex = "20[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """The day; one that is in no calendar is no address."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """As it is written."""
        return value.isoformat()


class MonthConverter:
    """A month as 2026-11."""

    regex = "20[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """Its first day."""
        return dt.date.fromisoformat(f"{value}-01")

    def to_url(self, value: dt.date) -> str:
        """As it is written."""
        return f"{value:%Y-%m}"
