"""Pages on which people read their own data, and take it away."""

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.people.data_export import build_export, export_as_data, export_as_text, find_ledger_lines
from volunteers.shared.requests import SignedInRequest

PAGE_SIZE = 100


@require_safe
def held(request: SignedInRequest) -> HttpResponse:
    """The export in plain words; the lines they wrote in the stock's ledger a page at a time."""
    page = Paginator(find_ledger_lines(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "hub/people/data_export/page.html", {"parts": build_export(request.user, page), "page": page}
    )


@require_safe
def held_as_json(request: SignedInRequest) -> HttpResponse:
    """The export as a file for a program."""
    answer = JsonResponse(export_as_data(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    return _as_file(answer, "mine.json")


@require_safe
def held_as_text(request: SignedInRequest) -> HttpResponse:
    """The export as a file for anybody."""
    return _as_file(HttpResponse(export_as_text(request.user), content_type="text/plain; charset=utf-8"), "mine.txt")


def _as_file(answer: HttpResponse, name: str) -> HttpResponse:
    """To keep, under a name that says neither where it is from nor about whom it is."""
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
