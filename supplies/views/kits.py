"""Pages of kits: making packs up, and taking them apart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from supplies.forms.items import AssemblyForm, SpotForm
from supplies.forms.refusals import add_refusal, run_if_valid
from supplies.models import Inside, Item
from supplies.requests import AuthenticatedRequest
from supplies.views.items import act_page, get, spots_of


@permission_required("supplies.move_stock", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def assemble(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Make up packs; the message says the number to write on them."""
    pack = _get_pack(slug)
    form = AssemblyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            lot = pack.assemble(form.cleaned_data["number"], store=form.cleaned_data.get("store"), by=request.user)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Made up. Write %(number)s on each of them.") % {"number": lot.number})
            return redirect("supplies:item", slug)
    parts = ", ".join(f"{part.name} × {quantity}" for part, quantity in pack.recipe().items())
    about = _("In each: %(parts)s. The parts leave the shelf now. We take those with the nearest date first.")
    if gone := [part.name for part in pack.recipe() if part.withdrawn]:
        about = _("%(item)s is withdrawn. Change what goes into the pack first.") % {"item": gone[0]}
    title = _("Make up: %(item)s") % {"item": pack.name}
    label = _("They are made up")
    return act_page(request, pack, form, title=title, about=about % {"parts": parts} if parts else "", label=label)


@permission_required("supplies.move_stock", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def take_apart(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Take packs apart; each part goes back to the lot it came from."""
    pack = _get_pack(slug)
    lots = set(Inside.objects.filter(pack__item=pack).values_list("pack", flat=True))
    spots = [spot for spot in spots_of(pack) if spot.row.lot_id in lots]
    form = SpotForm(spots, pack, request.POST if request.method == "POST" else None)
    if run_if_valid(form, lambda: _take_apart(pack, form, by=request.user)):
        messages.success(request, _("Taken apart. The parts are back on the shelf."))
        return redirect("supplies:item", slug)
    title = _("Take apart: %(item)s") % {"item": pack.name}
    about = _("You get back what was put in, even if the recipe has changed.")
    return act_page(request, pack, form, title=title, about=about, label=_("They are taken apart"))


def _take_apart(pack: Item, form: SpotForm, *, by: Any) -> None:
    spot = form.chosen
    assert spot.lot is not None  # noqa: S101 -- for the type checker: only lots that were made up are chosen
    pack.take_apart(form.cleaned_data["quantity"], lot=spot.lot, store=spot.store, by=by)


def _get_pack(slug: str) -> Item:
    pack = get(slug)
    if not pack.is_pack:
        raise Http404
    return pack
