"""Leaflets: the list anybody sees, and the files to take along."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.desk.models.public_stock import PublicStock
from hub.languages.models.translations import Translation
from supplies.models import Leaflet, LeafletFile
from supplies.views.literature import inert_pdf
from volunteers.shared.public_page import public_page


@login_not_required
@require_safe
@public_page
def literature(request: HttpRequest) -> HttpResponse:
    """By language: what there is on paper, and what there is to take along as a file."""
    picture = PublicStock.current()
    leaflets = list(Leaflet.objects.public())
    Translation.objects.translate(*(leaflet.item for leaflet in leaflets))
    context = {
        "leaflets": leaflets,
        "on_paper": set(picture.here) if picture else set(),
        "today": timezone.localdate(),
    }
    return render(request, "hub/public/leaflets/list.html", context)


@login_not_required
@require_safe
@public_page
def file(_request: HttpRequest, slug: str) -> HttpResponse:
    """One file, to be saved."""
    files = LeafletFile.objects.filter(leaflet__in=Leaflet.objects.public())
    return inert_pdf(get_object_or_404(files.select_related("leaflet__item"), leaflet__item__slug=slug))
