"""How a model says no: with sentences that the person who asked can read."""

from collections.abc import Iterable


class NotAllowed(Exception):
    """Something was asked that will not be done, and nothing was changed. `reasons` are shown as they are."""

    def __init__(self, reasons: str | Iterable[str]) -> None:
        """Say no with one sentence or several."""
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        super().__init__(" ".join(self.reasons))
