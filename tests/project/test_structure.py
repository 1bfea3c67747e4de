"""The code keeps the shape that CONTRIBUTING.md promises: small files, one name for one thing, tests beside."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from statistics import median

import pytest

from hub.core.embedded_postgres import PROJECT

APPS = ("hub", "school", "supplies", "volunteers")
MAX_MODULE_LINES = 350
MAX_FUNCTION_LINES = 50
MEDIAN_MODULE_LINES = 90
MAX_TEST_NAME_WORDS = 8
# Django looks for these by name, one in each class or package.
NAMES_OF_DJANGO = {"Meta", "Media", "Command"}
# One list of settings, one of plain data, and the face that only imports every part's models.
SETTINGS, DATA, FACE = (
    PROJECT / path for path in ("hub/settings.py", "supplies/default_catalogue.py", "hub/models.py")
)


def modules(*folders):
    """Every module of ours in these folders, but migrations."""
    paths = [path for folder in folders for path in (PROJECT / folder).rglob("*.py")]
    return sorted(path for path in paths if "migrations" not in path.parts)


def trees(*folders):
    """Each module with its syntax tree."""
    return [(path.relative_to(PROJECT), ast.parse(path.read_text(encoding="utf-8"))) for path in modules(*folders)]


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_hub_has_ten_files_at_most():
    assert len([path for path in (PROJECT / "hub").iterdir() if path.is_file()]) <= 10


def test_modules_are_short():
    lengths = {path: lines_of(path) for path in modules(*APPS) if path not in (SETTINGS, DATA)}
    long = {f"{path.relative_to(PROJECT)}": n for path, n in lengths.items() if n > MAX_MODULE_LINES}
    assert long == {}
    assert median(lengths.values()) < MEDIAN_MODULE_LINES


def test_functions_are_short():
    long = {
        f"{path}: {node.name}": length
        for path, tree in trees(*APPS)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := node.end_lineno - node.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_class_names_are_unique():
    places = defaultdict(list)
    for path, tree in trees(*APPS):
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name not in NAMES_OF_DJANGO:
                places[node.name].append(f"{path}")
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_test_names_are_short():
    long = [
        f"{path}: {node.name}"
        for path, tree in trees("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and len(node.name.removeprefix("test_").split("_")) > MAX_TEST_NAME_WORDS
    ]
    assert long == []


@pytest.mark.parametrize("app", APPS)
def test_models_and_views_name_their_tests(app):
    """Each has a test file of its name, or the first lines of the test file that tries it name it."""
    tests = modules(f"tests/{app}", "tests/project")
    stems = {path.stem for path in tests}
    openings = "\n".join(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in tests)
    missing = [
        f"{path.relative_to(PROJECT)}"
        for path in modules(app)
        if path.name != "__init__.py" and path != FACE and {"models", "views"} & {path.stem, *path.parts}
        if not names_of_tests(path) & stems and not re.search(rf"\b{path.stem}\b", openings)
    ]
    assert missing == []


def names_of_tests(module):
    """What a test file of this module may be called: `test_lots`, or `test_lot_pages` for views of lots."""
    noun = module.stem if module.stem not in ("models", "views") else module.parent.name
    singular = re.sub(r"ies$", "y", noun) if noun.endswith("ies") else noun.removesuffix("s")
    return {f"test_{noun}", f"test_{noun}_pages", f"test_{singular}_pages"}


def test_map_in_readme_matches():
    """Every part of the hub stands in the map of CONTRIBUTING.md, and no other does."""
    text = Path(PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    parts = {path.name for path in (PROJECT / "hub").iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert set(re.findall(r"^hub/(\w+)/ ", text, re.MULTILINE)) == parts - {"migrations", "management", "formats"}
