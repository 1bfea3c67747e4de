"""What people are told as they come in: the notice, who answers for it, and the page of it that lawyers read."""

import html
import re

import pytest

from hub.core.embedded_postgres import PROJECT
from hub.models import Hub
from volunteers.models import Invitation
from volunteers.models.hours import SIGNUP_RETENTION_DAYS

pytestmark = pytest.mark.django_db
WHO = "The Union <of> Everybody, PO Box 1"


@pytest.fixture
def hub():
    return Hub.objects.create(pk=1, name="Hub", controller=WHO)


def read(answer):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


def test_newcomer_reads_what_is_kept(client, trainee, hub):
    page = client.get("/" + Invitation.renew(trainee).link().split("/", 3)[3])

    written = (PROJECT / "docs/notice.md").read_text()
    points = re.findall(r"^- (.+)$", written.partition("## What it says")[2].partition("\n## ")[0], re.MULTILINE)
    shown = re.findall(r"<li>(.*?)</li>", page.content.decode().partition("<details")[2], re.DOTALL)
    assert [html.unescape(point) for point in shown[: len(points)]] == points
    assert len(points) == 6
    assert f"{SIGNUP_RETENTION_DAYS} days after a shift" in read(page)
    assert f"Who is responsible: {WHO}" in read(page)
    assert "<of>" not in page.content.decode()


def test_without_anybody_named_nobody_is_made_up(client, trainee):
    page = client.get("/" + Invitation.renew(trainee).link().split("/", 3)[3])

    assert "Who is responsible" not in read(page)
    assert "Who is responsible" not in read(client.get("/confidentiality/"))


def test_anybody_reads_who_answers_for_what_is_held(client, hub):
    assert f"Who is responsible {WHO}" in read(client.get("/confidentiality/"))


def test_admins_say_who_it_is(client, sign_in, admin, demo, hub):
    sign_in(client, admin)

    assert 'name="controller"' in client.get("/admin/hub/hub/1/change/").content.decode()
