"""Two versions under one key: what is written, and what was sent, as sentences to compare."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def describe_versions(kept: Iterable[str], sent: Iterable[str]) -> list[str]:
    """A sentence for each version, the one that counts first."""
    return [
        _("Written down: %(version)s.") % {"version": " · ".join(kept)},
        _("Sent now: %(version)s.") % {"version": " · ".join(sent)},
    ]
