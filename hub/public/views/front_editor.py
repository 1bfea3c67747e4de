"""The front page from behind: what it says, and what somebody can have it say."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hub.core.form_saving import save_form
from hub.core.periods import evening
from hub.core.tonights_lead import can_lead_tonight
from hub.desk.models.openings import Opening
from hub.desk.models.public_stock import PublicStock
from hub.public.default_texts import STARTING_TEXTS
from hub.public.forms.notices import NoticeForm
from hub.public.models.notices import Notice
from hub.public.models.texts import Text
from hub.public.views.front import plan
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.requests import SignedInRequest


@permission_required("hub.staff_desk", raise_exception=True)
@require_GET
def behind(request: SignedInRequest) -> HttpResponse:
    """The editor of the public pages: every text, and who may change it."""
    return _page(request, NoticeForm(initial={"day": evening(timezone.localtime())}))


@permission_required("hub.staff_desk", raise_exception=True)
@require_POST
def add_notice(request: SignedInRequest) -> HttpResponse:
    """Say something of one evening. Tonight's lead may, with no coordinator online."""
    _refuse_unless_leading(request)
    form = NoticeForm(request.POST)
    if not save_form(form):
        return _page(request, form, status=422)
    messages.success(request, _("The front page says it now."))
    return redirect("hub:front-behind")


@permission_required("hub.staff_desk", raise_exception=True)
@require_POST
def remove_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take it off again. Twice is harmless."""
    _refuse_unless_leading(request)
    Notice.objects.filter(pk=pk).delete()
    messages.success(request, _("Removed from the front page."))
    return redirect("hub:front-behind")


@permission_required("hub.staff_desk", raise_exception=True)
@require_POST
def take_picture(request: SignedInRequest) -> HttpResponse:
    """Have the list say what is there now, unless a desk has opened this evening."""
    try:
        Opening.objects.update_public_stock_by_hand()
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The list now shows what is on the shelf."))
    return redirect("hub:front-behind")


def _refuse_unless_leading(request: SignedInRequest) -> None:
    if not can_lead_tonight(request.user):
        raise PermissionDenied


def _page(request: SignedInRequest, form: NoticeForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = plan(now) | {
        "form": form,
        "leads": can_lead_tonight(request.user),
        "picture": PublicStock.current(),
        "fixed": Opening.objects.is_public_stock_fixed(),
        "texts": Text.called(*STARTING_TEXTS) if request.user.has_perm("hub.change_text") else [],
    }
    return render(request, "hub/public/front_editor/page.html", context, status=status)
