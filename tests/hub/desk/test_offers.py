"""What the desk offers, it gives: no link and no button on its pages leads to a refusal for the person looking."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from hub.models import Choice, DeskDevice, Opening, Strip
from tests.supplies.makers import an_item
from volunteers.models import Qualification

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
POSTED = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*')
ACTION = re.compile(r'(?<![-\w])action="([^"]+)"')
ROUND_THE_DESK = ("hub:desk", "hub:desk-shell", "hub:desk-sheets", "hub:naloxone", "hub:reversals", "hub:strips")
ROUND_THE_DESK += ("hub:incidents", "hub:missing", "hub:catch-up", "hub:desk-emergency")
OF_AN_OPENING = ("hub:desk-ready", "hub:desk-close", "hub:catch-up-evening")
A_PAGE = {"Accept": "text/html"}
WHO = ("volunteer", "lead", "coordinator", "admin", "device")


@pytest.fixture
def house(clock):
    Choice.objects.lay_out()
    Strip.objects.lay_out()
    an_item("Foil", desk_order=1)
    an_item("Nyxoid", naloxone=True)


@pytest.fixture
def as_(request, sign_in, demo):
    """A client of one of the cast, or of a device."""

    def become(who, opening):
        client = Client()
        if who == "device":
            client.post(reverse("hub:device-pair"), {"code": DeskDevice.objects.invite(opening).code})
            return client
        person = request.getfixturevalue("volunteer" if who == "lead" else who)
        if who == "lead":
            Qualification.objects.lay_out()
            person.grant(Qualification.objects.get(slug="shift-lead"), by=None, reason="Asked to")
        sign_in(client, person)
        return client

    return become


def find_offers(path, page):
    """(method, address) of every link and form of this page, but signing out."""
    links = {("GET", link.replace("&amp;", "&")) for link in LINK.findall(page)}
    forms = {("POST", (ACTION.search(form) or [path, path])[1]) for form in POSTED.findall(page)}
    return {offer for offer in links | forms if "/static/" not in offer[1] and "logout" not in offer[1]}


def follow(client, method, address):
    """The status it is answered with; what a form would change is taken back."""
    with transaction.atomic():
        answer = client.get(address, headers=A_PAGE) if method == "GET" else client.post(address)
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
@pytest.mark.parametrize("who", WHO)
def test_desk_offers_nothing_it_refuses(house, as_, who, is_open):
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    client = as_(who, opening)
    if not is_open:
        opening.close()
    pages = [reverse(name) for name in ROUND_THE_DESK] + [reverse(name, args=[opening.pk]) for name in OF_AN_OPENING]
    shown = {page: client.get(page, headers=A_PAGE).content.decode(errors="ignore") for page in pages}
    offers = {(*offer, page) for page, text in shown.items() for offer in find_offers(page, text)}
    assert len(offers) > (50 if is_open else 1)

    assert {offer for offer in offers if follow(client, *offer[:2]) in (403, 404, 500)} == set()
