"""The week's letter about the shelf, and what stands on Today with no letter at all."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hub.jobs import send_stock_digest
from hub.models import StockDigest
from tests.supplies.makers import a_lot, an_item
from tests.volunteers.threads import at_once, wait_for_the_post
from volunteers.models import Letter
from volunteers.models.people import LetterKind
from volunteers.shared.registries.retention import Every, delete_overdue

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 5, 18)


@pytest.fixture
def low(db):
    """One thing that runs low, on a Wednesday."""
    with time_machine.travel("2026-05-20 09:00 +0100", tick=False):
        spoon = an_item("Spoon", minimum=9)
        a_lot(spoon, 5)
        yield spoon


@pytest.fixture
def reachable(coordinator, admin, volunteer, trainer):
    """Everybody has an e-mail; the admin wants nothing about the shelf."""
    for person in (coordinator, admin, volunteer, trainer):
        person.email = f"{person.username}@example.org"
    admin.silenced = [LetterKind.STOCK]
    for person in (coordinator, admin, volunteer, trainer):
        person.save()


def test_coordinators_get_one_neutral_letter_a_week(low, reachable, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        assert [StockDigest.objects.send_if_due() for _ in range(2)] == [True, False]

    (letter,) = Letter.objects.all()
    letter.send()
    (sent,) = mail.outbox
    assert sent.to == ["mo@example.org"]
    for word in ("Spoon", "stock", "shelf", "low", "Hub"):
        assert word not in sent.subject + sent.body.partition("http")[0]
    assert StockDigest.objects.get().week == MONDAY


def test_next_week_sends_another_digest(low, reachable):
    assert StockDigest.objects.send_if_due()
    for weeks in (1, 6):
        with time_machine.travel(dt.datetime(2026, 5, 18, 9, tzinfo=dt.UTC) + dt.timedelta(weeks=weeks), tick=False):
            assert StockDigest.objects.send_if_due()
            delete_overdue(Every.DAY)

    assert [digest.week for digest in StockDigest.objects.all()] == [MONDAY + dt.timedelta(weeks=6)]


def test_nothing_the_matter_sends_nothing_until_something_is(low, reachable):
    low.minimum = None
    low.save()
    assert StockDigest.objects.send_if_due() is False
    low.minimum = 9
    low.save()

    assert StockDigest.objects.send_if_due() is True


def test_job_sends_it(low, reachable):
    send_stock_digest(timestamp=0)

    assert Letter.objects.count() == 1


def test_week_is_a_monday(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        StockDigest.objects.create(week=dt.date(2026, 5, 19))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one(low, reachable):
    assert sorted(at_once(StockDigest.objects.send_if_due, StockDigest.objects.send_if_due)) == [False, True]
    wait_for_the_post()
    assert [letter.to for letter in mail.outbox] == [["mo@example.org"]]


def test_today_tells_coordinators_without_any_letter(low, demo, sign_in, coordinator, volunteer):
    def today(person):
        client = Client()
        sign_in(client, person)
        return client.get("/today/").content.decode()

    assert "1 item is low" in today(coordinator)
    assert f'href="{reverse("supplies:orders")}"' in today(coordinator)
    assert "1 low" not in today(volunteer)
