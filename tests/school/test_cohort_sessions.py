"""A session put in a group after the fact, and who came as a picture.

Tries models.cohort_sessions, views.cohorts and views.attendance.
"""

import re
import threading

import pytest
from django.db import connection
from django.utils import timezone

from school.models import Cohort, Register, Session
from school.models.cohort_sessions import attach_session
from school.person_lines import read_lines
from tests.school.makers import DAY, a_person, a_session, enrol, states
from tests.school.test_manage_pages import form_for, page_of
from tests.school.test_mine import words
from volunteers.models import Letter

pytestmark = pytest.mark.usefixtures("evening")


@pytest.fixture
def as_ida(client, sign_in, trainer):
    sign_in(client, trainer)
    return client


@pytest.fixture
def group(course):
    group = Cohort.objects.create(name="Spring", course=course)
    group.members.add(a_person("Ash", email="ash@example.org"))
    group.members.add(a_person("Bo"))
    group.members.add(a_person("Cam"))
    return group


def group_page(group, more=""):
    return f"/school/manage/cohorts/{group.pk}/{more}"


def put_in(client, group, session, **extra):
    return client.post(group_page(group, "sessions/"), {"session": session.pk}, **extra)


def test_session_attached_later_enrols_the_group(as_ida, course, group):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY, places=2)

    page = words(put_in(as_ida, group, session, follow=True))

    assert states(session) == {"Ash": "enrolled", "Bo": "enrolled", "Cam": "waiting"}
    assert "2 people of the group have a place. 1 waits." in page
    assert Letter.objects.count() == 1
    put_in(as_ida, group, session)
    assert Letter.objects.count() == 1


def test_attaching_leaves_answers_and_paused_accounts(as_ida, course, group):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY)
    ash, bo, _cam = group.members.order_by("chosen_name")
    enrol(session, ash, "withdrawn")
    bo.is_active = False
    bo.save()

    put_in(as_ida, group, session)

    assert states(session) == {"Ash": "withdrawn", "Cam": "enrolled"}


def test_past_session_attached_later_enrols_nobody(as_ida, course, group):
    session = a_session(course, starts_at=timezone.now() - 7 * DAY, register_closed_on=timezone.localdate())

    put_in(as_ida, group, session)

    session.refresh_from_db()
    assert (session.cohort, states(session)) == (group, {})


@pytest.mark.parametrize("how", ["changing", "announcing"])
def test_every_way_into_a_group_enrols_it(as_ida, course, group, how):
    now = timezone.now()
    if how == "changing":
        session = a_session(course, starts_at=now + 7 * DAY)
        as_ida.post(page_of(session, "change/"), form_for(course, cohort=group.pk))
    else:
        session = a_session(course, starts_at=now + 7 * DAY, state="planned", cohort=group)
        answer = as_ida.post(page_of(session, "announce/"), follow=True)
        assert "3 people of the group have a place." in words(answer)

    assert states(session) == dict.fromkeys(("Ash", "Bo", "Cam"), "enrolled")


def test_changing_without_a_new_group_enrols_nobody(as_ida, course, group):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY, cohort=group)

    as_ida.post(page_of(session, "change/"), form_for(course, cohort=group.pk))

    assert states(session) == {}


def test_session_of_another_group_is_refused(as_ida, course, group):
    other = Cohort.objects.create(name="Summer", course=course)
    session = a_session(course, starts_at=timezone.now() + 7 * DAY, cohort=other)
    off = a_session(course, starts_at=timezone.now() + 8 * DAY)
    off.call_off("The boiler", now=timezone.now())

    refused = put_in(as_ida, group, session)

    assert refused.status_code == 409
    assert "It is in “Summer” already. Take it out there first." in words(refused)
    assert put_in(as_ida, group, off).status_code == 409
    assert as_ida.post(group_page(group, "sessions/"), {"session": "x"}).status_code == 422
    assert not states(session)


def test_session_leaves_the_group_with_its_places(as_ida, course, group):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY)
    put_in(as_ida, group, session)

    as_ida.post(group_page(group, f"sessions/{session.pk}/out/"))

    session.refresh_from_db()
    assert (session.cohort, len(states(session))) == (None, 3)
    again = as_ida.post(group_page(group, f"sessions/{session.pk}/out/"), follow=True)
    assert "It was not in this group." in words(again)


def test_only_sessions_without_a_group_are_offered(as_ida, course, group):
    now = timezone.now()
    a_session(course, starts_at=now + DAY, title="Free one")
    a_session(course, starts_at=now + DAY, title="Taken one", cohort=group)
    a_session(course, starts_at=now - 300 * DAY, title="Old one")
    a_session(course, starts_at=now + DAY, title="Of nothing", teaches=[])

    offered = re.findall(r"<option[^>]*>([^<]*)</option>", as_ida.get(group_page(group)).content.decode())

    assert offered == ["Choose", "Thu 14 May 2026, 19:00 · Free one"]


def test_attendance_counts_kept_and_settled_registers(as_ida, course, group):
    now = timezone.now()
    ash, bo, cam = group.members.order_by("chosen_name")
    for days, there, absent in ((40, [ash, bo], [cam]), (3, [ash], [bo])):
        session = a_session(course, starts_at=now - days * DAY, cohort=group, register_closed_on=now.date())
        for state, those in (("there", there), ("not_there", absent)):
            for person in those:
                enrol(session, person, state)
        if days == 40:
            Register(session).settle(now=now)
    a_session(course, starts_at=now - DAY, cohort=group)

    page, every = words(as_ida.get(group_page(group))), words(as_ida.get("/school/manage/cohorts/"))

    assert "3 of 5 places people had were used." in page
    assert page.count("2 of 3") == page.count("1 of 2") == 1
    assert "3 Apr 2026 · Naloxone, De-escalation 2 1 3" in page
    assert "10 May 2026 · Naloxone, De-escalation 1 1 2" in page
    assert "Spring 3 2 5" in every


def test_attendance_is_empty_before_any_register(as_ida, group):
    assert "When the register of one of their sessions is closed" in words(as_ida.get(group_page(group)))
    assert "Who came" not in words(as_ida.get("/school/manage/cohorts/"))


@pytest.mark.django_db(transaction=True)
def test_member_and_session_come_to_a_group_together(course, group):
    """Whichever is first, the new person has a place on the new session."""
    session = a_session(course, starts_at=timezone.now() + 7 * DAY)
    now = timezone.now()
    started = threading.Barrier(2)

    def attach():
        started.wait()
        attach_session(group, Session.objects.get(pk=session.pk), now=now)
        connection.close()

    def add():
        started.wait()
        (line,) = read_lines("Dee")
        group.add_member(line, now=now)
        connection.close()

    threads = [threading.Thread(target=attach), threading.Thread(target=add)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states(session) == dict.fromkeys(("Ash", "Bo", "Cam", "Dee"), "enrolled")
