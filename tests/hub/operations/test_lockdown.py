"""Lockdown: one press, and nothing that was open a moment ago lets anybody in.

Here too: `hub/operations/lockdown_views.py`.
"""

import json
import uuid

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hub.models import DeskDevice, Feed, Opening, Visit
from hub.operations.invariants import find_broken
from school.models import JoinRequest
from supplies.models import Item
from tests.conftest import PASSWORD
from tests.look import Console, axe, scrolls_sideways, small_targets
from tests.supplies.makers import a_lot, an_item
from volunteers.models import Invitation, Letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

LOCKDOWN = "/people/lockdown/"


@pytest.fixture
def open_doors(sign_in, admin, coordinator, volunteer, trainee):
    """Somebody signed in, a paired tablet, a code, a feed, an invitation, a wish to join and a letter."""
    here = {"signed in": Client(), "device": Client()}
    sign_in(here["signed in"], volunteer)
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    here["device"].post(reverse("hub:device-pair"), {"code": DeskDevice.objects.invite(opening).code})
    here["code"] = DeskDevice.objects.invite(opening).code
    here["feed"] = Feed.objects.renew(volunteer)
    here["invitation"] = Invitation.renew(trainee, by=coordinator).link()
    mine = EmailAddress.objects.create(user=volunteer, email="ash@example.org")
    EmailConfirmation.objects.create(email_address=mine, key="k" * 40)
    JoinRequest.objects.create(sealed="x" * 40, mark="m", expires_at=timezone.now())
    Letter.post(to="ash@example.org", text="Your code is 123456.")
    return here


def get(client, name, *args):
    return client.get(reverse(name, args=args)).status_code


def nothing_is_open(here):
    assert (get(here["signed in"], "hub:today"), get(here["device"], "hub:desk")) == (302, 401)
    assert get(Client(), "hub:feed", here["feed"]) == 404
    assert Client().get("/" + here["invitation"].split("/", 3)[3]).status_code in (404, 410)
    assert Client().post(reverse("hub:device-pair"), {"code": here["code"]}).status_code == 422
    for gone in (DeskDevice, EmailConfirmation, Feed, Invitation, JoinRequest, Letter):
        assert not gone.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def test_everything_is_open_before(open_doors):
    assert get(open_doors["signed in"], "hub:today") == get(open_doors["device"], "hub:desk") == 200
    assert get(Client(), "hub:feed", open_doors["feed"]) == 200
    assert Client().get("/" + open_doors["invitation"].split("/", 3)[3]).status_code == 200


def test_lockdown_ends_every_access_and_own(open_doors, client, sign_in, admin):
    sign_in(client, admin)

    answer = client.post(LOCKDOWN, follow=True)

    assert answer.redirect_chain == [(reverse("account_login"), 302)]
    assert "Everybody is signed out" in answer.content.decode()
    assert get(client, "hub:today") == 302
    nothing_is_open(open_doors)


def test_command_does_the_same_and_again_is_harmless(open_doors, capsys):
    call_command("lockdown")
    call_command("lockdown")
    nothing_is_open(open_doors)
    assert "Everybody is signed out" in capsys.readouterr().out


def test_a_session_row_put_back_afterwards_opens_nothing(open_doors):
    session = open_doors["signed in"].session
    kept = {"session_key": session.session_key, **dict(session.items())}
    call_command("lockdown")
    store = type(session)(kept.pop("session_key"))
    store.update(kept)
    store.save(must_create=True)
    assert get(open_doors["signed in"], "hub:today") == 302


def test_everybody_signs_in_again_as_before(open_doors, volunteer):
    call_command("lockdown")
    client = Client()
    client.post(reverse("account_login"), {"login": "ash", "password": PASSWORD})
    assert get(client, "hub:today") == 200


def test_lockdown_keeps_visits_and_open_desk(open_doors):
    item = an_item("Spoon")
    a_lot(item, 5)
    opening = Opening.objects.current()
    entry = {"id": str(uuid.uuid4()), "opening": opening.pk, "people": 1, "items": {str(item.pk): 2}, "void": False}
    body = json.dumps({"visits": [entry]})
    sent = open_doors["device"].post(reverse("hub:desk-visits"), body, content_type="application/json")
    assert sent.status_code == 200

    call_command("lockdown")

    assert Visit.objects.count() == 1
    assert Opening.objects.current() == opening
    assert Item.objects.with_on_hand().get(pk=item.pk).on_hand == 3
    assert [*find_broken()] == []


def test_nobody_is_written_to(open_doors, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("lockdown")
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_looking_at_the_page_ends_nothing(open_doors, client, sign_in, admin):
    sign_in(client, admin)
    content = client.get(LOCKDOWN).content.decode()
    assert "You too." in content
    assert get(open_doors["signed in"], "hub:today") == 200


@pytest.mark.parametrize("role", ["coordinator", "trainer", "volunteer", "trainee"])
def test_only_admins_lock_down(role, request, client, sign_in, open_doors):
    sign_in(client, request.getfixturevalue(role))
    assert client.post(LOCKDOWN).status_code == 403
    assert client.get(reverse("volunteers:people")).status_code in (200, 403)
    assert Feed.objects.exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_admin_finds_it_and_presses_once(page_as, live_server, admin, console: Console):
    page = page_as(admin)
    page.goto(f"{live_server.url}/people/")
    page.get_by_role("link", name="end all access").click()
    page.wait_for_url("**/people/lockdown/")
    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="End all access now").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.get_by_text("Everybody is signed out").is_visible()
    assert console.quiet
