"""What to do when something goes wrong. It logs nothing and changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hub.emergency_cards import WORDS_FOR_999
from hub.models import EmergencyCard


@require_GET
def emergency(request: HttpRequest) -> HttpResponse:
    """Naloxone, breathing, what to say to 999 and where we are; then a card for everything else."""
    cards = EmergencyCard.objects.on_the_wall()
    return render(
        request,
        "hub/emergency/page.html",
        {
            "first": [card for card in cards if card.first],
            "cards": [card for card in cards if not card.first],
            "not_agreed": [card for card in cards if not card.agreed_on],
            "starting_words": WORDS_FOR_999,
        },
    )
