"""The two scripts of the desk a phone fetches do what all the small ones do. Tries hub/web/desk_scripts.py."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from hub.web.desk_scripts import FOLDER, JOINED, join_scripts, list_scripts


def test_every_desk_script_is_in_one_once():
    joined = [path for name in JOINED for path in list_scripts(name)]

    assert len(joined) == len(set(joined))
    assert set(joined) >= set((FOLDER / "desk").glob("*.js"))


@pytest.mark.parametrize("name", JOINED)
def test_served_script_is_what_they_say_now(name):
    assert Path(finders.find(name)).read_text() == join_scripts(name)
    assert finders.find("js/desks.js") is None


@pytest.mark.parametrize("name", JOINED)
def test_only_whole_comment_lines_are_left_out(name):
    kept = list(filter(None, join_scripts(name).splitlines()))
    lines = list(filter(None, "\n".join(path.read_text() for path in list_scripts(name)).splitlines()))

    assert kept == [line for line in lines if not line.lstrip().startswith("//")]
    assert len(kept) < len(lines)
