"""Words of a report before it is out: kept, changed, and gone once it is published."""

import pytest
import time_machine

from hub.models import Draft
from tests.hub.reports.numbers_world import MARCH, QUARTER, TODAY, a_quarter, publish

pytestmark = pytest.mark.django_db


def test_words_are_kept_once_for_period():
    Draft.objects.keep(QUARTER, learned="A word", argument="")
    Draft.objects.keep(MARCH, learned="Another", argument="")
    Draft.objects.keep(QUARTER, learned="A better word", argument="And why")

    draft = Draft.objects.of(QUARTER)
    assert Draft.objects.count() == 2
    assert (draft.period, draft.learned, draft.argument) == (QUARTER, "A better word", "And why")


@time_machine.travel(f"{TODAY} 12:00 +0100", tick=False)
def test_words_are_gone_once_published():
    a_quarter()
    Draft.objects.keep(QUARTER, learned="A word", argument="")
    Draft.objects.keep(MARCH, learned="Stays", argument="")

    publish(QUARTER, learned="A word")

    assert [draft.period for draft in Draft.objects.all()] == [MARCH]
