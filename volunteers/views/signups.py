"""Getting on a shift, off it, and onto another; and marking who came."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from volunteers.eligibility import keep_unbendable
from volunteers.forms.refusing import posted
from volunteers.forms.signups import MarkForm, MoveSignupForm, PutOnForm
from volunteers.models import Post, RotaSettings, Shift, Signup
from volunteers.models.eligibility_queries import rank_people
from volunteers.models.namesakes import tell_apart
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest
from volunteers.views.shifts import GET_OR_POST, may_run, render_shift, run_for_shift
from volunteers.views.telling import say_told


@require_POST
def take_place(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a place for oneself."""
    visible = Shift.objects.visible_to(request.user)
    post = get_object_or_404(Post.objects.select_related("shift").filter(shift__in=visible), pk=pk)
    words = _("You are on. Thank you!")
    if not request.user.is_welcomed:
        role = _("We ask a coordinator to make you a volunteer, so that you can open the desk.")
        words = f"{words} {role}"
    return run_for_shift(request, post.shift, lambda: post.book(request.user, by=request.user), words)


@require_POST
def withdraw_signup(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraw from a shift; or, for a planner, take a person off."""
    signup = _one_of_theirs(request, pk)
    words = _("You are off this shift. Thank you for telling us.")
    if signup.person_id != request.user.pk:
        words = say_told(_("%(name)s is off this shift.") % {"name": signup.person.chosen_name}, signup.person)
    return run_for_shift(request, signup.shift, lambda: signup.withdraw(by=request.user), words)


@require_POST
def keep_place(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop looking for cover."""
    signup = _one_of_theirs(request, pk)
    words = _("Good to have you. We no longer ask for cover.")
    return run_for_shift(request, signup.shift, lambda: signup.stop_looking(by=request.user), words)


@require_http_methods(GET_OR_POST)
@permission_required("volunteers.plan_rota", raise_exception=True)
def move_signup(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a person to another post, on this shift or another."""
    signup = get_object_or_404(Signup.objects.live().select_related("shift", "post", "person"), pk=pk)
    form = MoveSignupForm(posted(request), signup=signup)
    if form.is_valid():
        try:
            moved = signup.move(form.cleaned_data["post"], by=request.user)
        except NotAllowed as refusal:
            form.refuse(refusal)
        else:
            words = _("%(name)s is moved.") % {"name": signup.person.chosen_name}
            messages.success(request, say_told(words, signup.person))
            return redirect("rota:shift", moved.shift_id)
    template = "volunteers/signups/move.html" + ("#inside" if request.htmx else "")  # type: ignore[attr-defined]
    return render(request, template, {"form": form, "signup": signup}, status=form.status)


@require_POST
def mark_signup(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a person as came, or not there."""
    signup = get_object_or_404(Signup.objects.select_related("shift", "person"), pk=pk)
    if not may_run(request, signup.shift):
        raise PermissionDenied
    form = MarkForm(request.POST)
    if not form.is_valid():
        return render_shift(request, signup.shift_id, status=422, refusal=NotAllowed(_("Came, or not there?")))
    came = form.cleaned_data["came"] == "yes"
    return run_for_shift(request, signup.shift, lambda: signup.mark(came=came, by=request.user), _("Noted."))


@require_http_methods(GET_OR_POST)
def list_candidates(request: SignedInRequest, pk: int) -> HttpResponse:
    """The people for a post: those who can first, the others with every reason; to put on or to ask."""
    post = get_object_or_404(Post.objects.select_related("shift", "needs"), pk=pk)
    if not may_run(request, post.shift):
        raise PermissionDenied
    form = PutOnForm(posted(request))
    refusal: NotAllowed | None = None
    if form.is_valid():
        try:
            words = _put_or_ask(request, post, form)
        except NotAllowed as problem:
            refusal = problem
        else:
            messages.success(request, words)
            return redirect(post.shift)
    return _people_page(request, post, form, refusal)


def _put_or_ask(request: SignedInRequest, post: Post, form: PutOnForm) -> str:
    person = form.cleaned_data["person"]
    if form.cleaned_data["how"] == "ask":
        post.offer(by=request.user, to=[person])
        return _("We ask %(name)s.") % {"name": person.chosen_name}
    post.assign(person, by=request.user)
    return say_told(_("%(name)s is on.") % {"name": person.chosen_name}, person)


def _people_page(request: SignedInRequest, post: Post, form: PutOnForm, refusal: NotAllowed | None) -> HttpResponse:
    rated = rank_people(post, planned=True)
    sees = request.user.has_perm("volunteers.view_user")
    apart = tell_apart([person for person, _why in rated], timezone.now(), sign_in=sees)
    for person, _why in rated:
        person.apart = apart.get(person.pk, "")
    asked = set(post.offers.filter(until__gt=timezone.now()).values_list("to", flat=True))
    shown = {
        "post": post,
        "shift": post.shift,
        "can": [(person, person.pk in asked) for person, why in rated if not why],
        "cannot": [(person, why, not keep_unbendable(why)) for person, why in rated if why],
        "assigns": RotaSettings.current().coordinators_assign or post.shift.starts_at <= timezone.now(),
        "reasons": refusal.reasons if refusal else [_("Choose somebody from the list.")] if form.errors else [],
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "volunteers/signups/people.html", shown, status=status)


def _one_of_theirs(request: SignedInRequest, pk: int) -> Signup:
    """A sign-up of one's own; or anybody's, for planners and the lead of the shift."""
    signup = get_object_or_404(Signup.objects.select_related("shift", "person", "post"), pk=pk)
    if signup.person_id != request.user.pk and not may_run(request, signup.shift):
        raise PermissionDenied
    return signup
