"""Shuts out what a machine and whoever works at it have set: a run asks the same of the hub wherever it is.

What a variable may change is not known beforehand (`PGPORT`, `LC_ALL`, `http_proxy`, `GUNICORN_CMD_ARGS`, …), so those
that stay are named, and every other goes. A hub's own settings stay out too, be they exported or in `.env`.
"""

import os
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SETTINGS = re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
# Where things are, who we are, and what is said to the tests themselves.
KEPT = {"PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TERM", "CI", "CHROMIUM_PATH", "HUB_DATA_DIR", "VIRTUAL_ENV"}
# `LD_` finds libraries where they are in no usual place.
KINDS_KEPT = ("TEST_", "FUZZ_", "PYTEST_", "PLAYWRIGHT_", "HYPOTHESIS_", "XDG_", "LD_", "DYLD_")
# As far as the settings are concerned; an empty value keeps a developer's own `.env` out of it.
UNSET = dict.fromkeys((name for name in SETTINGS if name not in ("HUB_DATA_DIR", "DEMO")), "")


def shut_out() -> None:
    """Leave only what is named above, here and for every process of ours; without settings this is a laptop."""
    for name in os.environ.keys() - KEPT:
        if not name.startswith(KINDS_KEPT):
            del os.environ[name]
    os.environ |= UNSET | {
        "DEBUG": "true",
        "DEMO": "false",
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        # Files are read as they were written, whatever this machine writes by itself.
        "PYTHONUTF8": "1",
    }
