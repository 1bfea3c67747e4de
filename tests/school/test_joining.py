"""Asking to join: the same answer for everybody, a link for two days, and then a place or the waiting list.

Tries models.join_requests, views.joining and views.front.
"""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.utils import timezone, translation

from school.forms.joining import SessionChoice
from school.models import Enrolment, JoinRequest, Session
from school.models.join_requests import JoinRequest as Request
from tests.school.makers import DAY, NOW, a_person, a_session, people, states
from tests.volunteers.threads import at_once
from volunteers.models import Invitation, Letter, User
from volunteers.models.invitations import LinkIsDead

JOIN = "/school/join/"
WREN = {"name": "Wren", "email": "wren@example.org"}


def test_dates_are_in_the_visitors_language(course):
    session = a_session(course, starts_at=dt.datetime(2026, 5, 22, 17, tzinfo=dt.UTC))
    with translation.override("pl"):
        assert SessionChoice(Session.objects.all()).label_from_instance(session).startswith("Piątek 22 Maj, 18:00 · ")


@pytest.fixture
def open_session(course):
    return a_session(course, starts_at=timezone.now() + 7 * DAY, places=1)


def link_in(letter_text):
    (link,) = re.findall(r"http\S+", letter_text)
    return urlsplit(link).path


def the_mail():
    Letter.objects.send_waiting()
    return mail.outbox[-1]


def ask(client, **about):
    return client.post(JOIN, WREN | about)


def test_newcomer_comes_in_by_neutral_link(client, open_session):
    assert client.get(JOIN, {"session": open_session.pk}).status_code == 200
    answer = ask(client, session=open_session.pk)
    assert answer.headers["Location"] == "/school/join/sent/"
    assert "Check your e-mail" in client.get(answer.headers["Location"]).content.decode()
    sent = the_mail()
    path = link_in(sent.body)
    assert sent.subject == "A message for you"
    assert "chool" not in sent.body
    assert "chool" not in path

    page = client.get(path).content.decode()
    assert 'value="Wren"' in page
    assert not User.objects.exists(), "looking uses nothing up"
    came = client.post(path, {"chosen_name": "Wren", "pronouns": "they/them"})

    wren = User.objects.get(chosen_name="Wren")
    assert came.headers["Location"] == "/school/mine/"
    assert (wren.email, wren.pronouns, wren.role_names, wren.has_usable_password()) == (
        "wren@example.org",
        "they/them",
        frozenset(),
        False,
    )
    assert wren.emailaddress_set.get().verified
    assert states(open_session) == {"Wren": "enrolled"}
    assert client.get("/school/mine/").status_code == 200
    assert client.get(path).status_code == 410


def test_full_session_puts_newcomer_on_waiting_list(client, open_session):
    Enrolment.objects.take_place(open_session, a_person("Ash"), now=timezone.now())
    ask(client, session=open_session.pk)

    shown = client.post(link_in(the_mail().body), {"chosen_name": "Wren"}, follow=True).content.decode()

    assert "on the waiting list" in shown
    assert states(open_session) == {"Ash": "enrolled", "Wren": "waiting"}


def test_vanished_session_still_lets_newcomer_in(client, open_session):
    ask(client, session=open_session.pk)
    path = link_in(the_mail().body)
    open_session.call_off("The boiler", now=timezone.now())

    shown = client.post(path, {"chosen_name": "Wren"}, follow=True).content.decode()

    assert "called off" in shown
    assert User.objects.filter(email="wren@example.org").exists()


@pytest.mark.parametrize("who", ["nobody", "somebody", "invited", "paused"])
def test_everybody_gets_the_same_answer(client, db, coordinator, who):
    if who == "somebody":
        a_person("Wren", email="wren@example.org")
    elif who == "invited":
        Invitation.objects.invite("Wren", by=coordinator, email="wren@example.org")
    elif who == "paused":
        a_person("Wren", email="wren@example.org", is_active=False)

    answer = ask(client)
    page = client.get(answer.headers["Location"]).content

    assert (answer.status_code, answer.headers["Location"]) == (302, "/school/join/sent/")
    assert b"We have sent you a link" in page
    assert re.findall(rb"\bwren\b", page.lower()) == []


def test_known_person_gets_no_second_record(client, sign_in, open_session):
    wren = a_person("Wren", email="wren@example.org")
    ask(client, session=open_session.pk, email="WREN@example.org")
    sent = the_mail()
    assert sent.to == ["wren@example.org"]
    assert not JoinRequest.objects.exists()

    sign_in(client, wren)
    assert client.get(link_in(sent.body)).headers["Location"] == open_session.get_absolute_url()


def test_somebody_invited_gets_their_invitation_again(client, coordinator):
    Invitation.objects.invite("Wren", by=coordinator, email="wren@example.org")
    ask(client)

    path = link_in(the_mail().body)

    assert path.startswith("/people/invitations/")
    assert client.get(path).status_code == 200
    assert Invitation.objects.count() == 1


