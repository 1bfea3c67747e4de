"""Emergency cards: the starting ones, and the hub's own words that nothing overwrites."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError

from hub.directory.default_emergency_cards import STARTING_CARDS
from hub.models import EmergencyCard


def test_laying_out_adds_every_card_once(db):
    EmergencyCard.objects.lay_out()
    EmergencyCard.objects.lay_out()

    assert [card.slug for card in EmergencyCard.objects.all()] == [card.slug for card in STARTING_CARDS]


def test_default_cards_never_replace_the_hubs_own(db):
    EmergencyCard.objects.create(slug="police", title="Police", body="Ask Bo.", order=500)

    EmergencyCard.objects.lay_out()

    cards = list(EmergencyCard.objects.all())
    assert len(cards) == len(STARTING_CARDS)
    assert (cards[0].slug, cards[0].steps) == ("police", ["Ask Bo."])


def test_card_remembers_what_it_said_before(db):
    EmergencyCard.objects.lay_out()
    card = EmergencyCard.objects.get(slug="needlestick")
    before = card.body
    card.body = "Wash it."
    card.save()

    assert [event.body for event in card.events.order_by("pgh_id")] == [before, "Wash it."]


def test_card_without_words_is_refused(db):
    with pytest.raises(IntegrityError):
        EmergencyCard.objects.create(slug="blank", title="", body="")


def test_starting_cards_have_icons_that_exist():
    sprite = (Path(settings.BASE_DIR) / "static" / "icons" / "icons.svg").read_text()

    assert {card.icon for card in STARTING_CARDS} <= set(re.findall(r'<symbol id="([^"]+)"', sprite))


def test_starting_cards_fit_their_fields():
    for card in EmergencyCard.make_starting_cards():
        card.clean_fields()
