"""The directory for other directories: Open Referral UK (HSDS 3) as JSON, for anybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.directory import hsds
from hub.directory.models.services import Pathway
from volunteers.shared.public_page import public_page

PAGE_SIZE = 50


@login_not_required
@require_safe
@public_page
def show_directory(request: HttpRequest) -> HttpResponse:
    """The version, the profile, and where the services are."""
    services = request.build_absolute_uri(reverse("hub:hsds-services"))
    return _answer({"version": hsds.VERSION, "profile": hsds.PROFILE, "services_url": services})


@login_not_required
@require_safe
@public_page
def list_services(request: HttpRequest) -> HttpResponse:
    """All public services, 50 to a page."""
    paginator = Paginator(Pathway.objects.published(), PAGE_SIZE)
    page = request.GET.get("page", "1")
    if not page.isascii() or not page.isdigit() or not 1 <= int(page[:9]) <= paginator.num_pages:
        raise Http404
    home = request.build_absolute_uri(reverse("hub:pathways"))
    services = [hsds.describe_service(service, home) for service in paginator.page(int(page[:9]))]
    return _answer(hsds.describe_page(services, int(page[:9]), paginator.num_pages, paginator.count, PAGE_SIZE))


@login_not_required
@require_safe
@public_page
def show_service(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One public service."""
    service = get_object_or_404(Pathway.objects.published(), reference=reference)
    return _answer(hsds.describe_service(service, request.build_absolute_uri(reverse("hub:pathways"))))


def _answer(content: dict[str, Any]) -> HttpResponse:
    # Anybody's page may read it: it is public, and knows nobody.
    return JsonResponse(
        content, json_dumps_params={"ensure_ascii": False}, headers={"Access-Control-Allow-Origin": "*"}
    )
