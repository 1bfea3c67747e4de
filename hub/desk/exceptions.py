"""Refusals of the desk. The message of each is a sentence for the person at it."""


class DeskClosed(Exception):
    """The desk is not open for that any more."""


class VisitDiffers(Exception):
    """A visit with this id is already there and holds something else, or does not fit the totals."""


class InvalidPayload(ValueError):
    """A device sent something that cannot be read."""
