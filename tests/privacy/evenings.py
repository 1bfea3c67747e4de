"""Evenings at the desk, through the same addresses a device and a volunteer use."""

import json
import time
import uuid
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from hub.core.periods import opening_month
from hub.models import Choice, Hub, Opening, Question, Strip
from supplies.models import Item
from tests.flush_db import JOB_TABLES
from tests.wait_for_server import PATIENCE
from volunteers.models import User

ITEMS = ("foil", "spoon", "citric", "swab", "fixed-1ml-29g")


@dataclass(frozen=True)
class Came:
    """One visit: how many came, what they took, and its id."""

    people: int
    items: dict[str, int]
    said: dict[str, list[str]] = field(default_factory=dict)
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def a_world():
    """An empty database made into a hub with a shelf and one volunteer; the same every time."""
    with connection.cursor() as cursor:
        for table in JOB_TABLES:
            cursor.execute(f"TRUNCATE {table} RESTART IDENTITY CASCADE")
    call_command("flush", interactive=False, verbosity=0)
    Hub.objects.create(pk=1, name="The Hub")
    Item.objects.add_default_catalogue()
    Choice.objects.lay_out()
    Strip.objects.lay_out()
    for slug in ITEMS:
        item = Item.objects.get(slug=slug)
        item.receive(500, lot_number=f"L-{slug}", expires_on=_far())
    nyxoid = Item.objects.get(slug="nyxoid")
    nyxoid.receive(20, lot_number="N1", expires_on=_far())
    for slug in ("first", "collecting"):
        Question.objects.create(slug=slug, asked_by="We", purpose="To see whether people find us", until=_far())
    return User.objects.create_user("ash", chosen_name="Ash", password="a long password", roles=["volunteer"])


def _far():
    from datetime import date  # noqa: PLC0415 -- a fixed day, far away

    return date(2099, 1, 1)


def at_the_desk(sign_in, person):
    """A browser signed in as somebody."""
    client = Client()
    sign_in(client, person)
    return client


def opened(client):
    """The desk, open."""
    assert client.post(reverse("hub:desk-open")).status_code == 302
    return Opening.objects.current()


def log(client, opening, came, *, void=False):
    """Send one visit as a device does; its status."""
    items = {str(Item.objects.get(slug=slug).pk): n for slug, n in came.items.items()}
    entry = {
        "id": str(came.id),
        "opening": opening.pk,
        "people": came.people,
        "items": items,
        "said": came.said,
        "void": void,
    }
    answer = client.post(reverse("hub:desk-visits"), json.dumps({"visits": [entry]}), content_type="application/json")
    return answer.json()["results"][str(came.id)]["status"]


def close(client, opening):
    """Close the desk."""
    empty = {} if opening.totals().visits else {"empty": "nobody_came"}
    data = {"note": "The kettle is broken.", "bins-small-full": "2"} | empty
    assert client.post(reverse("hub:desk-close", args=[opening.pk]), data).status_code == 302
    forget()


def forget():
    """Try once more what the worker tries every few minutes, until it is done.

    Tests that run on the same server at the same time have long transactions, which keep old rows in the files.
    """
    deadline = time.monotonic() + PATIENCE
    while not Opening.objects.rewrite_tables():
        assert time.monotonic() < deadline, "the tables were not written anew"
        time.sleep(0.05)


def an_evening(client, visits, logs=()):
    """A whole evening: open, each visit in this order, what the logs take, close."""
    opening = opened(client)
    for came in visits:
        assert log(client, opening, came) == "created"
    for write in logs:
        write(client)
    close(client, opening)
    return opening


def naloxone(kits):
    def write(client):
        nyxoid = Item.objects.get(slug="nyxoid")
        data = {"id": uuid.uuid4(), "month": _month(), "product": nyxoid.pk, "kits": str(kits), "first": "first"}
        assert client.post(reverse("hub:naloxone"), data).status_code == 302

    return write


def reversal(doses):
    def write(client):
        data = {"id": uuid.uuid4(), "month": _month(), "doses": str(doses)}
        assert client.post(reverse("hub:reversals"), data).status_code == 302

    return write


def strip_result(line):
    def write(client):
        data = {"id": uuid.uuid4(), "month": _month(), "line": line}
        strip = Strip.objects.get(name="Nitazene strip")
        assert client.post(reverse("hub:strip-result", args=[strip.pk]), data).status_code == 302

    return write


def incident(number):
    def write(client):
        kind, needs = Choice.objects.offered("incident")[number], Choice.objects.offered("need")[:number]
        data = {"id": uuid.uuid4(), "month": _month(), "kind": kind.pk, "needs": [need.pk for need in needs]}
        assert client.post(reverse("hub:incidents"), data).status_code == 302

    return write


def _month():
    return opening_month().isoformat()
