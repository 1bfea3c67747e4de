"""A trainer's course in a real browser, from an older curriculum to the first shift; and what it takes in taps."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from hub.core.periods import months_on, opening_month
from school.models import Course, Enrolment, Session
from tests.hub.reports.numbers_world import a_month
from tests.journeys.taps import taps
from tests.school.makers import DAY, HOUR, a_course, a_person, a_session, enrol, people, states
from tests.volunteers.rota_world import a_shift
from volunteers.models import Letter, Signup, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo")]


@pytest.fixture
def come_as(browser, live_server, sign_in):
    """A browser of somebody's own, or of nobody's; each stays as it is beside the others."""
    contexts = []

    def come(person=None, path="/today/"):
        context = browser.new_context(
            locale="en-GB",
            timezone_id="Europe/London",
            viewport={"width": 390, "height": 844},
            reduced_motion="reduce",
        )
        contexts.append(context)
        if person:
            client = Client()
            sign_in(client, person)
            context.add_cookies(
                [{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()]
            )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield come
    for context in contexts:
        context.close()


def letter_to(address):
    """The path in the last letter to somebody."""
    Letter.objects.send_waiting()
    bodies = [message.body for message in mail.outbox if message.to == [address]]
    (link,) = re.findall(r"http\S+", bodies[-1])
    return urlsplit(link).path


def copy_the_course(page):
    page.get_by_role("navigation", name="Main").get_by_role("link", name="School").click()
    page.get_by_role("link", name="Curriculum").click()
    page.get_by_role("link", name="Copy it The School").click()
    page.get_by_label("Name", exact=True).fill("Winter School")
    page.get_by_label("The older course is no longer taught").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Winter School” is here, with its modules.")).to_be_visible()


def make_the_group(page):
    page.get_by_role("link", name="Groups").click()
    page.get_by_label("Name", exact=True).fill("Winter group")
    page.get_by_label("Course").select_option(label="Winter School")
    page.get_by_role("button", name="Make it").click()
    page.get_by_label("One person on each line").fill("Wren, wren@example.org\nBo\nCam")
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_text("3 of 3 lines worked")).to_be_visible()


def plan_two_weeks(page, day):
    """The first is announced, and then another."""
    page.get_by_role("link", name="Groups").click()
    page.get_by_role("link", name="Sessions").click()
    page.get_by_role("link", name="Plan a session").click()
    for topic in ("Naloxone", "De-escalation"):
        page.get_by_label(topic, exact=True).check()
    page.get_by_role("textbox", name="Day").fill(f"{day:%d/%m/%Y}")
    page.get_by_label("Begins").fill("18:00")
    page.get_by_label("Ends").fill("20:00")
    page.get_by_label("Room for").fill("2")
    page.get_by_label("Group").select_option(label="Winter group")
    page.get_by_label("How many more, every week").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 sessions planned.")).to_be_visible()
    page.get_by_role("button", name="Announce it").click()
    expect(page.get_by_text("2 people of the group have a place. 1 waits.")).to_be_visible()


def test_course_goes_to_the_first_shift(come_as, live_server, trainer, coordinator):
    a_course()
    trainers, day = come_as(trainer), timezone.localdate() + 7 * DAY
    copy_the_course(trainers)
    make_the_group(trainers)
    plan_two_weeks(trainers, day)
    first, second = Session.objects.order_by("starts_at")
    assert second.starts_at.date() - first.starts_at.date() == 7 * DAY
    assert states(first) == {"Wren": "enrolled", "Bo": "enrolled", "Cam": "waiting"}

    # Wren comes in by the invitation. Bo cannot come, and the list moves by itself: nobody taps anything.
    wrens = come_as(path=letter_to("wren@example.org"))
    wrens.get_by_role("button", name="Come in").click()
    wren = User.objects.get(chosen_name="Wren")
    wrens.goto(f"{live_server.url}/today/")
    expect(wrens.get_by_text("Naloxone, De-escalation").first).to_be_visible()
    Enrolment.objects.get(session=first, person__chosen_name="Bo").withdraw(now=timezone.now())
    assert states(first)["Cam"] == "offered"
    trainers.reload()
    trainers.get_by_role("button", name="They said yes Cam").click()
    assert states(first)["Cam"] == "enrolled"

    # The evening, in a full room, and one more comes.
    Session.objects.filter(pk=first.pk).update(starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
    trainers.get_by_role("link", name="Register").click()
    trainers.get_by_label("Somebody else is here").fill("Dee")
    trainers.get_by_role("button", name="A chair is free").click()
    expect(trainers.get_by_text("Dee is here.")).to_be_visible()
    trainers.get_by_role("button", name="Everybody is here").click()
    trainers.get_by_role("button", name="Close the register").click()
    for topic in ("Naloxone", "De-escalation"):
        trainers.get_by_role("button", name=f"{topic}: done for everybody left").click()
    expect(trainers.get_by_text("Wren has completed “Winter School”.")).to_be_visible()
    assert states(first) == {"Wren": "there", "Bo": "withdrawn", "Cam": "there", "Dee": "there"}

    # Wren says how it was, where nobody knows who writes; and takes the certificate.
    wrens.goto(live_server.url + first.get_absolute_url())
    wrens.get_by_role("link", name="Say how it was").click()
    wrens.get_by_role("radio").last.check(force=True)
    wrens.get_by_role("button", name="Send").click()
    expect(wrens.get_by_role("heading", level=1)).to_contain_text("Thank")
    wrens.goto(f"{live_server.url}/school/mine/")
    wrens.get_by_role("link", name=re.compile("[Ss]heet")).first.click()
    expect(wrens.get_by_role("heading", level=1)).to_have_text("Wren")

    # A coordinator opens the door with one tap, and Wren is told what comes next.
    a_shift(timezone.now() + 20 * DAY)
    coordinators = taps(come_as(coordinator))
    coordinators.tap(coordinators.page.get_by_role("button", name="Make them a volunteer Wren"))
    assert coordinators.number == 1
    assert "volunteer" in wren.groups.values_list("name", flat=True)
    wrens.goto(f"{live_server.url}/today/")
    wrens.get_by_role("link", name="Take your first shift").click()
    wrens.get_by_role("button", name=re.compile("Take it")).click()
    expect(wrens.get_by_text("You are on. Thank you!").first).to_be_visible()
    assert Course.objects.taught().get().name == "Winter School"
    assert Signup.objects.live().get().person == wren


@pytest.mark.parametrize("gives", [True, False])
def test_register_of_twelve_takes_three_taps(come_as, trainer, gives):
    """From Today, in a room that is full: for a trainer who gives it, and for any other."""
    session = a_session(a_course(), starts_at=timezone.now() - HOUR, places=12)
    for person in people(*[f"Person {number}" for number in range(12)]):
        enrol(session, person)
    if gives:
        session.facilitators.add(trainer)

    counted = taps(come_as(trainer))
    if gives:
        counted.tap(counted.page.get_by_role("main").get_by_role("link", name=session.name))
    else:
        menu = counted.page.get_by_role("navigation", name="Main")
        counted.tap(menu.get_by_role("link", name="School"))
        counted.tap(counted.page.get_by_role("link", name="Open the register"))
    counted.tap(counted.page.get_by_role("button", name="Mark the others as here, and close"))

    expect(counted.page.get_by_role("heading", name="How it went")).to_be_visible()
    assert counted.number <= (2 if gives else 3)
    assert set(states(session).values()) == {"there"}


def test_waiting_list_takes_no_tap(come_as, trainer):
    """Somebody gives a place back on their own phone; the next has it before the trainer looks."""
    session = a_session(a_course(), starts_at=timezone.now() + 7 * DAY, places=1)
    ash, bo = a_person("Ash"), a_person("Bo")
    enrol(session, ash)
    enrol(session, bo, "waiting")

    phone = come_as(ash, session.get_absolute_url())
    phone.get_by_role("button", name="I can’t come").click()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()

    counted = taps(come_as(trainer, f"/school/manage/sessions/{session.pk}/"))
    expect(counted.page.get_by_text("Place held")).to_be_visible()
    assert counted.number == 0
    assert states(session) == {"Ash": "withdrawn", "Bo": "offered"}


def test_report_of_last_month_takes_two_taps(come_as, coordinator):
    last = months_on(opening_month(), -1)
    a_month(last, visits=40, people=50)

    counted = taps(come_as(coordinator))
    menu = counted.page.get_by_role("navigation", name="Main")
    counted.tap(menu.get_by_role("link", name="Reports"))
    counted.tap(counted.page.get_by_role("main").get_by_role("link", name=f"{last:%B %Y}", exact=True))

    expect(counted.page.get_by_role("heading", level=1)).to_have_text(f"{last:%B %Y}")
    expect(counted.page.get_by_role("rowheader", name="Visits", exact=True)).to_be_visible()
    assert counted.number <= 2
