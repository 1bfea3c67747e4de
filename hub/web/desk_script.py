"""`js/desk.js`: what the desk page runs, in one file, without the comments. A phone on a weak network fetches it once.

The small files are read and changed in `static/js/desk/`. They keep their order, since a later one uses an earlier.
"""

import re
from pathlib import Path

from django.conf import settings

from hub.web.stylesheet import JoinedFileFinder

SCRIPT = "js/desk.js"
FOLDER = settings.BASE_DIR / "static/js/desk"
IN_ORDER = ("privacy_screen.js", "desk.js", "more.js", "sheets.js", "on_device.js")
A_COMMENT = re.compile(r"^[ ]*//.*\n", re.MULTILINE)


def list_desk_scripts() -> list[Path]:
    """The scripts of the desk page, in the order they run."""
    return [FOLDER / name for name in IN_ORDER]


def join_desk_scripts() -> str:
    """All of them in one. A line that is a comment weighs on the way and says nothing to a browser."""
    return "\n".join(A_COMMENT.sub("", path.read_text(encoding="utf-8")) for path in list_desk_scripts())


class DeskScriptFinder(JoinedFileFinder):
    """Finds `js/desk.js`."""

    name = SCRIPT

    def join(self) -> str:
        """All scripts of the desk."""
        return join_desk_scripts()
