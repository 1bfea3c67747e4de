"""Middleware that sets the language of a page: the chosen one, or the first of the browser's that is switched on.

A choice is stored in a cookie of its own, never in the address, which the browser history would show.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from hub.languages.models.languages import Language
from volunteers.shared import locality


def language_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the language and the clock of each request, and set the headers for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        locality.current()
        code = choose_language(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = get_response(request)
        if len(settings.LANGUAGES) > 1:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware


def choose_language(request: HttpRequest) -> str:
    """The language code for a request. A browser without a preference costs no query."""
    default = settings.LANGUAGE_CODE
    chosen, header = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), request.headers.get("Accept-Language", "")
    if chosen == default or not (chosen or header) or not (offered := Language.objects.offered()):
        return default
    if chosen in offered:
        return chosen
    # Django ignores a header that is not a list of languages.
    for wanted, _weight in parse_accept_lang_header(header[:500].lower()):
        if wanted == "*" or wanted.partition("-")[0] == "en":
            return default
        for code in (wanted, wanted.partition("-")[0]):
            if code in offered:
                return code
    return default
