"""The one style sheet a phone fetches says what all the small ones say."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from hub.web.stylesheet import FOLDER, NAME, find_style_sheets, join_style_sheets

ADMINS_OWN = FOLDER / "admin.css"


def test_every_style_sheet_is_in_it_once():
    assert len(find_style_sheets()) == len(set(find_style_sheets()))
    assert {*find_style_sheets(), ADMINS_OWN} == set(FOLDER.rglob("*.css"))


def test_what_is_served_is_what_they_say_now():
    assert Path(finders.find(NAME)).read_text() == join_style_sheets()
    assert finders.find("css/hubs.css") is None


def test_addresses_in_it_point_where_they_did():
    """Those of the folders below would be a folder off."""
    below = [path.name for path in find_style_sheets() if path.parent != FOLDER and "url(" in path.read_text()]
    assert below == []
    there = re.findall(r'url\("([^"]+)"\)', join_style_sheets())
    assert len(there) == 3
    assert [name for name in there if not (FOLDER / name).exists()] == []


def test_no_component_draws_whole_pages():
    """A page's own class on its body once was a dialog's as well, and made the page as narrow as one."""
    templates = [path.read_text() for path in Path("templates").rglob("*.html")]
    bodies = {
        name
        for text in templates
        for found in re.findall(r"block body_class %}(.*?){%", text)
        for name in re.findall(r"[a-z-]+", found)
    }
    components = "".join(path.read_text() for path in (FOLDER / "components").glob("*.css"))
    drawn = set(re.findall(r"^\s*\.([a-z-]+)(?=[ ,.:{])", components, re.MULTILINE))
    assert "on-paper" in bodies
    assert "sheet" in drawn
    assert bodies & drawn == set()
