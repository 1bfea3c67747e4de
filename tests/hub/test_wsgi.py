"""The way in for a web server: what it loads, what it keeps its hands off, and room for a whole page."""

import os
import resource
import subprocess
import sys
import threading

import pytest

from hub.wsgi import with_room

DEEPEST, LOOKS = 300, 100


def at(depth, doing):
    return at(depth - 1, doing) if depth else doing()


def again_and_again(*_environ_and_answer):
    """At every depth there is, over and back; one of them is where a piece of the stack ends."""
    for depth in range(DEEPEST):
        at(depth, lambda: [at(3, int) for _look in range(LOOKS)])
    return [b"done"]


def pieces_asked_for(application):
    """How often this thread alone has asked for memory meanwhile, in a thread with a stack of its own."""
    results = []

    def count():
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        results.append(application({}, print))
        results.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    return results


@pytest.mark.skipif(not hasattr(resource, "RUSAGE_THREAD"), reason="this system does not count for each thread")
def test_requests_do_not_ask_for_memory_again():
    answered, times = pieces_asked_for(with_room(again_and_again))
    assert answered == [b"done"]
    assert times < LOOKS


def test_preloading_excludes_solver_and_spreadsheets():
    """All it ever needs is loaded and frozen; the solver and what makes spreadsheets are for whoever needs them."""
    script = (
        "import gc, sys, hub.wsgi; print('hub.urls' in sys.modules, gc.get_freeze_count() > 100_000);"
        "import volunteers.jobs, volunteers.fill;"
        "print({'highspy', 'numpy', 'openpyxl'} & set(sys.modules))"
    )
    output = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hub.settings"},
    )
    assert output.stdout.split() == ["True", "True", "set()"]
