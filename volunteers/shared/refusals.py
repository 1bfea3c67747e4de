"""Refusals: how a model says no, with sentences for the person who asked."""

from collections.abc import Iterable


class NotAllowed(Exception):
    """A request that is refused; nothing was changed. `reasons` are shown as they are."""

    def __init__(self, reasons: str | Iterable[str]) -> None:
        """Take one sentence or several."""
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        super().__init__(" ".join(self.reasons))
