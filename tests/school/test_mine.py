"""Everybody's own pages: where they stand, one tap to the next session, and nobody else in sight.

Tries views.mine and views.places, models.progress and models.glance.
"""

import re

import pytest
from django.utils import timezone

from hub.people.data_export import build_export
from school.completion import OutcomeState
from school.models import Completion, Enrolment, Outcome
from tests.school.makers import DAY, HOUR, a_course, a_person, a_session, enrol, people, say_done, states
from volunteers.models import Letter

MINE = "/school/mine/"


@pytest.fixture
def jules(trainee):
    return trainee


@pytest.fixture
def as_jules(client, sign_in, jules):
    sign_in(client, jules)
    return client


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode().partition('<div id="toasts"')[2].partition("</main>")[0])
    return " ".join(text.split())


@pytest.fixture
def ahead(course):
    return a_session(course, starts_at=timezone.now() + 7 * DAY, places=2, place="The back room")


def test_newcomer_sees_everything_that_is_to_do(as_jules, course):
    page = words(as_jules.get(MINE))

    assert "0 of 2" in page
    assert page.count("not yet") == 2
    assert page.count("Not on the calendar yet") == 2


def test_missing_piece_is_one_tap_away(as_jules, jules, ahead):
    page = as_jules.get(MINE).content.decode()
    assert f'action="/school/sessions/{ahead.pk}/place/"' in page

    answer = as_jules.post(f"/school/sessions/{ahead.pk}/place/")

    assert answer.headers["Location"] == f"/school/sessions/{ahead.pk}/"
    assert states(ahead) == {"Jules": "enrolled"}
    after = words(as_jules.get(MINE))
    assert "You have a place" in after
    assert "What you could do next" not in after


def test_session_with_room_comes_before_full_one(as_jules, course, ahead):
    full = a_session(course, starts_at=timezone.now() + DAY, places=1)
    enrol(full, a_person("Ash"))

    page = as_jules.get(MINE).content.decode()

    assert f"/school/sessions/{ahead.pk}/place/" in page
    assert f"/school/sessions/{full.pk}/place/" not in page


def test_waiting_shows_position_and_offer_is_one_tap(as_jules, jules, course):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY, places=1)
    ash, bo = people("Ash", "Bo")
    for person in (ash, bo, jules):
        Enrolment.objects.take_place(session, person, now=timezone.now())
    assert "1 person is before you" in words(as_jules.get(MINE))

    for person in (ash, bo):
        session.enrolments.get(person=person).withdraw(now=timezone.now())
    page = as_jules.get(MINE)
    assert "We hold it for you until" in words(page)

    as_jules.post(f"/school/sessions/{session.pk}/place/")
    assert states(session)["Jules"] == "enrolled"


def test_returned_place_goes_to_next_without_questions(as_jules, jules, ahead):
    ash, bo = people("Ash", "Bo")
    for person in (jules, ash, bo):
        Enrolment.objects.take_place(ahead, person, now=timezone.now())

    as_jules.post(f"/school/sessions/{ahead.pk}/leave/")
    as_jules.post(f"/school/sessions/{ahead.pk}/leave/")

    assert states(ahead) == {"Jules": "withdrawn", "Ash": "enrolled", "Bo": "offered"}


@pytest.mark.parametrize("path", ["", "place/"])
def test_session_place_is_shown_to_enrolled_only(as_jules, jules, ahead, path):
    enrol(ahead, a_person("Ash"))
    before = as_jules.get(ahead.get_absolute_url())
    assert "The back room" not in words(before)

    Enrolment.objects.take_place(ahead, jules, now=timezone.now())
    after = as_jules.get(ahead.get_absolute_url())

    assert "The back room" in words(after)
    assert "Ash" not in words(before) + words(after)


def test_hidden_session_is_not_found(as_jules, course):
    for about in ({"state": "planned"}, {"public": False}):
        session = a_session(course, starts_at=timezone.now() + DAY, **about)
        assert as_jules.get(session.get_absolute_url()).status_code == 404
        assert as_jules.post(f"{session.get_absolute_url()}place/").status_code == 404
    assert not Enrolment.objects.exists()


def test_tapping_too_late_is_answered_with_a_sentence(as_jules, course):
    begun = a_session(course, starts_at=timezone.now() - HOUR)

    answer = as_jules.post(f"{begun.get_absolute_url()}place/")

    assert answer.status_code == 409
    assert "has begun" in words(answer)


