"""The trainer's pages: planning, enrolling one and fifty, the curriculum, groups, and who may do what.

Tries views.manage, sessions, enrolling, curriculum, cohorts, before and progress with their forms, views.actions,
models.courses, models.session_modules and models.find_or_create_person.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from school.models import Cohort, Course, Enrolment, Material, Module, Outcome, Session
from tests.school.makers import DAY, HOUR, a_person, a_session, enrol, people, say_done, states, waiting_list
from tests.school.test_mine import words
from volunteers.models import Invitation, Letter, User

pytestmark = pytest.mark.usefixtures("evening")

MANAGE = "/school/manage/"


@pytest.fixture
def as_ida(client, sign_in, trainer):
    sign_in(client, trainer)
    return client


@pytest.fixture
def ahead(course):
    return a_session(course, starts_at=timezone.now() + 7 * DAY, places=2)


def page_of(session, more=""):
    return f"/school/manage/sessions/{session.pk}/{more}"


def form_for(course, **about):
    return {
        "teaches": [module.pk for module in course.modules.all()],
        "day": "2026-05-20",
        "begins": "18:00",
        "ends": "20:30",
        "places": "12",
        "hold_hours": "24",
        "public": "on",
        "place": "The back room",
        "step_free": "on",
    } | about


def test_session_is_planned_announced_changed_and_planned_again(as_ida, course, trainer):
    response = as_ida.post("/school/manage/sessions/add/", form_for(course, gives=[trainer.pk]))
    session = Session.objects.get()
    assert response.headers["Location"] == page_of(session)
    assert (session.state, session.places, session.step_free) == ("planned", 12, True)
    assert timezone.localtime(session.starts_at).isoformat() == "2026-05-20T18:00:00+01:00"
    assert list(session.facilitators.all()) == [trainer]

    as_ida.post(page_of(session, "announce/"))
    as_ida.post(page_of(session, "change/"), form_for(course, places="3", title="Evening"))
    session.refresh_from_db()
    assert (session.state, session.places, session.title, session.facilitators.count()) == (
        "announced",
        3,
        "Evening",
        0,
    )

    like = as_ida.get(f"/school/manage/sessions/add/?like={session.pk}").content.decode()
    assert 'value="27/05/2026"' in like
    assert 'value="Evening"' in like


def test_session_past_midnight_ends_the_next_day(as_ida, course):
    as_ida.post("/school/manage/sessions/add/", form_for(course, begins="22:00", ends="01:00"))

    session = Session.objects.get()
    assert session.ends_at - session.starts_at == 3 * HOUR


@pytest.mark.parametrize(
    "wrong",
    [
        {"teaches": []},
        {"teaches": ["99999999999999999999"]},
        {"day": "32 May"},
        {"day": "9999-01-01"},
        {"ends": "18:00"},
        {"places": "0"},
        {"places": "99999999999"},
        {"places": "-1"},
        {"hold_hours": "0"},
        {"link": "javascript:alert(1)"},
        {"title": "a\x00"},
        {"gives": ["x"]},
        {"cohort": "5"},
    ],
)
def test_invalid_session_is_refused_beside_its_field(as_ida, course, wrong):
    answer = as_ida.post("/school/manage/sessions/add/", form_for(course) | wrong)

    assert answer.status_code == 422
    assert "Something needs to be corrected" in words(answer)
    assert not Session.objects.exists()


def test_room_below_enrolled_is_refused_keeping_input(as_ida, course, ahead):
    for person in people("Ash", "Bo"):
        enrol(ahead, person)

    answer = as_ida.post(page_of(ahead, "change/"), form_for(course, places="1", title="Typed"))

    assert answer.status_code == 409
    assert "2 people have a place" in words(answer)
    assert 'value="Typed"' in answer.content.decode()
    ahead.refresh_from_db()
    assert (ahead.places, ahead.title) == (2, "")


def test_empty_or_cancelled_session_cannot_be_announced(as_ida, course):
    bare = a_session(course, starts_at=timezone.now() + DAY, state="planned", teaches=[])
    assert as_ida.post(page_of(bare, "announce/")).status_code == 409

    assert as_ida.post(page_of(bare, "call-off/"), {"because": ""}).status_code == 422
    as_ida.post(page_of(bare, "call-off/"), {"because": "The boiler"})
    assert "The boiler" in words(as_ida.get(page_of(bare)))
    assert as_ida.post(page_of(bare, "announce/")).status_code == 409
    assert as_ida.post(page_of(bare, "change/"), form_for(course)).status_code == 409


def test_calling_off_names_whom_no_mail_reaches(as_ida, ahead):
    enrol(ahead, a_person("Wren"))
    enrol(ahead, a_person("Sol", email="sol@example.org"))

    answer = as_ida.post(page_of(ahead, "call-off/"), {"because": "The boiler"}, follow=True)

    assert "We cannot reach these people by e-mail. Please tell them: Wren." in answer.content.decode()


def test_person_is_enrolled_by_name_or_email(as_ida, ahead):
    as_ida.post(page_of(ahead, "people/"), {"name": "Wren"})
    as_ida.post(page_of(ahead, "people/"), {"name": "Sol", "email": "sol@example.org"})
    as_ida.post(page_of(ahead, "people/"), {"name": "wren"})

    assert states(ahead) == {"Wren": "enrolled", "Sol": "enrolled"}
    assert Invitation.objects.get().email == "sol@example.org"
    assert not User.objects.get(chosen_name="Wren").role_names
    assert "Known here already" in words(as_ida.get(page_of(ahead)))
    assert Letter.objects.count() == 1


def test_name_of_two_people_is_not_guessed(as_ida, ahead):
    for number in range(2):
        User.objects.create_user(f"sam{number}", chosen_name="Sam")

    refused = as_ida.post(page_of(ahead, "people/"), {"name": "Sam"})
    assert refused.status_code == 409
    assert "We know more than one person called Sam" in words(refused)
    as_ida.post(page_of(ahead, "people/"), {"name": "@sam1"})
    as_ida.post(page_of(ahead, "people/"), {"name": "+Sam"})

    assert ahead.enrolments.order_by("line")[0].person.username == "sam1"
    assert User.objects.filter(chosen_name="Sam").count() == 3


def test_fifty_lines_with_five_bad_ones(as_ida, course, trainer):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY, places=40)
    lines = [f"Person {number}" for number in range(1, 46)]
    bad = ["Bad, not-an-email", ", x@example.org", "A" * 61, "Person 1", "@nobody-known"]
    lines[10:10] = bad

    answer = as_ida.post(page_of(session, "people/several/"), {"lines": "\n".join(lines)})
    assert answer.status_code == 302
    page = as_ida.get(answer.headers["Location"])

    text = words(page)
    assert "45 of 50 lines worked" in text
    for sentence in (
        "Line 11: Bad, not-an-email – That e-mail does not look right.",
        "Line 12: , x@example.org – This line has no name.",
        "That name is longer than sixty letters.",
        "This line is here twice.",
        "Nobody signs in with that name.",
    ):
        assert sentence in text
    assert page.context["form"].initial["lines"].splitlines() == bad
    assert session.enrolments.filter(state="enrolled").count() == 40
    assert session.enrolments.filter(state="waiting").count() == 5
    first_waiting = session.enrolments.filter(state="waiting").order_by("line").first()
    assert first_waiting.person.chosen_name == "Person 41", "in the order of the lines"
    again = as_ida.get(answer.headers["Location"])
    assert "lines worked" not in words(again), "loading it again does nothing"


def test_sending_the_same_lines_again_makes_nobody_twice(as_ida, ahead):
    for _ in range(2):
        as_ida.post(page_of(ahead, "people/several/"), {"lines": "Ash\nBo, bo@example.org"})

    assert states(ahead) == {"Ash": "enrolled", "Bo": "enrolled"}
    assert User.objects.filter(chosen_name__in=["Ash", "Bo"]).count() == 2


@pytest.mark.parametrize("verb", ["withdraw", "accept", "first"])
def test_places_are_looked_after_from_the_session(as_ida, ahead, verb):
    ash, bo, cam, dee = people("Ash", "Bo", "Cam", "Dee")
    for person in (ash, bo, cam, dee):
        Enrolment.objects.take_place(ahead, person, now=timezone.now())
    row = {person: ahead.enrolments.get(person=person) for person in (ash, cam, dee)}
    if verb == "withdraw":
        as_ida.post(page_of(ahead, f"people/{row[ash].pk}/withdraw/"))
        assert states(ahead) == {"Ash": "withdrawn", "Bo": "enrolled", "Cam": "offered", "Dee": "waiting"}
    elif verb == "accept":
        row[ash].withdraw(now=timezone.now())
        as_ida.post(page_of(ahead, f"people/{row[cam].pk}/accept/"))
        assert states(ahead)["Cam"] == "enrolled"
    else:
        nameless = as_ida.post(page_of(ahead, f"people/{row[dee].pk}/first/"), {"reason": "\x00"})
        assert nameless.status_code == 409
        as_ida.post(page_of(ahead, f"people/{row[dee].pk}/first/"), {"reason": "BSL that day"})
        assert [enrolment.person.chosen_name for enrolment in waiting_list(ahead)] == ["Dee", "Cam"]


def test_enrolment_of_other_session_is_not_found(as_ida, course, ahead):
    other = enrol(a_session(course, starts_at=timezone.now() + DAY), a_person("Ash"))

    assert as_ida.post(page_of(ahead, f"people/{other.pk}/withdraw/")).status_code == 404
    assert as_ida.post(page_of(ahead, f"register/{other.pk}/"), {"there": "yes"}).status_code == 404


def test_now_page_says_what_is_to_do(as_ida, course, trainer):
    now = timezone.now()
    a_session(course, starts_at=now - HOUR, title="Running")
    a_session(course, starts_at=now - DAY, title="Left open")
    closed = a_session(course, starts_at=now - 2 * DAY, title="Unsaid", register_closed_on=now.date())
    ash, bo = people("Ash", "Bo")
    enrol(closed, ash, "there")
    held = a_session(course, starts_at=now + DAY, title="Held", places=1)
    enrol(held, bo, "offered")

    page = words(as_ida.get(MANAGE))

    assert "Running Open the register" in page
    assert "Left open 0 people are not marked" in page
    assert "Unsaid 2 answers are missing" in page
    assert "Bo until" in page
    say_done(closed, ash, trainer, now=now)
    assert "unsaid" not in words(as_ida.get(MANAGE)).lower()


def test_curriculum_is_laid_out_and_changed(as_ida, db):
    assert "Begin with a School" in words(as_ida.get("/school/manage/curriculum/"))
    for _ in range(2):
        as_ida.post("/school/manage/curriculum/begin/")
    assert Module.objects.count() == 7
    course = Course.objects.get()

    as_ida.post(
        f"/school/manage/courses/{course.pk}/modules/add/", {"title": "Chems", "strand_name": "practical", "order": "5"}
    )
    as_ida.post(
        f"/school/manage/courses/{course.pk}/modules/add/",
        {"title": "Zines", "strand_name": "Culture", "order": "99", "refresh_months": "12"},
    )
    chems, zines = (Module.objects.get(title=title) for title in ("Chems", "Zines"))
    assert (chems.strand.name, zines.strand.name, zines.refresh_months, chems.slug) == (
        "Practical",
        "Culture",
        12,
        "chems",
    )
    assert not chems.required

    words_of_it = {
        "name": course.name,
        "says_done": "got it",
        "says_together": "again",
        "says_not_yet": "open",
        "nearly_left": "1",
        "stalled_weeks": "4",
    }
    as_ida.post(f"/school/manage/courses/{course.pk}/", words_of_it)
    course.refresh_from_db()
    assert (course.says_done, course.slug) == ("got it", "school")


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"title": "Naloxone"}, {"refresh_months": "0"}, {"strand_name": ""}, {"order": "70000"}]
)
def test_module_that_cannot_be_right_is_refused(as_ida, course, wrong):
    asked = {"title": "New", "strand_name": "Practical", "order": "5", "required": "on"} | wrong

    assert as_ida.post(f"/school/manage/courses/{course.pk}/modules/add/", asked).status_code == 422
    assert course.modules.count() == 2


def test_session_uses_materials_newest_on_its_day(as_ida, course):
    module = course.modules.get(slug="naloxone")
    for edition, since in (("first", "2020-01-01"), ("second", "2021-01-01"), ("third", "2100-01-01")):
        as_ida.post(
            f"/school/manage/modules/{module.pk}/materials/", {"title": "The card", "edition": edition, "since": since}
        )
    twice = as_ida.post(
        f"/school/manage/modules/{module.pk}/materials/",
        {"title": "The card", "edition": "first", "since": "2020-01-01"},
    )
    session = a_session(course, starts_at=timezone.now() + DAY)

    assert twice.status_code == 422
    assert [material.edition for material in session.list_materials()] == ["second"]
    assert "The card second" in words(as_ida.get(page_of(session)))
    as_ida.post(
        f"/school/manage/modules/{module.pk}/materials/{Material.objects.get(edition='second').pk}/", {"sure": "yes"}
    )
    assert [material.edition for material in session.list_materials()] == ["first"]


def test_cohort_enrols_people_in_its_sessions(as_ida, course):
    as_ida.post("/school/manage/cohorts/", {"name": "Spring", "course": course.pk})
    group = Cohort.objects.get()
    sessions = [
        a_session(course, starts_at=timezone.now() + days * DAY, places=1, cohort=group, public=False)
        for days in (1, 2)
    ]
    answer = as_ida.post(f"/school/manage/cohorts/{group.pk}/", {"lines": "Ash\nBo\n, no"})
    page = as_ida.get(answer.headers["Location"])

    assert "2 of 3 lines worked" in words(page)
    assert "Ash: on 2 sessions." in words(page)
    assert "Bo: on 0 sessions. Waiting for 2." in words(page)
    assert [states(session) for session in sessions] == [{"Ash": "enrolled", "Bo": "waiting"}] * 2
    ash = User.objects.get(chosen_name="Ash")
    as_ida.post(f"/school/manage/cohorts/{group.pk}/people/{ash.pk}/leave/")
    assert list(group.members.values_list("chosen_name", flat=True)) == ["Bo"]
    assert states(sessions[0])["Ash"] == "enrolled"


def test_founders_are_granted_in_bulk_with_a_reason(as_ida, course):
    ash = a_person("Ash")
    modules = [module.pk for module in course.modules.all()]
    asked = {"modules": modules, "on": "2026-01-10", "note": "Founding group", "lines": "Ash\nBo\nA, wrong"}

    answer = as_ida.post(f"/school/manage/courses/{course.pk}/before/", asked)
    page = words(as_ida.get(answer.headers["Location"]))

    assert "2 of 3 lines worked" in page
    assert "Ash now has" in page
    assert set(Outcome.objects.values_list("how", "note")) == {("before", "Founding group")}
    assert ash.holdings.count() == 2
    for wrong in ({"note": ""}, {"on": "2999-01-01"}, {"modules": []}, {"lines": ""}):
        assert as_ida.post(f"/school/manage/courses/{course.pk}/before/", asked | wrong).status_code == 422


def test_corrected_email_kills_the_first_link(as_ida, ahead):
    as_ida.post(page_of(ahead, "people/"), {"name": "Wren", "email": "wern@example.org"})
    wren = User.objects.get(chosen_name="Wren")
    first = Invitation.objects.get()

    assert as_ida.post(f"/school/manage/people/{wren.pk}/email/", {"email": "no"}).status_code == 422
    as_ida.post(f"/school/manage/people/{wren.pk}/email/", {"email": "wren@example.org"})

    now = Invitation.objects.get()
    assert (now.email, now.pk == first.pk) == ("wren@example.org", False)
    wren.set_password("a long password")
    wren.save()
    assert as_ida.post(f"/school/manage/people/{wren.pk}/email/", {"email": "x@example.org"}).status_code == 409


def test_trainer_sees_only_people_of_the_school(as_ida, volunteer):
    assert as_ida.get(f"/school/manage/people/{volunteer.pk}/").status_code == 404


def test_facilitator_manages_only_their_own_session(client, sign_in, trainee, course):
    mine, other = (a_session(course, starts_at=timezone.now() - HOUR) for _ in range(2))
    mine.facilitators.add(trainee)
    sign_in(client, trainee)

    assert [client.get(page_of(session, "register/")).status_code for session in (mine, other)] == [200, 404]
    assert client.post(page_of(mine, "register/walk-in/"), {"name": "Wren"}).status_code == 302
    assert client.get(page_of(mine)).status_code == 200
    assert client.get(page_of(mine, "change/")).status_code == 403
    assert client.get("/school/manage/progress/").status_code == 403
    assert "You give" in words(client.get("/school/mine/"))


def test_poster_has_squares_for_joining_and_for_feedback(as_ida, ahead):
    page = as_ida.get(page_of(ahead, "poster/")).content.decode()

    assert page.count("<svg") >= 2
    assert f"/school/join/?session={ahead.pk}" in page
    assert f"/school/feedback/{ahead.feedback_key}/" in page


def test_sessions_are_found_by_words_and_by_when(as_ida, course, ahead):
    old = a_session(course, starts_at=timezone.now() - DAY, title="Gone by")

    assert "Naloxone" in words(as_ida.get("/school/manage/sessions/"))
    assert "Gone by" in words(as_ida.get("/school/manage/sessions/", {"when": "over"}))
    assert "No session like that" in words(as_ida.get("/school/manage/sessions/", {"words": "zz"}))
    assert "1 session" in words(as_ida.get("/school/manage/sessions/", {"words": "naloxone"}))
    assert as_ida.get("/school/manage/sessions/", {"when": "x", "page": "99999999999999"}).status_code == 200
    assert old.pk


@pytest.mark.parametrize("rows", [1, 3])
def test_trainer_pages_take_constant_statements(as_ida, course, rows):
    now = timezone.now()
    group = Cohort.objects.create(name="Spring", course=course)
    for number in range(rows):
        ahead = a_session(course, starts_at=now + (number + 1) * DAY, cohort=group)
        a_session(course, starts_at=now - (number + 1) * DAY)
        closed = a_session(course, starts_at=now - (number + 9) * DAY, register_closed_on=now.date())
        for person in people(*[f"P{number}{row}" for row in range(rows)]):
            enrol(ahead, person)
            enrol(closed, person, "there")
            group.members.add(person)

    pages = {
        MANAGE: 10,
        "/school/manage/sessions/": 5,
        "/school/manage/curriculum/": 6,
        "/school/manage/cohorts/": 4,
        f"/school/manage/cohorts/{group.pk}/": 11,
        page_of(ahead): 9,
        page_of(ahead, "register/"): 6,
        page_of(closed, "outcomes/"): 6,
        f"/school/manage/people/{person.pk}/": 12,
        f"/school/manage/courses/{course.pk}/before/": 5,
    }
    spent = {}
    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            as_ida.get(page)
        spent[page] = len(asked)
    assert spent == pages


def test_session_is_planned_for_some_weeks(as_ida, course, trainer):
    """At the same hour by the clock, also over the night the clocks change; each by itself."""
    as_ida.post("/school/manage/sessions/add/", form_for(course, gives=[trainer.pk], day="2026-10-20", weeks="2"))
    sessions = list(Session.objects.order_by("starts_at"))

    assert [f"{timezone.localtime(one.starts_at):%d %b %H:%M}" for one in sessions] == [
        "20 Oct 18:00",
        "27 Oct 18:00",
        "03 Nov 18:00",
    ]
    assert [[*one.facilitators.all()] for one in sessions] == [[trainer]] * 3
    assert len({one.feedback_key for one in sessions}) == 3
    assert [one.modules.count() for one in sessions] == [2, 2, 2]
    assert as_ida.post("/school/manage/sessions/add/", form_for(course, weeks="13")).status_code == 422
    assert "every week" not in as_ida.get(page_of(sessions[0], "change/")).content.decode()


def test_held_place_says_why_no_letter_reaches(as_ida, ahead):
    """Without an e-mail; with one on the invitation only; with one, and no letters wanted."""
    bare, invited, silent, heard = people("Ash", "Bo", "Cam", "Dee")
    Invitation.renew(invited, email="bo@example.org")
    User.objects.filter(pk__in=[silent.pk, heard.pk]).update(email=None)
    silent.email, silent.silenced = "cam@example.org", ["school"]
    heard.email = "dee@example.org"
    silent.save()
    heard.save()
    Session.objects.filter(pk=ahead.pk).update(places=4)
    for person in (bare, invited, silent, heard):
        row = enrol(ahead, person, "offered")
        row.held_until = timezone.now() + DAY
        row.save()
    page = words(as_ida.get(page_of(ahead)))

    assert page.count("No e-mail: please tell them yourself.") == 1
    assert page.count("We cannot reach them by e-mail: please tell them yourself.") == 2
