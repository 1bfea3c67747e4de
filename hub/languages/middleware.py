"""Which language a page is in: the one chosen on it, else the first of the browser's own that the hub has switched on.

The choice lies in a cookie, which nobody has who did not choose; never in the address, which a history would show.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from hub.languages.models.languages import Language


def speak_their_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer in a language the hub speaks, and tell caches what that depended on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        code = language_for(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = get_response(request)
        if len(settings.LANGUAGES) > 1:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware


def language_for(request: HttpRequest) -> str:
    """The code of the language to answer in. Asks the database for nothing where the browser asks for nothing."""
    ours = settings.LANGUAGE_CODE
    chosen, header = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), request.headers.get("Accept-Language", "")
    if chosen == ours or not (chosen or header) or not (offered := Language.objects.offered()):
        return ours
    if chosen in offered:
        return chosen
    # Django lets nothing through here that is not a list of languages, and cuts it where it is too long.
    for wanted, _weight in parse_accept_lang_header(header[:500].lower()):
        if wanted == "*" or wanted.partition("-")[0] == "en":
            return ours
        for code in (wanted, wanted.partition("-")[0]):
            if code in offered:
                return code
    return ours
