"""Asking to join, and coming in by the link. Every request gets the same answer, for any e-mail."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from school.forms.joining import ComeInForm, JoinForm
from school.models import Enrolment, JoinRequest, Session
from school.models.join_requests import JoinResult
from volunteers.models.invitations import LinkIsDead
from volunteers.shared.refusals import NotAllowed
from volunteers.views.invitations import sign_in_person

# A room full of people points its phones at one poster, behind one address; a mailbox is written to only so often.
PER_ADDRESS = {"ask": "60/h/ip"}
PER_MAILBOX = {"write": "3/h/key"}
FEEDBACK = {"say": "60/h/ip"}


def is_within_limit(request: HttpRequest, rates: dict[str, str], key: str | None = None) -> bool:
    """Whether this is within the limit, and one more towards it. Addresses are counted sealed, for an hour."""
    (action,) = rates
    return bool(ratelimit.consume(request, app="school", action=action, config=rates, key=key))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_to_join(request: HttpRequest) -> HttpResponse:
    """Ask to join: a name and an e-mail. Somebody signed in goes straight to the sessions."""
    if request.user.is_authenticated:
        return redirect("school:mine")
    now = timezone.now()
    form = JoinForm(request.POST or None, initial={"session": request.GET.get("session", "")})
    if not form.is_valid():
        return render(request, "school/joining/form.html", {"form": form}, status=422 if form.is_bound else 200)
    if not is_within_limit(request, PER_ADDRESS):
        form.add_error(None, _("Many people asked from here in a short time. Please try again in an hour."))
        return render(request, "school/joining/form.html", {"form": form}, status=429)
    email = form.cleaned_data["email"].lower()
    if is_within_limit(request, PER_MAILBOX, key=email):
        name, session = form.cleaned_data["name"], form.cleaned_data.get("session")
        JoinRequest.objects.submit(name=name, email=email, session=session, now=now)
    return redirect("school:join-sent")


@login_not_required
@require_safe
def show_sent(request: HttpRequest) -> HttpResponse:
    """Look in your mail. The same page for everybody."""
    return render(request, "school/joining/sent.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by the link. Looking at it uses nothing up: what scans mail opens links too."""
    try:
        response = _answer_confirmation(request, token)
    except LinkIsDead:
        response = render(request, "school/joining/dead.html", status=410)
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer_confirmation(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    wish = JoinRequest.objects.get_by_token(token, now).details
    form = ComeInForm(request.POST or None, initial={"chosen_name": wish.name})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            joined = JoinRequest.confirm(token, now=now, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, refusal.reasons)
            status = 409
        else:
            return _welcome_person(request, joined)
    session = Session.objects.public(now).with_modules().filter(pk=wish.session).first() if wish.session else None
    return render(request, "school/joining/come_in.html", {"form": form, "session": session}, status=status)


def _welcome_person(request: HttpRequest, joined: JoinResult) -> HttpResponse:
    response = sign_in_person(request, joined.person, email=joined.person.email)
    if joined.enrolment and joined.enrolment.state == Enrolment.State.ENROLLED:
        messages.success(request, _("Welcome. You have a place."))
    elif joined.enrolment:
        messages.success(request, _("Welcome. You are on the waiting list. We write when it is your turn."))
    else:
        messages.success(request, _("Welcome."))
    for reason in joined.reasons:
        messages.warning(request, reason)
    return redirect("school:mine") if response.status_code == 302 else response  # noqa: PLR2004 -- signed in
