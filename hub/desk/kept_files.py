"""Files that the kept desk is made of, each with its checksum, and the version of them all together.

A device keeps the desk only while page and files are of one version, and every file is what we say it is.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import HashedFilesMixin, staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static

from hub.desk.script_config import build_script_config

VERSION_HEADER = "Desk-Version"
"""On every page of the desk: whatever answers in our place, as the filter of some wifi does, does not have it."""

FONTS = (
    "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "fonts/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
    "fonts/bricolage-grotesque-latin-800-normal.woff2",
)
"""Files that the styles ask for. The page names all others itself."""


def list_files() -> dict[str, str]:
    """The address of every file, and its checksum as browsers want it. While developing files change under us."""
    return _read_files() if settings.DEBUG else _list_once()


def compute_version() -> str:
    """The version of all files together, which changes with each of them."""
    return hashlib.sha256(" ".join(f"{url}={sum_}" for url, sum_ in list_files().items()).encode()).hexdigest()[:16]


@cache
def _list_once() -> dict[str, str]:
    return _read_files()


def _read_files() -> dict[str, str]:
    page = render_to_string("hub/desk/desk/desk.html", {"shell": True, "config": build_script_config()})
    named = re.findall(rf'(?:href|src)="({re.escape(settings.STATIC_URL)}[^"#]+)', page)
    return {url: _compute_checksum(url) for url in sorted({*named, *map(static, FONTS)})}


def _compute_checksum(url: str) -> str:
    name = url.removeprefix(settings.STATIC_URL)
    is_collected = isinstance(staticfiles_storage, HashedFilesMixin)
    path = staticfiles_storage.path(name) if is_collected else finders.find(name)
    if not path:
        raise FileNotFoundError(name)
    return "sha256-" + base64.b64encode(hashlib.sha256(Path(path).read_bytes()).digest()).decode()
