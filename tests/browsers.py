"""Finds a browser for the tests, or gets one (`python -m tests.browsers`); without one says so, loudly.

As a pytest plugin it hands the browser it found to every process of the run in `CHROMIUM_PATH`. Without one the
browser tests are skipped, and with `CI=true` the run is refused: a green run that saw no page is worth nothing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# The shell is the same browser without a window, at a third of the work for each page.
NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
PLAYWRIGHTS_OWN = (
    "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
)
# Root needs the first, a small /dev/shm (containers) the second.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
NONE_HERE = "NO BROWSER: every browser test is skipped. Install chromium, or name one in CHROMIUM_PATH."
MINUTE = 60
# On a machine full of other work a browser or a server of its own stands still for too long now and then, so a test
# with one is tried twice before it fails. The run ends by naming those that needed it.
AGAIN = pytest.mark.flaky(reruns=1)


def find() -> str | None:
    """A browser that starts: the one named in `CHROMIUM_PATH` and no other; else from PATH, else Playwright's own."""
    if named := os.environ.get("CHROMIUM_PATH"):
        return named if _starts(named) else None
    for path in map(shutil.which, NAMES):
        if path and _starts(path):
            return path
    own = subprocess.run([sys.executable, "-c", PLAYWRIGHTS_OWN], check=False, capture_output=True, text=True)
    path = own.stdout.strip()
    return path if path and Path(path).exists() and _starts(path) else None


def fetch() -> None:
    """Try to get one: on Debian as root its own package, which brings its libraries; else Playwright's."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update", "-q")
        for package in ("chromium-headless-shell", "chromium"):
            if _try("apt-get", "install", "-yq", "--no-install-recommends", package):
                return
    _try(sys.executable, "-m", "playwright", "install", "chromium")


def wanted() -> bool:
    """Whether going without is a failure."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def main() -> int:
    """Find or fetch one, and say which."""
    result = find()
    if not result and not os.environ.get("CHROMIUM_PATH"):
        print("No browser for the tests yet: trying to get one.", flush=True)
        fetch()
        result = find()
    print(f"Browser: {result}" if result else NONE_HERE, flush=True)
    return int(wanted() and not result)


def _starts(path: str) -> bool:
    # A stub that asks for a snap, or one without its libraries, is no browser.
    try:
        return subprocess.run([path, "--version"], check=False, capture_output=True, timeout=MINUTE).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _try(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, timeout=10 * MINUTE).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _needs_one(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None or "browser" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    need_one = list(filter(_needs_one, items))
    if not need_one:
        return
    found = find()
    if not found and wanted():
        raise pytest.UsageError(f"{NONE_HERE} With CI=true that is a failure.")
    if found:
        os.environ["CHROMIUM_PATH"] = found
    for item in need_one:
        item.add_marker(AGAIN if found else pytest.mark.skip(reason="no browser"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.getreports("skipped") if "no browser" in str(report.longrepr)]
    if skipped:
        terminalreporter.write_sep("!", f"{NONE_HERE} ({len(skipped)})", red=True, bold=True)
    twice = {report.nodeid: report for report in terminalreporter.getreports("rerun")}
    for name, report in twice.items():
        terminalreporter.write_line(f"Tried a second time: {name}: {report.longrepr}", yellow=True)


if __name__ == "__main__":
    sys.exit(main())
