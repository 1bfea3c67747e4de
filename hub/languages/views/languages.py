"""Choosing the language of the pages. Translating is in `hub/languages/views/translations.py`."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hub.languages.models.languages import Language


# Without Django's CSRF token, which would set a cookie on every page with this form. Another site could at worst switch
# a reader to a language that they can change back.
@csrf_exempt
@login_not_required
@require_POST
def choose_page_language(request: HttpRequest) -> HttpResponse:
    """Store the choice in a session cookie, and go back to the page."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("hub:front")
    response = HttpResponseRedirect(back)
    code = request.POST.get("language", "")
    # A language that was switched off meanwhile changes nothing.
    if code == settings.LANGUAGE_CODE or code in Language.objects.offered():
        name, secure = settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_SECURE
        response.set_cookie(name, code, secure=secure, httponly=True, samesite="Lax")
    return response
