"""Feedback that belongs to nobody, and sessions people offer to give.

Tries models, forms and views of feedback and proposals.
"""

import re
import uuid

import pytest
import time_machine
from django.utils import timezone

from school.jobs import catch_up
from school.models import Feedback, Proposal
from school.models.feedback import MIN_ANSWERS
from tests.school.makers import DAY, HOUR, a_session, people
from tests.school.test_manage_pages import page_of
from tests.school.test_mine import words
from tests.volunteers.threads import at_once
from volunteers.models import Letter
from volunteers.shared.refusals import NotAllowed


@pytest.fixture
def tonight(course):
    return a_session(course, starts_at=timezone.now() - HOUR)


def address(session):
    return f"/school/feedback/{session.feedback_key}/"


def test_feedback_needs_no_account_and_keeps_nobody(client, tonight):
    assert client.get(address(tonight)).status_code == 200
    answer = client.post(address(tonight), {"useful": "4", "keep": "The food", "change": ""})

    assert answer.headers["Location"] == "/school/feedback/thanks/"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert set(Feedback.objects.values().get()) == {"id", "session_id", "useful", "keep", "change"}
    assert Feedback.objects.get().pk.version == 4


@pytest.mark.parametrize(
    "wrong", [{"useful": ""}, {"useful": "9"}, {"useful": "x"}, {"keep": "a\x00"}, {"keep": "a" * 601}]
)
def test_invalid_feedback_is_refused_beside_its_field(client, tonight, wrong):
    assert client.post(address(tonight), {"useful": "4"} | wrong).status_code == 422
    assert not Feedback.objects.exists()


def test_feedback_is_open_for_thirty_days(client, course):
    for starts, status in ((HOUR, 410), (-HOUR, 200), (-29 * DAY, 200), (-31 * DAY, 410)):
        session = a_session(course, starts_at=timezone.now() + starts)
        assert client.get(address(session)).status_code == status
    assert client.get(f"/school/feedback/{uuid.uuid4()}/").status_code == 404


def test_feedback_is_limited_from_one_address(client, tonight):
    for _ in range(60):
        client.post(address(tonight), {"useful": "4"})

    assert client.post(address(tonight), {"useful": "4", "keep": "Typed"}).status_code == 429
    assert Feedback.objects.count() == 60


def test_feedback_is_shown_from_eight_answers(client, sign_in, trainer, course):
    sign_in(client, trainer)
    over = a_session(course, starts_at=timezone.now() - 31 * DAY)
    for number in range(MIN_ANSWERS - 1):
        Feedback.objects.create(session=over, useful=4, keep=f"Words {number}")
    few = words(client.get(page_of(over, "feedback/")))
    assert "Words" not in few
    assert "7" not in few, "not even how many"

    Feedback.objects.create(session=over, useful=2, keep="Words 7")
    enough = client.get(page_of(over, "feedback/"))

    assert "8 answers, 3.8 of 4" in words(enough)
    shown = [answer.pk for answer in enough.context["answers"]]
    assert shown == sorted(shown)
    assert len(shown) == 8


def test_nobody_watches_feedback_arrive(client, sign_in, trainer, tonight):
    """An average that falls when somebody has just left says what they thought."""
    sign_in(client, trainer)
    pages = []
    for number in range(MIN_ANSWERS + 3):
        Feedback.objects.create(session=tonight, useful=1 + number % 4, keep=f"Words {number}")
        pages.append(words(client.get(page_of(tonight, "feedback/"))))
    assert {*pages} == {pages[0]}
    assert "Not yet" in pages[0]

    with time_machine.travel(tonight.feedback_ends_at + HOUR):
        sign_in(client, trainer)
        assert "11 answers" in words(client.get(page_of(tonight, "feedback/")))


def test_old_feedback_goes(course, tonight):
    old = a_session(course, starts_at=timezone.now() - 366 * DAY)
    for session in (old, tonight):
        Feedback.objects.create(session=session, useful=3)

    Feedback.objects.expired(timezone.now()).delete()

    assert list(Feedback.objects.values_list("session", flat=True)) == [tonight.pk]


@pytest.fixture
def graduate(course, trainee, coordinator):
    trainee.grant(course.grants, by=coordinator, reason="Founder")
    return trainee


def test_trainee_cannot_propose_a_session(client, sign_in, trainee, course):
    sign_in(client, trainee)

    answer = client.post("/school/proposals/", {"title": "Veins", "about": "An evening"})

    assert answer.status_code == 409
    assert "You can offer a session when you have done the School." in words(answer)


