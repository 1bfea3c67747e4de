"""Posters for walls: one in each language, on two sizes of paper."""

from __future__ import annotations

from copy import copy

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.core.hub import Hub
from hub.languages.hub_of_request import hub_as_written
from hub.languages.models.languages import Language, language_name
from hub.languages.models.translations import translate_objects
from hub.public.posters import PAPERS, PosterText, lay_out
from hub.public.views.front import square_of_ours
from volunteers.shared.requests import SignedInRequest


@permission_required("hub.staff_desk", raise_exception=True)
@require_safe
def list_posters(request: SignedInRequest) -> HttpResponse:
    """Every poster there is, to look at and to print."""
    languages = [(code, language_name(code)) for code in _codes()]
    context = {"languages": languages, "papers": [(size, size.upper()) for size in PAPERS]}
    return render(request, "hub/public/posters/list.html", context)


@permission_required("hub.staff_desk", raise_exception=True)
@require_safe
def show_poster(request: SignedInRequest, code: str, size: str) -> HttpResponse:
    """One poster as a picture that prints sharp at any size. It says what the front page says, in that language."""
    if code not in _codes() or size not in PAPERS:
        raise Http404
    with translation.override(code):
        (hub,) = translate_objects([copy(hub_as_written(request))])
        width, height = PAPERS[size]
        context = {
            "width": width,
            "height": height,
            "layout": lay_out(_texts(hub)),
            "square": square_of_ours(settings.SITE_URL),
            "link": (settings.SITE_URL + reverse("hub:front")).partition("://")[2].rstrip("/"),
            "is_mirrored": get_language_info(code)["bidi"],
            "code": code,
        }
        return render(request, "hub/public/posters/poster.svg", context, content_type="image/svg+xml")


def _codes() -> list[str]:
    return [settings.LANGUAGE_CODE, *sorted(Language.objects.offered())]


def _texts(hub: Hub) -> list[PosterText]:
    where = hub.address if hub.show_address and hub.address else hub.ask_where
    return [
        PosterText(hub.name, 22, bold=True),
        PosterText(_("Come as you are. It is free, and nobody asks for your name."), 10.5, above=4),
        PosterText(where, 9, above=6),
        PosterText(_("When we are open"), 14, bold=True, above=9),
        PosterText(hub.usual_hours, 11, above=2),
        PosterText(_("The dates as they are today, and everything else:"), 9, above=5),
    ]
