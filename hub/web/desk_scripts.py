"""The scripts of the desk in two files, without comments: `js/device.js` on all its pages, `js/desk.js` on the desk.

The small ones are read and changed in `static/js/`. A phone on a weak network fetches two in their place, which weigh
a third less. They keep their order, since a later one uses an earlier.
"""

import re
from pathlib import Path

from django.conf import settings

from hub.web.stylesheet import JoinedFileFinder

FOLDER = settings.BASE_DIR / "static/js"
JOINED = {
    "js/device.js": ("outbox.js", "clock.js", "sending.js", "kept.js"),
    "js/desk.js": ("desk/privacy_screen.js", "desk/desk.js", "desk/more.js", "desk/sheets.js", "desk/on_device.js"),
}
A_COMMENT = re.compile(r"^[ ]*//.*\n", re.MULTILINE)


def list_scripts(name: str) -> list[Path]:
    """The small scripts of this file, in the order they run."""
    return [FOLDER / script for script in JOINED[name]]


def join_scripts(name: str) -> str:
    """All of them in one. A line that is a comment weighs on the way and says nothing to a browser."""
    return "\n".join(A_COMMENT.sub("", path.read_text(encoding="utf-8")) for path in list_scripts(name))


class DeviceScriptFinder(JoinedFileFinder):
    """Finds `js/device.js`: what a device keeps and sends."""

    name = "js/device.js"

    def join(self) -> str:
        """All scripts of a device."""
        return join_scripts(self.name)


class DeskScriptFinder(JoinedFileFinder):
    """Finds `js/desk.js`: what the desk shows."""

    name = "js/desk.js"

    def join(self) -> str:
        """All scripts of the desk."""
        return join_scripts(self.name)
