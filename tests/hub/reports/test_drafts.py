"""Drafts: made once by the job, and published only as long as the figures behind them hold."""

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import jobs
from hub.models import Draft, Edition, Measure
from hub.reports.models.drafts import MAKE_DRAFTS
from supplies.models import CompletedMonth
from tests.hub.reports.numbers_world import MARCH, QUARTER, TODAY, a_quarter, publish, put_right
from tests.supplies.makers import an_item
from tests.volunteers.threads import at_once
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        yield


def test_figure_corrected_meanwhile_is_not_published():
    a_quarter()
    draft = Draft.objects.begin(QUARTER)
    draft.make()
    put_right(QUARTER.first, Measure.VISITS, 41)

    with pytest.raises(NotAllowed, match="Something has changed"):
        draft.publish()
    assert not Edition.objects.exists()
    assert Draft.objects.exists()


def test_edition_published_meanwhile_is_not_overlooked():
    a_quarter()
    draft = Draft.objects.begin(QUARTER)
    draft.make()
    publish(MARCH)

    with pytest.raises(NotAllowed, match="Something has changed"):
        draft.publish()


def test_draft_that_is_not_ready_is_not_published():
    a_quarter()

    with pytest.raises(NotAllowed, match="not ready"):
        Draft.objects.begin(QUARTER).publish()


def test_draft_started_twice_is_made_once():
    a_quarter()
    Draft.objects.begin(QUARTER).write(learned="A word", argument="")

    draft = Draft.objects.begin(QUARTER)

    assert Draft.objects.get() == draft
    assert draft.learned == "A word"
    assert ProcrastinateJob.objects.filter(task_name=MAKE_DRAFTS).count() == 1


def test_job_makes_waiting_drafts_with_progress():
    spoon = an_item("Spoon")
    a_quarter(given={spoon: 2})
    for period in (QUARTER, MARCH):
        Draft.objects.begin(period)

    jobs.make_drafts.func()

    for draft in Draft.objects.all():
        assert draft.is_ready
        assert draft.done == draft.every > 0


def test_ready_draft_says_what_it_was_made_from():
    a_quarter()
    draft = Draft.objects.begin(QUARTER)
    with pytest.raises(IntegrityError, match="draft_ready_says_from_what"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(state="ready")
    with pytest.raises(IntegrityError, match="draft_ready_says_of_which_months"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(state="ready", made_from="x")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does():
    a_quarter()
    draft = Draft.objects.begin(QUARTER)
    draft.make()

    def go():
        return Draft.objects.get(pk=draft.pk).publish()

    answers = at_once(go, go)

    refused = [answer for answer in answers if not isinstance(answer, Edition)]
    assert Edition.objects.count() == 1
    assert [type(answer) for answer in refused] in ([NotAllowed], [Draft.DoesNotExist])
    with connection.cursor() as cursor:
        # The flush between tests does not mind the trigger, but says so here.
        cursor.execute("TRUNCATE hub_edition")
    CompletedMonth.objects.all().delete()
