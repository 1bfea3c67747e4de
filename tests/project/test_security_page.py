"""What SECURITY.md says is shown by tests that are there."""

import ast
import re

from hub.core.embedded_postgres import PROJECT

PAGE = (PROJECT / "SECURITY.md").read_text()
THREATS = PAGE.partition("## Who wants what")[2].partition("\n## ")[0]


def names_in(path):
    return {node.name for node in ast.parse((PROJECT / path).read_text()).body if isinstance(node, ast.FunctionDef)}


def test_every_test_it_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 50
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_threat_names_test_or_gap():
    rows = [line.strip("| ").split(" | ") for line in THREATS.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if row[0] != "how"]
    assert len(rows) > 25
    assert [row[0] for row in rows if len(row) != 3] == []
    untested = [row for row in rows if "::" not in row[2]]
    assert [row[0] for row in untested if row[2] != "none" or "othing" not in row[1]] == []


def test_every_page_it_leads_to_is_there():
    pages = re.findall(r"\]\(([^)#:]+)\)", PAGE)
    assert "docs/generated/doors.md" in pages
    assert [page for page in pages if not (PROJECT / page).is_file()] == []
