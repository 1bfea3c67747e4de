"""Middleware: idle sign-out, no copies on disks, caching, the second step, and who changed what."""

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
from volunteers.shared.sealing import Unsealable

GetResponse = Callable[[HttpRequest], HttpResponse]

IDLE_COOKIE = f"{settings.COOKIE_PREFIX}a"
SECOND_STEP_PAGE = "mfa_index"
# Short enough that a cancelled evening is known at once.
PUBLIC_MAX_AGE = 60
# Where whatever stands in front of us can do it, an old page is better than none.
PUBLIC_STALE_IF_ERROR = 24 * 60 * 60
# What somebody reaches who still has to set up a second step: setting it up, signing out, and what saves a life.
BEFORE_THE_SECOND_STEP = ("/accounts/", "/emergency/", "/static/", "/healthz", "/readyz")


def idle_timeout_middleware(get_response: GetResponse) -> GetResponse:
    """End a personal session after `IDLE_SECONDS` without a request.

    The moment of the last request lives in a signed cookie on the person's own device, bound to their session,
    so that no table of ours says when somebody was here. What a page asks by itself (`keeps_awake` is False on the
    answer) is no sign that somebody is here.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # Before asking who it is: after a change of SECRET_KEY that gives the session another name.
        awake = _is_awake(request)
        if request.user.is_authenticated and not awake:
            auth.logout(request)
        response = get_response(request)
        if request.user.is_authenticated and not getattr(response, "keeps_awake", True):
            return response
        if request.user.is_authenticated:
            response.set_cookie(
                IDLE_COOKIE,
                sign_idle_cookie(request.session.session_key),
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        elif IDLE_COOKIE in request.COOKIES:
            response.delete_cookie(IDLE_COOKIE, samesite="Lax")
        return response

    return middleware


def sign_idle_cookie(session_key: str | None) -> str:
    """Sign the value of the idle cookie for this session and this moment."""
    return signing.TimestampSigner(salt=IDLE_COOKIE).sign(_hash_session_key(session_key))


def _hash_session_key(session_key: str | None, secret: str | None = None) -> str:
    return salted_hmac("hub.web.middleware.awake", session_key or "", secret=secret).hexdigest()


def _is_awake(request: HttpRequest) -> bool:
    try:
        mark = signing.TimestampSigner(salt=IDLE_COOKIE).unsign(
            request.COOKIES.get(IDLE_COOKIE, ""), max_age=settings.IDLE_SECONDS
        )
    except signing.BadSignature:
        return False
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(mark == _hash_session_key(request.session.session_key, secret) for secret in secrets)


def last_month_seen_middleware(get_response: GetResponse) -> GetResponse:
    """Note, once a month, that somebody is still around; a year without it and they are asked whether they stay."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.user.is_here()
        return get_response(request)

    return middleware


def no_store_middleware(get_response: GetResponse) -> GetResponse:
    """Pages of somebody signed in are not stored anywhere; pages that also answer in fragments say so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def public_cache_middleware(get_response: GetResponse) -> GetResponse:
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
                patch_cache_control(response, public=True, max_age=PUBLIC_MAX_AGE, stale_if_error=PUBLIC_STALE_IF_ERROR)
        if not (public and hub_of(request).search_engines):
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return middleware


class DatabaseUnavailableMiddleware:
    """Answer with a page that needs no database, instead of with an error, while the database is away."""

    def __init__(self, get_response: GetResponse) -> None:
        """A class, since Django asks for a bound method where a view fails."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before, nothing after."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Only if it is away: a deadlock, say, is a mistake of ours."""
        return error_views.database_unavailable(request) if error_views.is_database_unavailable(problem) else None


class ConflictMiddleware:
    """Answer with a page, instead of with an error, where a row is not what it was when it was read or sealed.

    Somebody else changed it: only for what a person sent by a form, since a device that sends visits has to know that
    it should try again. Or its key is lost.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """A class, since Django asks for a bound method where a view fails."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before, nothing after."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Only where something was to be written; a page that cannot be shown is a mistake of ours."""
        if isinstance(problem, Unsealable):
            return error_views.key_lost(request)
        sent = request.method == "POST" and request.content_type != "application/json"
        return error_views.conflict(request, problem) if sent and error_views.is_conflict(problem) else None


def htmx_redirect_middleware(get_response: GetResponse) -> GetResponse:
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


def require_second_step_middleware(get_response: GetResponse) -> GetResponse:
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


class InvalidFormStatusMiddleware:
    """Say in the status, too, that a form came back with something wrong in it; allauth's views answer 200."""

    def __init__(self, get_response: GetResponse) -> None:
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


def history_context_middleware(get_response: GetResponse) -> GetResponse:
    """Note the person beside each history row a request writes. Only the person: no address, no page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "GET" or not request.user.is_authenticated:
            return get_response(request)
        with pghistory.context(user=str(request.user.pk)):
            return get_response(request)

    return middleware
