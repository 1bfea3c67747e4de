"""The one script of the desk a phone fetches does what all the small ones do. Tries hub/web/desk_script.py."""

from pathlib import Path

from django.contrib.staticfiles import finders

from hub.web.desk_script import FOLDER, SCRIPT, join_desk_scripts, list_desk_scripts


def test_every_desk_script_is_in_it_once():
    assert len(list_desk_scripts()) == len(set(list_desk_scripts()))
    assert set(list_desk_scripts()) == set(FOLDER.glob("*.js"))


def test_served_script_is_what_they_say_now():
    assert Path(finders.find(SCRIPT)).read_text() == join_desk_scripts()
    assert finders.find("js/desks.js") is None


def test_only_whole_comment_lines_are_left_out():
    kept = list(filter(None, join_desk_scripts().splitlines()))
    lines = list(filter(None, "\n".join(path.read_text() for path in list_desk_scripts()).splitlines()))

    assert kept == [line for line in lines if not line.lstrip().startswith("//")]
    assert len(kept) < len(lines)
