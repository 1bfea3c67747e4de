"""What needs somebody (today_lines.py of every app): on Today while it does, one tap from its page, gone when done."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from hub.core.hub import Hub
from hub.models import EmergencyCard, Idea, Opening, Pathway, PathwayKind
from school.models import Proposal
from supplies.models import CompletedMonth, Item, Order, Store
from tests.school.makers import a_course, a_session, enrol, say_done
from tests.supplies.makers import a_lot, an_item
from tests.volunteers.rota_world import NOW, a_shift, at, grant, post_of, somebody
from volunteers.models import Letter
from volunteers.shared.registries import today_lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
FRIDAY = at("2026-11-27")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def lines(admin):
    """The titles of what needs somebody, and of what is to set up, for an admin."""

    def read(person=admin):
        needs, to_set_up = today_lines.list_lines(type(person).objects.get(pk=person.pk), NOW)
        return [line.title for line in needs], [line.title for line in to_set_up]

    return read


def gap(_admin):
    post = post_of(a_shift(FRIDAY))
    return lambda: [post.put_on(one) for one in (somebody("Bo", "shift-lead", "naloxone-trained"), somebody("Cam"))]


def draft(_admin):
    shift = a_shift(FRIDAY, state="draft", drop_in=False, posts=())
    return lambda: type(shift).objects.filter(pk=shift.pk).update(state="published")


def finished(admin):
    wren = somebody("Wren", roles=())
    return lambda: wren.give_roles(["volunteer"], by=admin)


def letter(_admin):
    with time_machine.travel(NOW - 2 * DAY, tick=False):
        Letter.post(to="ash@example.org", text="Your code is 123456.")
    return lambda: Letter.objects.all().delete()


def order(_admin):
    made = Order.objects.start({an_item("Foil"): 2}, key=uuid.uuid4())
    return made.place


def expiring(_admin):
    lot = a_lot(an_item("Swab"), on_hand=3, store=Store.objects.main(), number="A1", expires_on=NOW.date() + 20 * DAY)
    return lambda: type(lot).objects.filter(pk=lot.pk).update(expires_on=NOW.date() + 300 * DAY)


def register(_admin):
    session = a_session(a_course(), starts_at=NOW - 2 * DAY)
    return lambda: type(session).objects.filter(pk=session.pk).update(register_closed_on=NOW.date())


def outcome(admin):
    session = a_session(a_course("Breathing", name="First aid"), starts_at=NOW - 2 * DAY)
    jay = somebody("Jay", school=False)
    enrol(session, jay, "there")
    type(session).objects.filter(pk=session.pk).update(register_closed_on=NOW.date())
    return lambda: say_done(session, jay, admin)


def proposal(admin):
    made = Proposal.objects.offer(admin, title="Wounds", about="How to look after them.")
    return lambda: made.not_now("Next year.")


def month(_admin):
    Opening.objects.create(
        date=dt.date(2026, 10, 6), kind=Opening.Kind.UNPLANNED, state=Opening.State.NOT_RECORDED, place=""
    )
    return lambda: CompletedMonth.objects.create(month=dt.date(2026, 10, 1))


def idea(_admin):
    Idea.objects.submit("Longer hours", id=uuid.uuid4())
    return lambda: Idea.objects.all().delete()


def service(_admin):
    made = Pathway.objects.create(kind=PathwayKind.objects.create(name="Housing", slug="housing"), name="Shelter")
    return made.check_today


NEEDS = {
    gap: "Friday 27 November",
    draft: "1 draft in November 2026",
    finished: "Wren has done the School",
    letter: "An e-mail has been waiting since Tuesday 17 November.",
    order: "An order without a supplier is not placed",
    expiring: "1 item expires within 60 days",
    register: "The register of Tuesday 17 November is not closed",
    outcome: "1 outcome is missing for Tuesday 17 November",
    proposal: "1 offer to give a session waits for an answer",
    month: "October 2026 is not complete",
    idea: "1 idea waits to be read",
    service: "1 service has to be checked",
}


@pytest.mark.parametrize("make", NEEDS)
def test_line_is_there_until_done(lines, admin, volunteer, make):
    assert NEEDS[make] not in lines()[0]

    finish = make(admin)
    assert lines()[0].count(NEEDS[make]) == 1
    assert NEEDS[make] not in lines(volunteer)[0], "whoever cannot do it is not asked"

    finish()
    assert NEEDS[make] not in lines()[0]


def address_line(_hub):
    Hub.objects.update(address="12 Sample Street")


def agree_words(_hub):
    Hub.objects.update(words_agreed_on=NOW.date())


def say_hours(_hub):
    Hub.objects.update(usual_hours="Fridays at six")


def say_where(_hub):
    Hub.objects.update(ask_where="Ring us")


def agree_cards(_hub):
    EmergencyCard.objects.lay_out()
    EmergencyCard.objects.update(agreed_on=NOW.date())


def lay_tiles(_hub):
    Item.objects.add_default_catalogue()


@pytest.mark.parametrize("settle", [address_line, agree_words, say_hours, say_where, agree_cards, lay_tiles])
def test_setup_line_goes_when_set(lines, settle):
    hub = Hub.objects.create(pk=1, name="The Hub")
    before = lines()[1]

    settle(hub)

    assert len(lines()[1]) == len(before) - 1


def test_new_hub_is_told_how_to_begin(lines, admin):
    begin = ["You are the only person here.", "There are no shifts yet.", "Nothing on the shelf has been counted yet."]
    assert set(begin) <= set(lines()[1])

    a_shift(FRIDAY)
    somebody("Bo")
    a_lot(an_item(), on_hand=3, store=Store.objects.main(), number="A1")

    assert not set(begin) & set(lines()[1])


@pytest.mark.parametrize(("number", "is_said"), [("999", False), ("112", True)])
def test_card_with_a_foreign_number_is_named(lines, number, is_said):
    Hub.objects.create(pk=1, name="The Hub", emergency_number=number)
    EmergencyCard.objects.lay_out()
    EmergencyCard.objects.update(agreed_on=NOW.date())
    said = "Some emergency cards say 999, which is not your number"
    assert said not in lines()[1]

    EmergencyCard.objects.filter(slug="naloxone").update(body="Call 999.")

    assert (said in lines()[1]) is is_said


@pytest.mark.parametrize("who", ["admin", "coordinator", "trainer", "volunteer", "trainee"])
def test_every_button_opens_for_its_reader(client, sign_in, request, admin, who):
    """Whoever reads of a task can open its page, and what is not theirs to do says whose it is."""
    for make in NEEDS:
        make(admin)
    person = request.getfixturevalue(who)
    sign_in(client, person)
    context = client.get("/today/").context
    shown = [*context["needs"], *context["to_set_up"]]

    assert bool(shown) is (who in ("admin", "coordinator", "trainer"))
    for line in shown:
        assert line.address or line.who, line
        if line.address and not line.posts:
            assert client.get(line.address.partition("#")[0]).status_code == 200, line


def test_gap_says_what_lacks(client, sign_in, coordinator):
    shift = a_shift(FRIDAY, posts=(("Desk", 3, 3, None),))
    post_of(shift).put_on(somebody("Cam"))
    a_shift(FRIDAY + 15 * DAY)
    sign_in(client, coordinator)

    (line,) = [line for line in client.get("/today/").context["needs"] if line.label == "Find people"]

    assert line.words == "One person alone · No shift lead · Nobody naloxone-trained · 2 needed"
    assert line.address == reverse("rota:shift", args=[shift.pk])


def test_gaps_of_one_day_are_one_line(lines):
    a_shift(FRIDAY)
    a_shift(FRIDAY + dt.timedelta(hours=5))

    assert lines()[0].count("Friday 27 November") == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_today_costs_a_constant(client, sign_in, coordinator, django_assert_num_queries, rows):
    for number in range(rows):
        a_shift(FRIDAY + number * DAY)
        a_shift(FRIDAY + number * DAY, state="draft")
        Idea.objects.submit(f"Idea {number}", id=uuid.uuid4())
        grant(somebody(f"P{number}", roles=()))
    sign_in(client, coordinator)

    with django_assert_num_queries(8):
        client.get("/today/")
