"""Pages of literature: editions that are out of date, and the files to print more from."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supplies.forms.literature import LeafletForm, NewLeafletForm
from supplies.models import Item, Leaflet, LeafletFile, Lot
from supplies.requests import AuthenticatedRequest


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def literature(request: AuthenticatedRequest) -> HttpResponse:
    """Every leaflet on the shelf, its language and edition, and the reviews that are due."""
    return _literature_page(request, NewLeafletForm())


@permission_required("supplies.change_leaflet", raise_exception=True)
@require_POST
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Make an item a leaflet."""
    form = NewLeafletForm(request.POST)
    if not form.is_valid():
        return _literature_page(request, form, status=422)
    leaflet = Leaflet.objects.get_or_create(item=form.cleaned_data["item"])[0]
    return redirect("supplies:leaflet", leaflet.item.slug)


@permission_required("supplies.change_leaflet", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def leaflet(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Change a leaflet's language, edition, review day and file."""
    leaflet = get_object_or_404(Leaflet.objects.select_related("item"), item__slug=slug)
    has_file = LeafletFile.objects.filter(leaflet=leaflet).exists()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LeafletForm(*sent, instance=leaflet, has_file=has_file)
    if form.is_valid():
        form.save()
        if form.cleaned_data["pdf"]:
            leaflet.keep_file(form.cleaned_data["pdf"])
        elif form.cleaned_data.get("drop"):
            leaflet.drop_file()
        messages.success(request, _("Saved."))
        return redirect("supplies:literature")
    shown = {"form": form, "item": leaflet.item, "has_file": has_file}
    return render(request, "supplies/literature/form.html", shown, status=422 if form.is_bound else 200)


@permission_required("supplies.view_item", raise_exception=True)
@require_safe
def file(_request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """The PDF, to be saved and never shown inside a page of ours."""
    pdf = get_object_or_404(LeafletFile.objects.select_related("leaflet__item"), leaflet__item__slug=slug)
    return inert_pdf(pdf)


def inert_pdf(pdf: LeafletFile) -> HttpResponse:
    """A PDF that can do nothing here: it is saved and not opened, has one type, and is sandboxed."""
    words = slugify(f"{pdf.leaflet.item.slug} {pdf.leaflet.language} {pdf.leaflet.edition}")
    response = HttpResponse(bytes(pdf.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{words}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _literature_page(request: AuthenticatedRequest, form: NewLeafletForm, *, status: int = 200) -> HttpResponse:
    old = Lot.objects.filter(item=OuterRef("pk")).old_editions().in_stock()
    items = (
        Item.objects.filter(leaflet__isnull=False)
        .filter(Q(withdrawn=False) | Exists(old))
        .with_on_hand()
        .annotate(has_old=Exists(old), has_file=Exists(LeafletFile.objects.filter(leaflet=OuterRef("pk"))))
        .select_related("leaflet")
        .order_by("name__sorted", "pk")
    )
    today = timezone.localdate()
    rows = [(item, item.leaflet.is_out_of_date(today)) for item in items]
    return render(request, "supplies/literature/list.html", {"rows": rows, "form": form, "today": today}, status=status)
