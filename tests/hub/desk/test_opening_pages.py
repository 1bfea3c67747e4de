"""An evening from first to last: planned or on the spot, opened, closed, called off, and its handover.

Tries hub/desk/models/planned_shifts.py and hub/desk/models/handovers.py, too.
"""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from hub.desk.visit_payload import VisitPayload
from hub.models import DeskSettings, Handover, Measure, Opening, Tally, Visit
from tests.supplies.makers import TODAY
from tests.volunteers.rota_world import a_shift, post_of
from volunteers.models import Letter, Qualification, Shift, Signup

OPEN = "/desk/open/"
State, Kind = Opening.State, Opening.Kind


@pytest.fixture
def shift(clock):
    return a_shift(starts_at=at("18:00"))


@pytest.fixture
def lead(volunteer, shift):
    """A volunteer who is on tonight's shift and may lead it."""
    Qualification.objects.lay_out()
    volunteer.grant(Qualification.objects.get(slug="shift-lead"), by=None, reason="Asked to")
    Signup.objects.create(person=volunteer, post=post_of(shift), shift=shift)
    return volunteer


@pytest.fixture
def come(client, volunteer, sign_in):
    sign_in(client, volunteer)
    return client


def at(clock_time, day=TODAY):
    return dt.datetime.fromisoformat(f"{day}T{clock_time}+01:00")


def a_visit(opening, people=1):
    return Visit.objects.log(VisitPayload(uuid.uuid4(), opening.pk, people, {}))


def closing(**said):
    return {"note": "", "to_order": "", **said}


# ---- Opening -------------------------------------------------------------------------------------------------------


def test_a_planned_evening_opens_for_its_shift(come, shift):
    page = come.get("/desk/").content.decode()
    assert "6 pm to 9 pm" in page

    answer = come.post(OPEN, {"shift": shift.pk})

    opening = Opening.objects.get()
    assert (opening.kind, opening.shift, opening.date, opening.state) == (Kind.PLANNED, shift, TODAY, State.OPEN)
    assert answer.headers["Location"] == f"/desk/{opening.pk}/ready/"


def test_desk_opens_for_the_current_shift(come, shift):
    come.post(OPEN)

    assert Opening.objects.get().shift == shift


def test_unplanned_opening_records_kind_and_place(come, clock):
    come.post(OPEN, {"kind": "outreach", "place": "  The   bus "})

    opening = Opening.objects.get()
    assert (opening.kind, opening.place, opening.shift) == (Kind.OUTREACH, "The bus", None)


@pytest.mark.parametrize("wrong", [{"kind": "planned"}, {"shift": "1" * 30}, {"shift": "x"}, {"place": "a" * 61}])
def test_opening_refuses_what_it_does_not_know(come, clock, wrong):
    answer = come.post(OPEN, {"kind": "event", **wrong})

    assert answer.status_code == 422
    assert not Opening.objects.exists()


def test_draft_cancelled_or_other_days_shift_is_refused(come, clock):
    tomorrow = dt.timedelta(days=1)
    a_shift(starts_at=at("18:00"), state=Shift.State.DRAFT)
    a_shift(starts_at=at("18:00") + tomorrow)
    a_shift(starts_at=at("18:00"), drop_in=False)

    assert Opening.objects.find_unopened_shifts() == []


def test_shift_after_midnight_belongs_to_previous_evening(clock):
    late = a_shift(starts_at=at("01:00") + dt.timedelta(days=1))

    assert Opening.objects.find_unopened_shifts() == [late]


def test_desk_reopens_the_same_night_with_counts(come, shift):
    come.post(OPEN, {"shift": shift.pk})
    opening = Opening.objects.get()
    a_visit(opening, 2)
    come.post(f"/desk/{opening.pk}/close/", closing())
    assert Opening.objects.find_unopened_shifts() == [shift]

    come.post(OPEN, {"shift": shift.pk})

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (State.OPEN, 1, 2)


def test_two_desks_are_told_apart_and_somebody_chooses(come, clock):
    house = Opening.objects.start(kind=Kind.UNPLANNED)
    bus = Opening.objects.start(kind=Kind.OUTREACH, place="Bus")
    assert come.get("/desk/session/").json()["open"] == house.pk

    come.post(f"/desk/{bus.pk}/here/")
    assert come.get("/desk/session/").json()["open"] == bus.pk
    assert "You are at: <b>Bus</b>" in come.get("/desk/").content.decode()

    bus.close()
    assert come.get("/desk/session/").json()["open"] == house.pk


# ---- Before the door opens -----------------------------------------------------------------------------------------


