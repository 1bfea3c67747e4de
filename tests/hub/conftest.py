"""An evening in May at which the desk is open."""

import pytest
import time_machine

from hub.models import Opening
from tests.supplies.makers import TODAY


@pytest.fixture
def clock(db):
    """It stands at half past six, until it is moved."""
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False) as traveller:
        yield traveller


@pytest.fixture
def opening(clock):
    """The desk, open as planned."""
    return Opening.objects.start(kind=Opening.Kind.PLANNED)
