"""What happens around every request: idle sign-out, no copies on disks, the second step, and who changed what."""

from collections.abc import Callable
from http import HTTPStatus

import pghistory
from django.conf import settings
from django.contrib import auth
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.crypto import salted_hmac
from django_htmx.http import HttpResponseClientRedirect

from hub.core.roles import needs_second_step
from hub.languages.hub_of_request import hub_of
from hub.web.views import error_views

type_of_view = Callable[[HttpRequest], HttpResponse]

AWAKE_COOKIE = "a"
SECOND_STEP_PAGE = "mfa_index"
# Short enough that a cancelled evening is known at once.
A_MINUTE = 60
# Where whatever stands in front of us can do it, an old page is better than none.
A_DAY = 24 * 60 * 60
# What somebody reaches who still has to set up a second step: setting it up, signing out, and what saves a life.
BEFORE_THE_SECOND_STEP = ("/accounts/", "/emergency/", "/static/", "/healthz", "/readyz")


def sign_out_the_idle(get_response: type_of_view) -> type_of_view:
    """End a personal session after `IDLE_SECONDS` without a request.

    The moment of the last request lives in a signed cookie on the person's own device, bound to their session,
    so that no table of ours says when somebody was here.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not _awake(request):
            auth.logout(request)
        response = get_response(request)
        if request.user.is_authenticated:
            response.set_cookie(
                AWAKE_COOKIE,
                awake_now(request.session.session_key),
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        elif AWAKE_COOKIE in request.COOKIES:
            response.delete_cookie(AWAKE_COOKIE, samesite="Lax")
        return response

    return middleware


def awake_now(session_key: str | None) -> str:
    """What the cookie of this session says at this moment."""
    return signing.TimestampSigner(salt=AWAKE_COOKIE).sign(_mark(session_key))


def _mark(session_key: str | None) -> str:
    return salted_hmac("hub.web.middleware.awake", session_key or "").hexdigest()


def _awake(request: HttpRequest) -> bool:
    try:
        mark = signing.TimestampSigner(salt=AWAKE_COOKIE).unsign(
            request.COOKIES.get(AWAKE_COOKIE, ""), max_age=settings.IDLE_SECONDS
        )
    except signing.BadSignature:
        return False
    return mark == _mark(request.session.session_key)


def note_the_month(get_response: type_of_view) -> type_of_view:
    """Note, once a month, that somebody is still around; a year without it and they are asked whether they stay."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.user.is_here()
        return get_response(request)

    return middleware


def keep_off_disks(get_response: type_of_view) -> type_of_view:
    """Pages of somebody signed in are not stored anywhere; pages that also answer in fragments say so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def tell_caches_and_search_engines(get_response: type_of_view) -> type_of_view:
    """Public pages may be kept a minute, and listed where the hub has chosen so; nothing else ever is.

    They are the same bytes for every visitor. A device that brings a cookie asks us each time, and gets no body when
    nothing has changed.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        public = getattr(response, "is_public_page", False)
        if public and not request.user.is_authenticated:
            if request.COOKIES:
                patch_cache_control(response, private=True, no_cache=True)
            else:
                patch_cache_control(response, public=True, max_age=A_MINUTE, stale_if_error=A_DAY)
        if not (public and hub_of(request).search_engines):
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return middleware


class SayThatTheDatabaseIsAway:
    """Answer whatever was asked with what we know without it, instead of with an error."""

    def __init__(self, get_response: type_of_view) -> None:
        """A class, since Django asks for a bound method where a view fails."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before, nothing after."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Only if it is away: a deadlock, say, is a mistake of ours."""
        return error_views.away(request) if error_views.is_away(problem) else None


def send_fragments_to_sign_in_whole(get_response: type_of_view) -> type_of_view:
    """When a session has ended, HTMX is told to load the sign-in page instead of swapping it into a fragment.

    The same goes for the page where a second step is set up.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        location = response.headers.get("Location", "")
        pages = (resolve_url(settings.LOGIN_URL), resolve_url(SECOND_STEP_PAGE))
        if "HX-Request" in request.headers and location.startswith(pages):
            whole = HttpResponseClientRedirect(location)
            whole.cookies = response.cookies
            return whole
        return response

    return middleware


def ask_for_a_second_step(get_response: type_of_view) -> type_of_view:
    """Send coordinators and admins without a second step to set one up before anything else, the admin included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            not settings.DEMO
            and request.user.is_authenticated
            and not request.path.startswith(BEFORE_THE_SECOND_STEP)
            and needs_second_step(request.user)
        ):
            return redirect(SECOND_STEP_PAGE)
        return get_response(request)

    return middleware


class AnswerWrongFormsWith422:
    """Say in the status, too, that a form came back with something wrong in it; allauth's views answer 200."""

    def __init__(self, get_response: type_of_view) -> None:
        """A class, since Django asks for a bound method where it renders a page late."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before, nothing after."""
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Look for a form with errors among what the page is made of."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == HTTPStatus.OK and getattr(form, "errors", None):
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


def remember_who_changed_it(get_response: type_of_view) -> type_of_view:
    """Note the person beside each history row a request writes. Only the person: no address, no page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "GET" or not request.user.is_authenticated:
            return get_response(request)
        with pghistory.context(user=str(request.user.pk)):
            return get_response(request)

    return middleware