def test_ready_page_shows_shift_checklist_and_handover(come, lead, shift):
    before = Opening.objects.create(date=TODAY - dt.timedelta(days=2), kind=Kind.PLANNED, state=State.NOT_RECORDED)
    Handover.objects.write(before, note="The kettle is dead.", to_order="Foil")
    DeskSettings.objects.create(pk=1, checklist="Is the box out?\n\n  Is the bin out? ")
    come.post(OPEN, {"shift": shift.pk})

    page = come.get(f"/desk/{Opening.objects.get(date=TODAY).pk}/ready/").content.decode()

    for said in ("Is the box out?", "Is the bin out?", "The kettle is dead.", "Foil", lead.chosen_name):
        assert said in page


def test_a_device_sees_no_names(lead, shift, come, client):
    from django.test import Client  # noqa: PLC0415 -- only here

    from hub.models import DeskDevice  # noqa: PLC0415 -- only here

    come.post(OPEN, {"shift": shift.pk})
    opening = Opening.objects.get()
    tablet = Client()
    tablet.post("/desk/pair/", {"code": DeskDevice.objects.invite(opening).code})

    page = tablet.get(f"/desk/{opening.pk}/ready/")

    assert page.status_code == 200
    assert lead.chosen_name not in page.content.decode()


# ---- Closing -------------------------------------------------------------------------------------------------------


@pytest.fixture
def opening(clock):
    return Opening.objects.start(kind=Kind.UNPLANNED)


def test_closing_counts_bins_and_leaves_a_note(come, opening):
    a_visit(opening)

    answer = come.post(
        f"/desk/{opening.pk}/close/",
        closing(note=" Quiet. ", to_order="Foil", some_bins="on", **{"bins-small-half": "2", "bins-large-full": "1"}),
    )

    assert answer.status_code == 302
    bins = Tally.objects.filter(measure=Measure.BINS)
    assert dict(bins.values_list("key", "value")) == {"small-half": 2, "large-full": 1, "some": 1}
    left = Handover.objects.get()
    assert (left.opening, left.note, left.to_order) == (opening, "Quiet.", "Foil")
    assert left.expires_on == TODAY + dt.timedelta(days=14)


def test_closing_twice_counts_bins_once_and_says_so(come, opening):
    a_visit(opening)
    said = closing(some_bins="on")
    come.post(f"/desk/{opening.pk}/close/", said)

    answer = come.post(f"/desk/{opening.pk}/close/", said, follow=True)

    assert Tally.objects.get(measure=Measure.BINS).value == 1
    assert "The desk was already closed, so we did not count the bins." in answer.content.decode()


def test_second_closing_keeps_what_the_first_left(come, opening):
    a_visit(opening)
    address = f"/desk/{opening.pk}/close/"
    come.post(address, closing(note="The door sticks.", to_order="Foil"))

    come.post(address, closing())
    left = Handover.objects.get()
    assert (left.note, left.to_order) == ("The door sticks.", "Foil")

    for _twice in range(2):
        come.post(address, closing(note="Bulb in the hall.", to_order="door"))
    left.refresh_from_db()
    assert (left.note, left.to_order) == ("The door sticks.\n\nBulb in the hall.\n\ndoor", "Foil")


@pytest.mark.parametrize(("empty", "state"), [("nobody_came", State.NOBODY_CAME), ("not_recorded", State.NOT_RECORDED)])
def test_empty_evening_must_be_explained(come, opening, empty, state):
    assert come.post(f"/desk/{opening.pk}/close/", closing()).status_code == 422
    opening.refresh_from_db()
    assert opening.state == State.OPEN

    come.post(f"/desk/{opening.pk}/close/", closing(empty=empty))

    opening.refresh_from_db()
    assert opening.state == state


@pytest.mark.parametrize(
    "wrong",
    [{"note": "a" * 801}, {"note": "\x00"}, {"bins-small-half": "-1"}, {"bins-small-half": "100"}, {"empty": "x"}],
)
def test_invalid_closing_is_refused_and_keeps_input(come, opening, wrong):
    answer = come.post(f"/desk/{opening.pk}/close/", closing(**{"empty": "nobody_came", "to_order": "Foil", **wrong}))

    assert answer.status_code == 422
    assert 'value="Foil"' in answer.content.decode()
    opening.refresh_from_db()
    assert opening.state == State.OPEN


def test_callback_wish_reaches_coordinators_and_is_not_kept(come, lead, shift, coordinator, client, sign_in):
    coordinator.email = "mo@example.org"
    coordinator.save()
    lead.contact = "07700 900123"
    lead.save()
    come.post(OPEN, {"shift": shift.pk})
    opening = Opening.objects.get()

    come.post(f"/desk/{opening.pk}/close/", closing(empty="nobody_came", ring_us="on"))

    assert Letter.objects.count() + len(mail.outbox) == 1
    assert (
        "We could not tell anybody that you want a call: no coordinator gets"
        not in come.get("/today/").content.decode()
    )
    assert opening.get_ring_url() == f"/desk/{opening.pk}/ring/"
    assert come.get(opening.get_ring_url()).status_code == 403


