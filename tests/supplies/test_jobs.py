"""What supplies does by itself."""

import datetime as dt

import pytest
import time_machine

from supplies.jobs import forget_figures
from supplies.models import Count
from supplies.models.counts import ItemLot
from tests.supplies.makers import TODAY, a_lot


@pytest.mark.usefixtures("today")
def test_figures_of_an_old_count_are_forgotten_by_night(spoon, store):
    lot = a_lot(spoon, 5)
    count = Count.objects.start(store)
    count.record({ItemLot(spoon.pk, lot.pk): 3})

    forget_figures(0)
    assert count.lines.get().found == 3
    with time_machine.travel(TODAY + dt.timedelta(15), tick=False):
        forget_figures(0)

    assert (count.lines.get().found, count.lines.get().difference) == (None, -2)
