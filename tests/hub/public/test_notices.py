"""Notices: what the front page says of one evening because somebody chose so, and the page behind it.

Here too: `hub/public/views/front_editor.py`.
"""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.jobs import delete_daily
from hub.models import Notice, Opening, PublicStock
from tests.supplies.makers import a_lot, an_item
from tests.volunteers.rota_world import at, grant

pytestmark = pytest.mark.django_db

NIGHT = dt.date(2026, 11, 24)
OUTREACH = {"day": "2026-11-24", "words": "Outreach round the market, until about 9"}


def tomorrow():
    return timezone.localdate() + dt.timedelta(days=1)


@pytest.fixture
def lead(volunteer, client, sign_in):
    """A volunteer who may lead an evening on which nobody else is on."""
    grant(volunteer, "shift-lead")
    with time_machine.travel(at("2026-11-24", "17:00"), tick=False):
        sign_in(client, volunteer)
        yield client


def test_lead_publishes_notice_and_it_expires(lead):
    assert lead.post("/front/notices/", OUTREACH).status_code == 302
    # A second press of the button says so, and adds nothing.
    assert lead.post("/front/notices/", OUTREACH).status_code == 422
    assert "until about 9" in lead.get("/").content.decode()

    with time_machine.travel(at("2026-11-25", "05:59"), tick=False):
        assert list(Notice.objects.shown(NIGHT)) == list(Notice.objects.all())
        assert "until about 9" in lead.get("/").content.decode()
    with time_machine.travel(at("2026-11-25", "06:23"), tick=False):
        # Gone from the page with nobody to run the job, and from the database with it.
        assert "until about 9" not in lead.get("/").content.decode()
        delete_daily(0)
        assert not Notice.objects.exists()


def test_lead_removes_notice_twice_without_harm(lead):
    notice = Notice.objects.create(day=NIGHT, words="Outreach")
    for _ in range(2):
        assert lead.post(f"/front/notices/{notice.pk}/off/").status_code == 302
    assert not Notice.objects.exists()


def test_only_leads_can_change_notices(client, sign_in, volunteer):
    sign_in(client, volunteer)
    notice = Notice.objects.create(day=tomorrow(), words="Outreach")

    page = client.get("/front/").content.decode()

    assert "Put it on the front page" not in page
    assert client.post("/front/notices/", OUTREACH).status_code == 403
    assert client.post(f"/front/notices/{notice.pk}/off/").status_code == 403
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"day": "2026-11-23"}, {"day": "2027-11-24"}, {"day": "soon"}, {"words": "  "}, {"words": "x" * 121}]
)
def test_what_cannot_be_is_said_in_the_form(lead, wrong):
    answer = lead.post("/front/notices/", OUTREACH | wrong)

    assert (answer.status_code, Notice.objects.count()) == (422, 0)
    assert "Something needs to be corrected" in answer.content.decode()


def test_database_keeps_no_empty_notice():
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(day=NIGHT, words="")


def test_words_are_only_words(client):
    Notice.objects.create(day=tomorrow(), words="<script>alert(1)</script>")
    assert "<script>alert" not in client.get("/").content.decode()


def test_public_stock_is_retaken_only_before_opening(lead):
    a_lot(an_item("Spoon"), 5)
    assert lead.post("/front/picture/").status_code == 302
    assert [item.name for shelf in PublicStock.current().group_by_category() for item in shelf.here] == ["Spoon"]

    Opening.objects.start(kind=Opening.Kind.UNPLANNED)

    assert "Make it now from the shelf" not in lead.get("/front/").content.decode()
    answer = lead.post("/front/picture/", follow=True)
    assert "A desk has opened this evening, so this list cannot change until the" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_front_editor_takes_constant_statements(demo, client, sign_in, coordinator, rows, django_assert_num_queries):
    for n in range(rows):
        Notice.objects.create(day=tomorrow(), words=f"Outreach {n}")
    sign_in(client, coordinator)
    client.get("/front/")
    # Who asks (2), the plan and notices, the picture and whether it is fixed, texts, the hub.
    with django_assert_num_queries(8):
        client.get("/front/")