def test_callback_wish_that_reaches_nobody_says_so(come, opening, coordinator):
    coordinator.email = ""
    coordinator.save()

    answer = come.post(f"/desk/{opening.pk}/close/", closing(empty="nobody_came", ring_us="on"), follow=True)

    assert "We could not tell anybody that you want a call: no coordinator gets" in answer.content.decode()


def test_whom_to_ring_is_for_coordinators(client, lead, shift, coordinator, sign_in, demo):
    lead.contact = "07700 900123"
    lead.save()
    opening = Opening.objects.start_for(shift)
    sign_in(client, coordinator)

    page = client.get(opening.get_ring_url()).content.decode()

    assert lead.chosen_name in page
    assert "07700 900123" in page


def test_handover_expires_and_can_be_replaced(opening, clock):
    Handover.objects.write(opening, note="One", to_order="")
    Handover.objects.write(opening, note="Two", to_order="")
    assert Handover.objects.last().note == "Two"

    clock.shift(dt.timedelta(days=15))
    assert Handover.objects.last() is None
    assert Handover.objects.forget_old() == 1
    Handover.objects.write(opening, note="", to_order="")
    assert not Handover.objects.exists()


def test_an_empty_handover_is_refused_by_the_database(opening):
    with pytest.raises(IntegrityError, match="handover_says_something"), transaction.atomic():
        Handover.objects.create(opening=opening, expires_on=TODAY)


# ---- Not happening, and not written down -----------------------------------------------------------------------------


def test_tonights_lead_calls_it_off_with_no_coordinator(client, lead, shift, sign_in):
    sign_in(client, lead)
    Opening.objects.start_for(shift)

    answer = client.post(f"/desk/shifts/{shift.pk}/cancel/", {"reason": "No heating"})

    assert answer.status_code == 302
    shift.refresh_from_db()
    assert (shift.state, shift.reason) == (Shift.State.CANCELLED, "No heating")
    assert Opening.objects.get().state == State.CANCELLED


def test_who_does_not_lead_calls_nothing_off(come, shift, volunteer):
    assert come.post(f"/desk/shifts/{shift.pk}/cancel/", {"reason": "No heating"}).status_code == 403
    shift.refresh_from_db()
    assert shift.state == Shift.State.PUBLISHED


def test_opening_with_visits_cannot_be_cancelled(client, lead, shift, sign_in):
    sign_in(client, lead)
    a_visit(Opening.objects.start_for(shift))

    answer = client.post(f"/desk/shifts/{shift.pk}/cancel/", {"reason": "No heating"})

    assert answer.status_code == 409
    assert "There was already a visit." in answer.content.decode()
    shift.refresh_from_db()
    assert shift.state == Shift.State.PUBLISHED
    assert Opening.objects.get().state == State.OPEN


def test_a_cancelled_evening_keeps_no_counts(opening):
    with pytest.raises(IntegrityError, match="opening_counts_fit_state"), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(state=State.CANCELLED, visits=1, people=1)


def test_planned_evenings_nobody_opened_are_written_down_once(clock):
    week = dt.timedelta(days=7)
    missed = a_shift(starts_at=at("18:00") - week)
    off = a_shift(starts_at=at("18:00") - 2 * week, state=Shift.State.CANCELLED, reason="Snow")
    a_shift(starts_at=at("18:00"))

    assert Opening.objects.record_missed() == 2
    Opening.objects.aggregate_overdue()

    assert {(opening.date, opening.state, opening.shift) for opening in Opening.objects.all()} == {
        (TODAY - week, State.NOT_RECORDED, missed),
        (TODAY - 2 * week, State.CANCELLED, off),
    }


def test_opening_with_one_cancelled_shift_stays_planned(clock):
    yesterday = TODAY - dt.timedelta(days=1)
    a_shift(starts_at=at("14:00", yesterday), state=Shift.State.CANCELLED, reason="Snow")
    a_shift(starts_at=at("18:00", yesterday))

    Opening.objects.record_missed()

    assert Opening.objects.get().state == State.NOT_RECORDED


def test_late_visit_to_cancelled_opening_shows_it_held(opening):
    opening.cancel()

    a_visit(opening, 3)

    opening.refresh_from_db()
    assert (opening.state, opening.visits, opening.people) == (State.CLOSED, 1, 3)
