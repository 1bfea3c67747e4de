"""Inviting people: making, showing and sending links, and the page they open."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required, permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from volunteers.forms.invitations import AcceptForm, InviteForm
from volunteers.models import Invitation, User
from volunteers.models.invitations import Arrival, LinkIsDead
from volunteers.shared.qr import qr_code
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.views.people import render_person

SHOW = "show_invitation"


@permission_required("volunteers.add_invitation", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: SignedInRequest) -> HttpResponse:
    """Invite a new person."""
    form = InviteForm(request.POST or None, by=request.user)
    status = 200
    if form.is_valid():
        try:
            with transaction.atomic():
                invitation = Invitation.objects.invite(by=request.user, **form.cleaned_data)
                if invitation.email:
                    invitation.send()
        except NotAllowed as refusal:
            form.add_error(None, refusal.reasons)
            status = 409
        else:
            return _hand_over(request, invitation)
    elif form.is_bound:
        status = 422
    return render(request, "volunteers/invitations/form.html", {"form": form}, status=status)


@permission_required("volunteers.add_invitation", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def renew_invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a new link for somebody; the one just made is shown here, once."""
    person = get_object_or_404(User.objects.select_related("invitation"), pk=pk)
    if request.method == "POST":
        by_mail = "by_mail" in request.POST
        email = person.email or (person.invitation.email if hasattr(person, "invitation") else None)
        try:
            with transaction.atomic():
                renewed = Invitation.renew(person, by=request.user, email=email)
                if by_mail:
                    renewed.send()
        except NotAllowed as refusal:
            return render_person(request, person, status=409, refusal=refusal)
        return _hand_over(request, renewed, by_mail=by_mail)
    link = qr = ""
    waiting = getattr(person, "invitation", None)
    if waiting and request.session.pop(SHOW, None) == str(waiting.pk):
        link = waiting.link()
        qr = qr_code(link)
    shown = {"person": person, "invitation": waiting, "link": link, "qr": qr}
    return render(request, "volunteers/invitations/show.html", shown)


def _hand_over(request: SignedInRequest, invitation: Invitation, *, by_mail: bool = True) -> HttpResponse:
    if invitation.email and by_mail:
        messages.success(request, _("We have sent the link to %(email)s.") % {"email": invitation.email})
        return redirect("volunteers:person", invitation.person_id)
    request.session[SHOW] = str(invitation.pk)
    return redirect("volunteers:invitation", invitation.person_id)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by a link. Opening the page uses nothing up: virus scanners of mail open links too."""
    try:
        arrival = Invitation.objects.arrival(token)
        form = AcceptForm(request.POST or None, arrival=arrival)
        if form.is_valid():
            person = Invitation.accept(token, **form.cleaned_data)
            return sign_in_person(
                request, person, email=arrival.email, with_password=bool(form.cleaned_data["password"])
            )
    except LinkIsDead:
        response = render(request, "volunteers/invitations/dead.html", status=410)
    except NotAllowed as refusal:
        form.add_error(None, refusal.reasons)
        response = _accept_page(request, arrival, form, 409)
    else:
        response = _accept_page(request, arrival, form, 422 if form.is_bound else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _accept_page(request: HttpRequest, arrival: Arrival, form: AcceptForm, status: int) -> HttpResponse:
    return render(request, "volunteers/invitations/accept.html", {"form": form, "arrival": arrival}, status=status)


def sign_in_person(
    request: HttpRequest, person: User, *, email: str | None, with_password: bool = False
) -> HttpResponse:
    """Sign a person in through allauth, so that a second step is still asked for."""
    if request.user.is_authenticated:
        logout(request)
    record_authentication(
        request, person, method="password" if with_password else "code", username=person.username, reauthenticated=True
    )
    response: HttpResponse = perform_login(request, person, email=email)
    return response