def test_asking_again_makes_the_earlier_link_worthless(client, db):
    ask(client)
    first = link_in(the_mail().body)
    ask(client, name="Wren again")
    second = link_in(the_mail().body)

    assert JoinRequest.objects.count() == 1
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)


def test_link_works_for_two_days_and_no_longer(client, db):
    with time_machine.travel(NOW, tick=False):
        ask(client)
    path = link_in(the_mail().body)
    for after, status in ((48 * 3600, 200), (49 * 3600, 410)):
        with time_machine.travel(NOW + dt.timedelta(seconds=after), tick=False):
            assert client.get(path).status_code == status
    with time_machine.travel(NOW + 3 * DAY, tick=False):
        ask(client, email="other@example.org")
    assert JoinRequest.objects.count() == 1, "what ran out has gone"


def test_join_request_is_unreadable_in_database(client, db):
    ask(client)

    row = JoinRequest.objects.values().get()

    # As a word, or with what no sealed text has: four letters in a row are found by chance.
    assert re.findall(r"\bwren\b|wren@", str(row).lower()) == []
    assert (row["expires_at"].minute, row["expires_at"].second) == (0, 0)


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "9" * 300])
def test_made_up_links_are_dead(client, db, token):
    assert client.get(f"/c/{token}/").status_code == 410


def test_letters_to_one_mailbox_are_limited_silently(client, db):
    answers = [ask(client) for _ in range(5)]

    assert [answer.headers["Location"] for answer in answers] == ["/school/join/sent/"] * 5
    assert Letter.objects.count() == 3


def test_only_so_many_questions_from_one_address(client, db):
    for number in range(60):
        assert ask(client, email=f"p{number}@example.org").status_code == 302

    refused = ask(client, email="late@example.org")

    assert refused.status_code == 429
    assert "try again in an hour" in refused.content.decode()
    assert 'value="Wren"' in refused.content.decode(), "nothing typed is lost"


@pytest.mark.parametrize(
    "wrong",
    [{"email": "no"}, {"name": ""}, {"name": "a\x00"}, {"session": "99999999999999999999"}, {"session": "x"}],
)
def test_what_cannot_be_right_is_said_beside_it(client, open_session, wrong):
    answer = ask(client, **wrong)

    assert answer.status_code == 422
    assert "Something needs to be corrected" in answer.content.decode()
    assert not Letter.objects.exists()


def test_private_session_cannot_be_requested(client, course):
    hidden = a_session(course, starts_at=timezone.now() + DAY, public=False)

    assert ask(client, session=hidden.pk).status_code in {302, 422}
    assert not JoinRequest.objects.exclude(pk=None).filter(sealed="").exists()
    for request in JoinRequest.objects.all():
        assert request.details.session is None


@pytest.mark.django_db(transaction=True)
def test_link_used_twice_at_once_makes_one_person(client):
    ask(client)
    token = JoinRequest.objects.get().get_link().rstrip("/").rpartition("/")[2]

    answers = at_once(
        *[lambda: Request.confirm(token, chosen_name="Wren", pronouns="", now=timezone.now()) for _ in range(2)]
    )

    assert sorted(isinstance(answer, LinkIsDead) for answer in answers) == [False, True]
    assert User.objects.count() == 1


def test_public_page_has_no_names_and_no_places(client, open_session, trainer):
    open_session.facilitators.add(trainer)
    open_session.place = "The secret room"
    open_session.save()
    people("Ash")
    Enrolment.objects.take_place(open_session, User.objects.get(chosen_name="Ash"), now=timezone.now())

    page = client.get("/school/").content.decode()

    for hidden in ("Ida", "Ash", "secret room"):
        assert hidden not in page
    assert "Full: you can join the waiting list" in page


def test_public_date_sheet_names_no_place(client, open_session):
    Session.objects.update(place="The secret room")
    sheet = f"/school/sessions/{open_session.pk}/sheet/"
    page = client.get(sheet).content.decode()

    assert sheet in client.get("/school/").content.decode()
    assert [words in page for words in ("<svg", f"{JOIN}?session={open_session.pk}", "secret room")] == [
        True,
        True,
        False,
    ]
    for hidden in ({"public": False}, {"public": True, "state": "planned"}):
        Session.objects.update(**hidden)
        assert client.get(sheet).status_code == 404


@pytest.mark.parametrize("sessions", [1, 3])
def test_public_pages_cost_the_same_however_many_sessions(client, course, sessions, django_assert_num_queries):
    for days in range(sessions):
        a_session(course, starts_at=timezone.now() + (days + 1) * DAY)

    with django_assert_num_queries(5):
        client.get("/school/")
    with django_assert_num_queries(4):
        client.get(JOIN)
