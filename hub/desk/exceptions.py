"""Refusals of the desk. The message of each is a sentence for the person at it."""

from collections.abc import Sequence


class DeskClosed(Exception):
    """The desk is not open for that any more."""


class EveningUnclear(DeskClosed):
    """The evening of a visit cannot be told yet. The device keeps the visit, and asks again."""


class VisitDiffers(Exception):
    """A visit with this id is already there and holds something else, or does not fit the totals.

    `versions` says, where that is known, what is written and what was sent.
    """

    def __init__(self, why: str, versions: Sequence[str] = ()) -> None:
        """Say why, and both versions as sentences."""
        super().__init__(why)
        self.versions = list(versions)


class InvalidPayload(ValueError):
    """A device sent something that cannot be read."""
