"""What a killed worker leaves half done is picked up, once, and holds nothing up."""

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from hub.jobs import aggregate_visits, pick_up
from tests.volunteers.threads import at_once
from volunteers.models.proposals import fill_rota

pytestmark = pytest.mark.django_db(transaction=True)


def jobs(task):
    return [*ProcrastinateJob.objects.filter(task_name=f"hub.{task}").values_list("status", flat=True)]


def awaited(function, *arguments):
    """In a thread of its own: where browser tests ran before, Playwright's event loop runs in this one."""
    (answer,) = at_once(lambda: async_to_sync(function)(*arguments))
    if isinstance(answer, Exception):
        raise answer
    return answer


def pick_up_now():
    awaited(pick_up.func, JobContext(app=app, job=None, start_timestamp=0, abort_reason=lambda: None), 0)


@pytest.fixture
def killed():
    """A worker took the folding and has been silent since, for half a minute or for good."""
    aggregate_visits.defer(timestamp=0)
    worker = awaited(app.job_manager.register_worker)
    assert awaited(app.job_manager.fetch_job, None, worker).task_name == "hub.desk.jobs.aggregate_visits"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")


def test_half_done_work_is_put_back(killed):
    pick_up_now()
    pick_up_now()

    assert jobs("desk.jobs.aggregate_visits") == ["todo"]


def test_stalled_job_with_waiting_twin_is_dropped(killed):
    aggregate_visits.defer(timestamp=1)

    pick_up_now()

    left = ProcrastinateJob.objects.get(task_name="hub.desk.jobs.aggregate_visits")
    assert (left.status, left.args) == ("todo", {"timestamp": 1})


def test_work_of_a_living_worker_is_left_alone(killed):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")

    pick_up_now()

    assert jobs("desk.jobs.aggregate_visits") == ["doing"]


def test_filling_is_retried_after_database_loss():
    strategy = fill_rota.retry_strategy
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=0)
    assert strategy.get_retry_decision(exception=OperationalError(), job=job) is not None
    assert strategy.get_retry_decision(exception=ValueError(), job=job) is None
