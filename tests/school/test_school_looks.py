"""Every page of the School as people meet it: small and large, light and dark, by thumb and by screen reader."""

import pytest
from django.utils import timezone

from school.models import Cohort, Completion, Feedback
from tests.look import axe, scrolls_sideways, small_targets
from tests.school.makers import DAY, HOUR, a_session, enrol, people, say_done

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(course, trainer, trainee):
    now = timezone.now()
    ash, bo, cam = people("Ash", "Bo", "Cam")
    group = Cohort.objects.create(name="Spring", course=course)
    group.members.add(ash, bo, trainee)
    about = {"step_free": True, "bsl": True, "access_notes": "A break every half hour", "place": "The back room"}
    running = a_session(course, starts_at=now - HOUR, **about)
    full = a_session(course, starts_at=now + DAY, places=1, title="An evening about naloxone and the hour after it")
    ahead = a_session(course, starts_at=now + 3 * DAY, cohort=group, **about)
    planned = a_session(course, starts_at=now + 9 * DAY, state="planned")
    for person, state in ((ash, "there"), (bo, "not_there"), (cam, "enrolled"), (trainee, "there")):
        enrol(running, person, state)
    enrol(full, ash, "offered")
    enrol(full, trainee, "waiting")
    enrol(full, bo, "waiting")
    enrol(ahead, trainee)
    say_done(running, ash, trainer, now=now)
    say_done(running, trainee, trainer, now=now)
    for _ in range(8):
        Feedback.objects.create(session=running, useful=4, keep="The food", change="The chairs")
    running.facilitators.add(trainer)
    return {
        "running": running.pk,
        "full": full.pk,
        "ahead": ahead.pk,
        "planned": planned.pk,
        "key": running.feedback_key,
        "group": group.pk,
        "course": course.pk,
        "module": course.modules.first().pk,
        "person": ash.pk,
        "completion": Completion.objects.get(person=trainee, course=course).pk,
    }


ANYBODY = (
    "/school/",
    "/school/sessions/{ahead}/sheet/",
    "/school/join/",
    "/school/join/sent/",
    "/school/feedback/{key}/",
    "/c/unknown/",
)
TRAINEE = (
    "/school/mine/",
    "/school/mine/{completion}/certificate/",
    "/school/sessions/{full}/",
    "/school/sessions/{ahead}/",
    "/school/proposals/",
    "/today/",
)
TRAINER = (
    "/school/manage/",
    "/school/manage/curriculum/",
    "/school/manage/courses/{course}/",
    "/school/manage/courses/{course}/before/",
    "/school/manage/modules/{module}/",
    "/school/manage/sessions/",
    "/school/manage/sessions/add/",
    "/school/manage/sessions/{full}/",
    "/school/manage/sessions/{planned}/",
    "/school/manage/sessions/{ahead}/poster/",
    "/school/manage/sessions/{ahead}/people/several/",
    "/school/manage/sessions/{running}/register/",
    "/school/manage/sessions/{running}/outcomes/",
    "/school/manage/sessions/{running}/feedback/",
    "/school/manage/progress/",
    "/school/manage/people/{person}/",
    "/school/manage/cohorts/",
    "/school/manage/cohorts/{group}/",
    "/school/proposals/",
)


def _look(page, live_server, console, world, pages, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    for path in pages:
        page.goto(live_server.url + path.format(**world))
        assert axe(page) == [], path
        assert small_targets(page) == [], path
        assert not scrolls_sideways(page), path
        # A link that is dead says so with its status, which browsers note.
        noted = [message for message in console.messages if "410 (Gone)" not in message]
        assert (noted, console.elsewhere) == ([], []), path


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_public_pages_look_right(page, live_server, console, world, width, scheme):
    _look(page, live_server, console, world, ANYBODY, width, scheme)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_own_pages_look_right(page_as, live_server, console, world, trainee, width, scheme):
    _look(page_as(trainee), live_server, console, world, TRAINEE, width, scheme)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_trainers_pages_look_right(page_as, live_server, console, world, trainer, width, scheme):
    _look(page_as(trainer), live_server, console, world, TRAINER, width, scheme)


def test_grid_is_not_printed(page_as, live_server, world, trainer):
    page = page_as(trainer)
    page.goto(f"{live_server.url}/school/manage/progress/")
    page.emulate_media(media="print")

    assert not page.locator(".grid").is_visible()
    assert page.get_by_text("for the screen only").is_visible()


@pytest.mark.parametrize("how", ["no answer", "an error"])
def test_lost_mark_answer_loads_whole_page(page_as, live_server, world, trainer, how):
    """HTMX shows nothing of either, and whoever tapped would not know. The second way is the one without scripts."""
    page = page_as(trainer)
    page.goto(f"{live_server.url}/school/manage/sessions/{world['running']}/register/")
    before = page.locator(".register-row.there").count()
    asked = []

    def is_away(route):
        asked.append(route.request.headers.get("hx-request", "a page"))
        if asked[-1] == "a page":
            route.continue_()
        elif how == "no answer":
            route.abort()
        else:
            route.fulfill(status=503, body="We cannot reach our database")

    page.route("**/register/*/", is_away)
    page.get_by_role("button", name="Here Cam", exact=True).click()

    page.wait_for_url("**/register/#row-*")
    assert asked == ["true", "a page"]
    assert page.locator(".register-row.there").count() == before + 1

    # Whoever is on the way to another page is not held up.
    page.evaluate("dispatchEvent(new Event('beforeunload'))")
    page.get_by_role("button", name="Here Bo", exact=True).click()
    page.locator("form[aria-busy]").wait_for(state="detached")
    assert asked == ["true", "a page", "true"]
