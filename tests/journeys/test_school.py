"""Through the School in a real browser: from a stranger's wish to the first shift, and two people on one register."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from school.models import Enrolment, Session
from tests.conftest import PASSWORD, PHONE
from tests.look import axe
from tests.school.makers import DAY, HOUR, a_course, a_person, a_session, enrol, people, states
from tests.volunteers.rota_world import a_shift
from volunteers.models import Letter, Signup, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course(db):
    return a_course()


def _sign_in(page, live_server, person):
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("input[name=login]").fill(person.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def _path_in_the_last_letter():
    Letter.objects.send_waiting()
    (link,) = re.findall(r"http\S+", mail.outbox[-1].body)
    return urlsplit(link).path


def test_from_a_strangers_wish_to_the_first_shift(browser, page, live_server, course, trainer, console):
    session = a_session(course, starts_at=timezone.now() + 7 * DAY, places=1, public=True)
    taken = enrol(session, a_person("Ash"))
    shift = a_shift(timezone.now() + 20 * DAY)

    # A stranger asks to come, and the session is full.
    page.goto(f"{live_server.url}/school/")
    page.get_by_role("link", name="I’d like to come Naloxone, De-escalation").click()
    page.get_by_label("What should we call you?").fill("Wren")
    page.get_by_label("Your e-mail").fill("wren@example.org")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    page.goto(live_server.url + _path_in_the_last_letter())
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_text("You are on the waiting list")).to_be_visible()
    expect(page.get_by_text("You are next.")).to_be_visible()

    # A place frees, and is theirs with one tap.
    taken.withdraw(now=timezone.now())
    page.goto(live_server.url + _path_in_the_last_letter())
    page.get_by_role("button", name="Yes, I’ll come").click()
    expect(page.get_by_text("You have a place", exact=True).first).to_be_visible()
    assert axe(page) == []

    # The evening comes. The trainer finds the register, marks them, and says how it went.
    Session.objects.filter(pk=session.pk).update(starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
    room = browser.new_page(viewport=PHONE)
    _sign_in(room, live_server, trainer)
    room.get_by_role("navigation", name="Main").get_by_role("link", name="School").click()
    room.get_by_role("link", name="Open the register").click()
    room.get_by_role("button", name="Here Wren", exact=True).click()
    expect(room.locator("#count")).to_contain_text("1 person here")
    room.get_by_role("button", name="Close the register").click()
    for topic in ("Naloxone", "De-escalation"):
        room.get_by_role("button", name=f"{topic}: done for everybody left").click()
    expect(room.get_by_text("Wren has completed “The School”.")).to_be_visible()
    room.close()

    # The same minute the rota is theirs.
    wren = User.objects.get(chosen_name="Wren")
    assert wren.holds("school-done", timezone.localdate())
    page.goto(f"{live_server.url}/school/mine/")
    expect(page.get_by_text("You have completed it")).to_be_visible()
    page.goto(live_server.url + shift.get_absolute_url())
    page.get_by_role("button", name=re.compile("Take")).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert Signup.objects.live().get().person == wren
    assert console.quiet, (console.messages, console.elsewhere)


def test_two_facilitators_on_one_register(browser, live_server, course, trainer, trainee, page_as):
    session = a_session(course, starts_at=timezone.now() - HOUR, places=6)
    session.facilitators.add(trainee)
    rows = {person.chosen_name: enrol(session, person) for person in people("Ash", "Bo", "Cam", "Dee")}
    address = f"{live_server.url}/school/manage/sessions/{session.pk}/register/"
    ida, jules = page_as(trainer), browser.new_page(viewport=PHONE)
    _sign_in(jules, live_server, trainee)
    ida.goto(address)
    jules.goto(address)

    ida.get_by_role("button", name="Here Ash", exact=True).click()
    expect(ida.locator("#count")).to_contain_text("1 person here")
    jules.get_by_role("button", name="Not here Bo").click()
    # What the other has marked is there as well.
    expect(jules.locator("#count")).to_contain_text("1 person here")
    expect(jules.locator(f"#row-{rows['Ash'].pk}")).to_have_class(re.compile("there"))

    # Both tap the same person, each knowing nothing of the other: the second is told, and nothing is lost.
    rows["Cam"].mark(False, now=timezone.now())
    ida.get_by_role("button", name="Here Cam", exact=True).click()
    expect(ida.get_by_text("Somebody else marked this: not there")).to_be_visible()
    assert states(session)["Cam"] == "not_there"

    jules.get_by_label("Somebody else is here").fill("Eli")
    jules.get_by_role("button", name="They are here").click()
    expect(jules.locator("#count")).to_contain_text("2 people here")
    jules.get_by_role("button", name="Here Dee", exact=True).click()
    expect(jules.locator("#count")).to_contain_text("3 people here")
    jules.get_by_role("button", name="Close the register").click()
    expect(jules.get_by_role("heading", name="How it went")).to_be_visible()
    assert states(session) == {
        "Ash": "there",
        "Bo": "not_there",
        "Cam": "not_there",
        "Dee": "there",
        "Eli": "there",
    }
    jules.close()


def test_register_without_scripts(browser, live_server, course, trainer):
    session = a_session(course, starts_at=timezone.now() - HOUR)
    enrol(session, a_person("Ash"))
    page = browser.new_page(java_script_enabled=False, viewport=PHONE)
    _sign_in(page, live_server, trainer)
    page.goto(f"{live_server.url}/school/manage/sessions/{session.pk}/register/")

    page.get_by_role("button", name="Here Ash", exact=True).click()
    expect(page.locator("#count")).to_contain_text("1 person here")
    page.get_by_label("Somebody else is here").fill("Wren")
    page.get_by_role("button", name="They are here").click()
    page.get_by_role("button", name="Close the register").click()

    expect(page.get_by_role("heading", name="How it went")).to_be_visible()
    assert Enrolment.objects.filter(state="there").count() == 2
    page.close()
