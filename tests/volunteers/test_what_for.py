"""Whoever is asked reads what for: what it is, where, and from when until when."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from tests.volunteers.rota_world import NOW, a_proposal, a_shift, at, post_of, says, somebody
from volunteers.models import Offer, RotaPeriod

TUESDAY = at("2026-11-24")
PAGES = ["answers", "answers-mine", "period", "proposal", "month", "wall", "offer", "today", "take", "gaps"]


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


def words(response):
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize("page", PAGES)
def test_asking_says_what_for(client, sign_in, demo, coordinator, page):
    shift = a_shift(TUESDAY, title="Night outreach", place="Arch 4", drop_in=False)
    wren = somebody("Wren", roles=["volunteer"])
    proposal = a_proposal(shift)
    if page == "answers-mine":
        post_of(shift).book(wren, by=wren)
    else:
        says(wren, "yes", shift)
        proposal.places.create(post=post_of(shift), person=wren)
    offer = Offer.objects.create(post=post_of(shift), to=wren, until=shift.starts_at)
    asked = RotaPeriod.objects.get()
    address, reader = {
        "answers": (reverse("periods:answers", args=[asked.pk]), wren),
        "answers-mine": (reverse("periods:answers", args=[asked.pk]), wren),
        "period": (asked.get_absolute_url(), coordinator),
        "proposal": (reverse("periods:proposal", args=[asked.pk]), coordinator),
        "month": (reverse("rota:month-of", kwargs={"month": dt.date(2026, 11, 1)}), wren),
        "wall": (reverse("rota:wall", kwargs={"day": shift.day}), coordinator),
        "offer": (offer.get_absolute_url(), wren),
        "today": ("/today/", wren),
        "take": (reverse("rota:take"), wren),
        "gaps": (reverse("rota:gaps"), wren),
    }[page]
    sign_in(client, reader)

    read = words(client.get(address))

    assert "Night outreach" in read
    assert "Arch 4" in read
    assert "6 pm to 9 pm" in read
