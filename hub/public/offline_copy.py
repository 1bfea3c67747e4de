"""The last page: what the front page says while the database is away. A file, so that a restart has it too.

It holds the plan, the address if anybody may see it, alerts and what to do in an overdose; nothing of any visitor.
It is written again only when any of that has changed, and dated by the day, so that it is no diary of who looked.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import pickle
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

MIDNIGHT = dt.time()

# This process's own copy, for where no file can be written, and what it was made of: making it takes as long as
# everything else about the front page.
_kept, _made_of = "", b""


def keep(context: dict[str, Any]) -> None:
    """Keep this as the last page, unless it is what is kept already. Never fails: it is only the second best."""
    global _kept, _made_of  # noqa: PLW0603 -- one copy a process
    made_of = pickle.dumps(context)
    if made_of == _made_of and Path(settings.LAST_PAGE).exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        _kept = page = render_to_string("hub/public/offline_copy/page.html", context)
    _made_of = made_of
    with contextlib.suppress(OSError):
        _write(Path(settings.LAST_PAGE), page)


def last() -> str | None:
    """The page kept last, by whichever worker; if there is none, nothing."""
    with contextlib.suppress(OSError):
        return Path(settings.LAST_PAGE).read_text(encoding="utf-8")
    return _kept or None


def _write(to: Path, page: str) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all, also when two workers write at once.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=to.parent, suffix=".new", delete=False) as new:
        new.write(page)
    try:
        # The day it is of, and not the moment somebody looked.
        midnight = dt.datetime.combine(timezone.localdate(), MIDNIGHT, tzinfo=timezone.get_default_timezone())
        os.utime(new.name, (midnight.timestamp(),) * 2)
        Path(new.name).replace(to)
    except OSError:
        Path(new.name).unlink(missing_ok=True)
        raise
