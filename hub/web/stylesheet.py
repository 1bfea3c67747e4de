"""`css/hub.css`: all our style sheets in one. One a component is what we like to read, one in all what a phone fetches.

Asked for one by one, forty-six small files take a phone on a weak network several rounds before it draws anything, and
they weigh twice as much, since each is compressed alone. No build step comes of it: while developing the file is put
together when it is asked for, in production by `collectstatic`.
"""

import atexit
import shutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NAME = "css/hub.css"
FOLDER = settings.BASE_DIR / "static/css"
# The layers say which rule holds, and the first file says their order; within a layer it is this one.
IN_ORDER = ("reset.css", "tokens.css", "base.css", "layout.css", "components/*.css", "pages/**/*.css", "print.css")


def find_style_sheets() -> list[Path]:
    """The style sheets that every page is drawn with. A new component's is among them as soon as it is there."""
    return [path for pattern in IN_ORDER for path in sorted(FOLDER.glob(pattern))]


def join_style_sheets() -> str:
    """All style sheets in one. None of them may name an address relative to itself: it would point elsewhere here."""
    return "\n".join(path.read_text(encoding="utf-8") for path in find_style_sheets())


class JoinedFileFinder(BaseFinder):
    """Finds one file put together of several, as it is now, for everything that serves or collects static files."""

    name: str

    def join(self) -> str:
        """The content of the file."""
        raise NotImplementedError

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing can be set up wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 -- Django's own way
        """Where it lies, put together anew."""
        if path != self.name:
            return []
        return [self._write()] if find_all else self._write()

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """The one file there is."""
        self._write()
        yield self.name, FileSystemStorage(_make_folder(self.name))

    def _write(self) -> str:
        path = Path(_make_folder(self.name), self.name)
        words = self.join()
        if not path.exists() or path.read_text(encoding="utf-8") != words:
            path.parent.mkdir(exist_ok=True)
            path.write_text(words, encoding="utf-8")
        return str(path)


class StyleSheetFinder(JoinedFileFinder):
    """Finds `css/hub.css`."""

    name = NAME

    def join(self) -> str:
        """All style sheets."""
        return join_style_sheets()


@cache
def _make_folder(_name: str) -> str:
    """A folder of this process and of this file, gone with the process."""
    folder = mkdtemp(prefix="hub-static-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