def test_certificate_is_for_its_person_only(client, sign_in, jules, trainer, course):
    session = a_session(course, starts_at=timezone.now() - HOUR)
    enrol(session, jules, "there")
    say_done(session, jules, trainer, now=timezone.now())
    completion = Completion.objects.get(course=course)
    sign_in(client, jules)

    sheet = client.get(f"/school/mine/{completion.pk}/certificate/")

    assert "Jules has done The School Naloxone De-escalation" in words(sheet)
    assert "You have completed it" in words(client.get(MINE))
    sign_in(client, trainer)
    assert client.get(f"/school/mine/{completion.pk}/certificate/").status_code == 404


def test_expiring_module_is_a_next_step(as_jules, jules, trainer, course, ahead):
    almost = timezone.localdate() - 710 * DAY
    for module in course.modules.all():
        Outcome.objects.record_elsewhere(
            jules, module, OutcomeState.DONE, note="Seen", on=almost, by=trainer, now=timezone.now()
        )

    page = words(as_jules.get(MINE))

    assert "What you could do next Naloxone" in page
    assert "; repeat it before then" in page


def test_letters_of_the_school_say_nothing(jules, ahead):
    jules.email = "jules@example.org"
    jules.save()
    Enrolment.objects.take_place(ahead, jules, now=timezone.now())

    assert Letter.objects.count() == 1


def test_what_is_held_is_told_in_full(jules, trainer, course, ahead):
    session = a_session(course, starts_at=timezone.now() - HOUR)
    enrol(session, jules, "there")
    say_done(session, jules, trainer, now=timezone.now())
    course.cohorts.create(name="Spring").members.add(jules)
    ahead.facilitators.add(jules)
    jules.proposals.create(title="Veins", about="An evening")

    (told,) = [dict(part.lines) for part in build_export(jules) if part.key == "school"]

    assert set(told) == {
        "A session",
        "Naloxone",
        "De-escalation",
        "Completed",
        "A group you are in",
        "A session you give",
        "A session you offered",
    }
    assert told["Naloxone"].startswith("done, ")
    assert told["A session"].endswith(": there")


@pytest.mark.parametrize("more", [1, 3])
def test_own_pages_take_constant_statements(as_jules, jules, course, more, django_assert_num_queries):
    now = timezone.now()
    for number in range(more):
        session = a_session(course, starts_at=now + (number + 1) * DAY, places=1, teaches=course.modules.all()[:1])
        enrol(session, jules)
        enrol(a_session(course, starts_at=now - (number + 1) * DAY), jules, "there")
        a_session(course, starts_at=now + 20 * DAY)
        a_session(course, starts_at=now + 9 * DAY).facilitators.add(jules)

    with django_assert_num_queries(11):
        as_jules.get(MINE)
    with django_assert_num_queries(8):
        as_jules.get(session.get_absolute_url())


def test_two_courses_stand_beside_each_other(as_jules, jules, trainer, course):
    other = a_course("Drawing blood", name="Another")
    Outcome.objects.record_elsewhere(
        jules,
        other.modules.get(),
        OutcomeState.DONE,
        note="Seen",
        on=timezone.localdate(),
        by=trainer,
        now=timezone.now(),
    )

    page = words(as_jules.get(MINE))

    assert "The School" in page
    assert "Another You have completed it" in page


def say_together(session, person):
    """Something was begun, and the register has gone since."""
    enrol(session, person, "there")
    say_done(session, person, person, state="together")
    person.enrolments.all().delete()


def test_new_course_lands_on_those_it_is_for(as_jules, jules, course):
    """By a place, a group or an outcome; everybody else has the course that opens the door."""
    other = a_course("Bookkeeping", name="Money", grants=None)
    assert [one.course for one in as_jules.get(MINE).context["progress"]] == [course]
    assert "Money" not in as_jules.get("/today/").content.decode()

    session = a_session(other, starts_at=timezone.now() + 7 * DAY)
    for join in (
        lambda: enrol(session, jules),
        lambda: other.cohorts.create(name="Spring").members.add(jules),
        lambda: say_together(session, jules),
    ):
        join()
        assert [one.course for one in as_jules.get(MINE).context["progress"]] == [other, course]
        assert "Money" in as_jules.get("/today/").content.decode()
        jules.enrolments.all().delete()
        jules.cohorts.clear()
