"""Emergency cards: what to do when something goes wrong. The page logs nothing and changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from hub.desk.access import desk_access_required
from hub.directory.default_emergency_cards import WORDS_FOR_999
from hub.directory.models.emergency_cards import EmergencyCard
from hub.languages.models.translations import translate_objects


@require_GET
def show_emergency_cards(request: HttpRequest) -> HttpResponse:
    """Naloxone, breathing, what to say on an emergency call and where we are; then a card for everything else."""
    return _render_cards(request, "hub/desk/emergency/page.html")


@desk_access_required
@require_safe
def show_emergency_cards_at_desk(request: HttpRequest) -> HttpResponse:
    """The cards at the desk, where a device keeps them for when there is no network. Nobody's name is on them."""
    return _render_cards(request, "hub/desk/offline/emergency.html")


def _render_cards(request: HttpRequest, template: str) -> HttpResponse:
    cards = translate_objects(EmergencyCard.objects.list_cards())
    return render(
        request,
        template,
        {
            "first": [card for card in cards if card.first],
            "cards": [card for card in cards if not card.first],
            "not_agreed": [card for card in cards if not card.agreed_on],
            "starting_words": WORDS_FOR_999,
        },
    )
