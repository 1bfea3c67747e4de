"""Desk devices: paired by a code, for one desk and one evening, and good for nothing else."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from hub.desk.access import DEVICE_COOKIE
from hub.desk.models.devices import CODE_TTL, MAX_DEVICES
from hub.models import DeskClosed, DeskDevice, Opening
from tests.project.access_fixtures import arguments_of
from tests.project.access_matrix import AT_THE_DESK, DOORS
from tests.project.access_requests import addresses
from tests.volunteers.threads import at_once

PAIR, DEVICES, NEW = "/desk/pair/", "/desk/devices/", "/desk/devices/new/"


@pytest.fixture
def opening(clock):
    return Opening.objects.start(kind=Opening.Kind.UNPLANNED)


@pytest.fixture
def lead(volunteer, opening):
    """A volunteer who may lead a shift."""
    from volunteers.models import Qualification  # noqa: PLC0415 -- after the database is there

    Qualification.objects.lay_out()
    volunteer.grant(Qualification.objects.get(slug="shift-lead"), by=None, reason="Asked to")
    return volunteer


@pytest.fixture
def device(opening):
    """A paired device: the browser that holds its cookie."""
    tablet = Client()
    code = DeskDevice.objects.invite(opening).code
    answer = tablet.post(PAIR, {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    return tablet


def refused(saying):
    return pytest.raises(DeskClosed, match=saying)


def test_code_shown_by_lead_pairs_the_device(client, lead, sign_in, opening):
    sign_in(client, lead)
    client.post(NEW)
    waiting = DeskDevice.objects.get()
    page = client.get(DEVICES).content.decode()
    assert waiting.code in page
    assert "<svg" in page

    tablet = Client()
    assert waiting.code in tablet.get(PAIR, {"code": waiting.code}).content.decode()
    answer = tablet.post(PAIR, {"code": waiting.code.lower().replace("-", " ")}, follow=True)

    assert answer.redirect_chain == [("/desk/", 302)]
    assert "Who’s here?" in answer.content.decode()
    cookie = tablet.cookies[DEVICE_COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/desk/", True, "Strict")
    # It outlives a browser that was killed, and the evening: then it is told that it has ended.
    assert cookie["max-age"] == 25 * 24 * 60 * 60
    assert cookie.value not in str(DeskDevice.objects.values())


@pytest.mark.parametrize(("who", "looks"), [("volunteer", 200), ("trainer", 403), ("trainee", 403)])
def test_only_the_lead_pairs_and_takes_off(client, sign_in, request, device, who, looks):
    sign_in(client, request.getfixturevalue(who))
    off = f"/desk/devices/{DeskDevice.objects.get().pk}/off/"

    page = client.get(DEVICES)
    assert (page.status_code, client.post(NEW).status_code, client.post(off).status_code) == (looks, 403, 403)
    assert "Device 1" not in page.content.decode()
    assert ("The shift lead can pair a tablet or phone from their own phone: at" in page.content.decode()) == (
        who == "volunteer"
    )
    assert DeskDevice.objects.count() == 1


def test_a_code_works_once(opening):
    code = DeskDevice.objects.invite(opening).code
    DeskDevice.objects.pair(code)

    with refused("does not work"):
        DeskDevice.objects.pair(code)


@pytest.mark.django_db(transaction=True)
def test_code_typed_on_two_devices_pairs_one():
    code = DeskDevice.objects.invite(Opening.objects.start(kind=Opening.Kind.UNPLANNED)).code

    answers = at_once(lambda: DeskDevice.objects.pair(code), lambda: DeskDevice.objects.pair(code))

    assert sorted(type(answer).__name__ for answer in answers) == ["DeskClosed", "tuple"]
    assert DeskDevice.objects.get().paired


def test_a_code_runs_out(opening, clock):
    code = DeskDevice.objects.invite(opening).code
    clock.shift(CODE_TTL)
    assert code != DeskDevice.objects.get().code
    clock.shift(CODE_TTL)

    with refused("That code does not work."):
        DeskDevice.objects.pair(code)
    DeskDevice.objects.pair(DeskDevice.objects.get().code)


@pytest.mark.parametrize("typed", ["", "   ", "AAAA-AAAA", "\x00", "ＡＢＣ", "A" * 20, "'; --"])
def test_what_is_no_code_is_refused_in_words(client, opening, typed):
    DeskDevice.objects.invite(opening)

    answer = client.post(PAIR, {"code": typed})

    assert answer.status_code == 422
    assert DEVICE_COOKIE not in answer.cookies
    assert not DeskDevice.objects.get().paired


def test_device_can_use_the_desk_and_nothing_else(device, volunteer):
    at_hand = {name for name, door in DOORS.items() if door.reason == AT_THE_DESK}
    assert {"hub:desk", "hub:desk-shell", "hub:desk-emergency"} <= at_hand
    for name in at_hand:
        pattern = next(wanted for other, _view, wanted in addresses(get_resolver()) if other == name)
        known = arguments_of(name, volunteer) if pattern else {}
        answer = device.get(reverse(name, kwargs={argument: known[argument] for argument in pattern}))
        assert answer.status_code in {200, 302, 405}, name
        # A look at an address that only does something leads on, and says nothing.
        assert answer.status_code == 302 or answer.headers["Cache-Control"] == "no-store", name
    for address in ("/today/", "/stock/", "/people/", "/desk/devices/", "/emergency/", "/people/me/", "/admin/"):
        assert device.get(address).status_code == 302, address
    assert device.post("/desk/open/").status_code == 302


def test_ended_device_is_told_and_not_redirected(device, opening):
    opening.close()

    for answer in (device.get("/desk/session/"), device.post("/desk/visits/"), device.get("/desk/")):
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json()["why"].endswith(".")
    page = device.get("/desk/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.status_code == 401
    assert "This device is not a desk any more" in page.content.decode()


def test_device_ends_when_its_own_desk_closes(device, opening):
    bus = Opening.objects.start(kind=Opening.Kind.OUTREACH, place="Bus")
    other, token = DeskDevice.objects.pair(DeskDevice.objects.invite(bus).code)

    opening.close()

    assert device.get("/desk/session/").status_code == 401
    assert DeskDevice.objects.get_by_token(token) == other
    assert [*DeskDevice.objects.all()] == [other]


def test_device_ends_at_six_without_closing(device, clock):
    clock.move_to(dt.datetime.fromisoformat("2026-05-21T05:59+01:00"))
    assert device.get("/desk/session/").status_code == 200
    clock.move_to(dt.datetime.fromisoformat("2026-05-21T06:00+01:00"))
    assert device.get("/desk/session/").status_code == 401


def test_a_device_taken_off_ends_at_once(device, client, coordinator, sign_in, demo):
    sign_in(client, coordinator)

    client.post(f"/desk/devices/{DeskDevice.objects.get().pk}/off/")

    assert device.get("/desk/session/").status_code == 401
    assert not DeskDevice.objects.exists()


def test_device_stays_at_its_own_desk(opening):
    bus = Opening.objects.start(kind=Opening.Kind.OUTREACH, place="Bus")
    tablet = Client()
    tablet.post(PAIR, {"code": DeskDevice.objects.invite(bus).code})

    assert tablet.get(f"/desk/session/?opening={opening.pk}").json()["open"] == bus.pk


def test_a_closed_desk_takes_no_device(opening):
    opening.close()

    with refused("Open it first"):
        DeskDevice.objects.invite(opening)
    with pytest.raises(IntegrityError, match="a desk device needs an open desk"), transaction.atomic():
        DeskDevice.objects.create(opening=opening, number=1, key="x")


def test_devices_are_limited_and_one_waits(opening):
    for _number in range(MAX_DEVICES):
        DeskDevice.objects.pair(DeskDevice.objects.invite(opening).code)
    with refused("enough devices"):
        DeskDevice.objects.invite(opening)
    DeskDevice.objects.first().delete()

    first, second = DeskDevice.objects.invite(opening), DeskDevice.objects.invite(opening)

    assert not DeskDevice.objects.filter(pk=first.pk).exists()
    assert [*DeskDevice.objects.filter(paired=False)] == [second]
    with pytest.raises(IntegrityError, match="deskdevice_one_waits"), transaction.atomic():
        DeskDevice.objects.create(opening=opening, number=99, key="x")