def test_offer_is_picked_up_and_becomes_a_session(client, sign_in, graduate, trainer, course):
    graduate.email = "jules@example.org"
    graduate.save()
    sign_in(client, graduate)
    for _ in range(2):
        client.post("/school/proposals/", {"title": "Veins", "about": "An evening"})
    (offer,) = Proposal.objects.all()
    assert "Waiting for an answer" in words(client.get("/school/proposals/"))

    sign_in(client, trainer)
    assert "offered by Jules" in words(client.get("/school/proposals/"))
    picked = client.post(f"/school/proposals/{offer.pk}/pick-up/")
    form = client.get(picked.headers["Location"])

    offer.refresh_from_db()
    assert (offer.state, offer.picked_up_by) == ("picked_up", trainer)
    assert Letter.objects.count() == 1
    assert 'value="Veins"' in form.content.decode()
    checked = form.context["form"].initial["gives"]
    assert set(checked) == {graduate.pk, trainer.pk}


def test_no_says_why(client, sign_in, graduate, trainer):
    offer = Proposal.objects.offer(graduate, title="Veins", about="An evening")
    sign_in(client, trainer)

    assert client.post(f"/school/proposals/{offer.pk}/not-now/", {"why": " "}).status_code == 409
    client.post(f"/school/proposals/{offer.pk}/not-now/", {"why": "After the summer"})
    assert client.post(f"/school/proposals/{offer.pk}/pick-up/").status_code == 409

    offer.refresh_from_db()
    assert (offer.state, offer.answer) == ("not_now", "After the summer")


def test_so_many_offers_at_once_are_enough(graduate):
    for number in range(5):
        Proposal.objects.offer(graduate, title=f"Veins {number}", about="An evening")

    with pytest.raises(NotAllowed, match=r"You have already offered several."):
        Proposal.objects.offer(graduate, title="One more", about="An evening")


@pytest.mark.django_db(transaction=True)
def test_two_who_pick_up_one_offer_at_once(course, trainer):
    (ash,) = people("Ash")
    offer = Proposal.objects.create(person=ash, title="Veins", about="An evening")
    (other,) = people("Bo")

    answers = at_once(lambda: offer.pick_up(by=trainer), lambda: Proposal.objects.get(pk=offer.pk).pick_up(by=other))

    assert sorted(isinstance(answer, NotAllowed) for answer in answers) == [False, True]


# --- Sessions with few answers each


def answers(session, *words):
    for number, said in enumerate(words):
        Feedback.objects.create(session=session, useful=1 + number % 4, keep=said)


def test_feedback_adds_up_over_small_sessions(client, sign_in, trainer, course):
    """Until eight answered, and no further; other topics, and a session that has enough, stay by themselves."""
    first, second, third, enough = (
        a_session(course, starts_at=timezone.now() - days * DAY) for days in (49, 47, 45, 43)
    )
    other = a_session(course, starts_at=timezone.now() - 46 * DAY, teaches=[course.modules.first()])
    still_asked = a_session(course, starts_at=timezone.now() - 48 * DAY)
    type(still_asked).objects.filter(pk=still_asked.pk).update(ends_at=timezone.now() - DAY)
    for session, number in ((first, 3), (other, 7), (enough, 8), (second, 4), (still_asked, 5)):
        answers(session, *(f"Of {session.pk}: {n}." for n in range(number)))
    sign_in(client, trainer)
    assert "Not enough to show" in words(client.get(page_of(first, "feedback/")))

    answers(third, f"Of {third.pk}: 0.")
    for kept in (False, True):
        for session in (first, second, third):
            page = words(client.get(page_of(session, "feedback/")))
            assert "8 answers" in page
            assert "From 3 sessions that taught the same" in page
            assert {int(n) for n in re.findall(r"Of (\d+):", page)} == {first.pk, second.pk, third.pk}
        assert "Not enough to show" in words(client.get(page_of(other, "feedback/")))
        assert f"Of {third.pk}" not in words(client.get(page_of(enough, "feedback/")))
        if not kept:
            Feedback.objects.keep_pools(timezone.now())


def test_pool_of_sessions_never_grows(client, sign_in, trainer, course):
    """What two pools do not share could be told apart: a later session begins another, also once the first has gone."""
    first, second, late = (a_session(course, starts_at=timezone.now() - days * DAY) for days in (49, 47, 45))
    answers(first, *(f"First {n}" for n in range(4)))
    answers(second, *(f"Second {n}" for n in range(4)))
    answers(late, *(f"Late {n}" for n in range(4)))
    sign_in(client, trainer)
    pages = [words(client.get(page_of(session, "feedback/"))) for session in (first, second, late)]
    catch_up(0)
    first.feedback.all().delete()
    pages += [words(client.get(page_of(session, "feedback/"))) for session in (second, late)]

    assert ["Late" in page for page in pages] == [False] * 5
    assert ["Not enough to show" in page for page in pages] == [False, False, True, True, True]
