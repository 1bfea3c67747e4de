"""Before what cannot be undone: what would be lost, in numbers, and a second step; where nothing is, no step."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from school.models import Material
from tests.school.makers import a_course
from tests.volunteers.rota_world import NOW, a_pattern, a_period, a_proposal, a_shift, post_of, says, somebody
from volunteers.models import Availability, Batch, Pattern, ProposedPlace, RotaPeriod, Shift, WantedShifts

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(client, sign_in, demo, coordinator):
    sign_in(client, coordinator)
    return client


@pytest.fixture
def answered(db):
    """A draft that two people have answered about, one of them for how many they would like."""
    shift = a_shift(NOW + 8 * DAY, state="draft")
    period = a_period(shift)
    for name in ("Ash", "Wren"):
        says(somebody(name), "yes", shift)
    WantedShifts.objects.create(person=shift.answers.first().person, period=period, wanted=2)
    return shift, period


@pytest.fixture
def batch(mo):
    return a_pattern().make(dt.date(2026, 11, 26), dt.date(2026, 12, 10), by=mo)


CASES = ["batch", "answers", "publish", "days", "one", "draft", "pattern", "proposal", "anew", "material"]


def lay_out(case, answered, batch):  # noqa: PLR0911 -- one for each case
    """Address, what is sent, what is said, and the question whether it is still there."""
    shift, period = answered
    if case == "batch":
        Shift.objects.filter(pk=batch.shifts.first().pk).update(place="Arch 4")
        address, said, there = reverse("rota:batch-take-back", args=[batch.pk]), "1 shift was changed by hand.", Batch
        return address, {}, said, there.objects.exists
    if case == "answers":
        address, said = reverse("periods:finish", args=[period.pk]), "What 2 people answered is deleted."
        return address, {}, said, Availability.objects.exists
    drafts = Shift.objects.filter(state="draft", pk=shift.pk)
    if case == "publish":
        return reverse("periods:publish", args=[period.pk]), {}, "1 place is empty on 1 shift.", drafts.exists
    if case == "days":
        days = {"first": shift.day, "last": shift.day}
        return reverse("rota:publish"), days, "1 place is empty on 1 shift.", drafts.exists
    if case == "one":
        return reverse("rota:shift-publish", args=[shift.pk]), {}, "1 place is empty on 1 shift.", drafts.exists
    if case == "draft":
        address, said = reverse("rota:shift-delete", args=[shift.pk]), "What 2 people answered is deleted."
        return address, {}, said, Shift.objects.filter(pk=shift.pk).exists
    if case == "pattern":
        address, said = (
            reverse("rota:pattern-delete", args=[batch.pattern_id]),
            ("You can no longer take back 1 batch."),
        )
        return address, {}, said, Pattern.objects.exists
    if case == "material":
        module = a_course().modules.first()
        material = Material.objects.create(module=module, title="Slides", edition="2", since=NOW.date())
        address = reverse("school:material-remove", args=[module.pk, material.pk])
        return address, {}, "Slides", Material.objects.exists
    RotaPeriod.objects.all().delete()
    proposal = a_proposal(shift)
    proposal.places.create(post=post_of(shift), person=somebody("Sam"))
    address = "periods:discard" if case == "proposal" else "periods:period"
    said = "1 proposed place is deleted."
    return reverse(address, args=[proposal.period_id]), {}, said, ProposedPlace.objects.exists


@pytest.mark.parametrize("case", CASES)
def test_loss_is_said_and_asked_for(client, case, answered, batch):
    address, data, said, is_there = lay_out(case, answered, batch)

    first = client.post(address, data)
    page = first.content.decode()

    assert first.status_code == 200
    assert said in " ".join(page.split())
    assert is_there()
    for name, value in data.items():
        assert f'name="{name}" value="{value}"' in page

    second = client.post(address, data | {"sure": "yes"})

    assert second.status_code == 302
    assert not is_there()


@pytest.mark.parametrize("case", ["batch", "answers", "publish", "one", "proposal"])
def test_nothing_lost_is_not_asked(client, case, mo):
    shift = a_shift(NOW + 7 * DAY, state="draft", posts=(("Desk", 0, 2, None),), drop_in=False)
    period = a_proposal(shift).period
    batch = a_pattern().make(dt.date(2026, 12, 3), dt.date(2026, 12, 10), by=mo)
    address = {
        "batch": reverse("rota:batch-take-back", args=[batch.pk]),
        "answers": reverse("periods:finish", args=[period.pk]),
        "publish": reverse("periods:publish", args=[period.pk]),
        "one": reverse("rota:shift-publish", args=[shift.pk]),
        "proposal": reverse("periods:discard", args=[period.pk]),
    }[case]

    assert client.post(address).status_code == 302


def test_missing_lead_is_said_before_publishing(client, mo):
    shift = a_shift(NOW + 7 * DAY, state="draft", posts=(("Desk", 1, 2, None),))
    post_of(shift).book(somebody("Ash"), by=mo)

    page = client.post(reverse("rota:shift-publish", args=[shift.pk])).content.decode()

    assert "One has no shift lead." in page
    assert "One has nobody naloxone-trained." in page


def test_published_shift_is_still_refused(client):
    shift = a_shift(NOW + 7 * DAY)

    assert client.post(reverse("rota:shift-delete", args=[shift.pk])).status_code == 409


def test_cancelling_says_how_many(client, mo):
    shift = a_shift(NOW + 7 * DAY)
    post_of(shift).book(somebody("Ash"), by=mo)

    page = client.get(reverse("rota:shift-cancel", args=[shift.pk])).content.decode()

    assert "1 person is on it. We take them off and tell them." in page
