"""Pages of lists from files: choosing a kind, bringing a file, looking at its lines, taking them in, undoing that."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.imports.forms import UploadForm
from hub.imports.kinds.all_kinds import KINDS
from hub.imports.kinds.base import ListKind, Verdict
from hub.imports.limits import MAX_BYTES, UnreadableFile
from hub.imports.models.imports import PERMISSION, Import
from hub.imports.sheets import write_template, write_unclear
from supplies.spreadsheets import csv_file, xlsx_file
from volunteers.shared.actions import run_or_refuse
from volunteers.shared.requests import SignedInRequest
from volunteers.shared.workers import worker_is_alive

PAGE_SIZE = 100
SHOWN = 20
"""The number of earlier lists on the first page."""

coordinators_only = permission_required(PERMISSION, raise_exception=True)


@coordinators_only
@require_safe
def list_imports(request: SignedInRequest) -> HttpResponse:
    """The kinds of list, and the lists of the last 30 days."""
    kinds = [{"slug": kind.slug, "title": kind.title, "about": kind.about} for kind in KINDS.values()]
    context = {
        "kinds": kinds,
        "imports": Import.objects.with_numbers().select_related("by").order_by("-made_on", "-pk")[:SHOWN],
    }
    return render(request, "hub/imports/list.html", context)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def bring_list(request: SignedInRequest, kind: str) -> HttpResponse:
    """Bring a file; it is read, and nothing is taken in yet."""
    lists = _build_kind(request, kind)
    form = UploadForm(request.POST or None, request.FILES or None, kind=kind)
    status = 200
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, kind=kind)
        status = 422
        if form.is_valid():
            options = dict(form.cleaned_data)
            data = options.pop("file").read(MAX_BYTES + 1)
            try:
                batch = Import.objects.read(kind, data, by=request.user, **options)
            except UnreadableFile as refusal:
                form.add_error("file", str(refusal))
            else:
                return redirect("hub:import", batch.pk)
    return render(request, "hub/imports/bring.html", {"form": form, "kind": lists}, status=status)


@coordinators_only
@require_safe
def download_template(request: SignedInRequest, kind: str, format: str) -> HttpResponse:  # noqa: A002 -- what the address calls it
    """An empty list to fill in, with its headings and one line as an example."""
    write = {"csv": csv_file, "xlsx": xlsx_file}.get(format)
    if write is None:
        raise Http404
    return write(kind, write_template(_build_kind(request, kind)))


@coordinators_only
@require_safe
def show_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """A list: its lines before it is taken in, how far it is, and what became of it."""
    return _render_import(request, _get_import(pk))


@coordinators_only
@require_POST
def choose_lines(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the ticks of a page of lines; and take the list in, if that was the button."""
    batch = _get_import(pk)
    shown, ticked = (_read_numbers(request, name) for name in ("shown", "line"))

    def do() -> None:
        batch.choose(shown, ticked)
        if "take_in" in request.POST:
            batch.start(by=request.user, sends_letters="letters" in request.POST)

    there = redirect("hub:import", pk)
    page = request.POST.get("to", "")
    if page.isascii() and page.isdigit():
        there["Location"] += f"?page={page[:6]}"
    said = "" if "take_in" in request.POST or page else _("The ticks are saved.")
    return run_or_refuse(request, do, success=said, then=there)


@coordinators_only
@require_POST
def undo_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo what was taken in, as far as nobody has touched it."""
    batch = _get_import(pk)
    return run_or_refuse(
        request, partial(batch.start_undoing, by=request.user), success="", then=redirect("hub:import", pk)
    )


@coordinators_only
@require_POST
def drop_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget a list that is not taken in."""
    batch = _get_import(pk)
    there = redirect("hub:imports")
    return run_or_refuse(request, batch.drop, success=_("That list is gone. We took nothing from it."), then=there)


@coordinators_only
@require_safe
def download_unclear(request: SignedInRequest, pk: int) -> HttpResponse:
    """The lines that were not understood or refused, each with the reason: to put right, and bring again."""
    batch = _get_import(pk)
    lines = batch.lines.to_put_right()
    return csv_file(f"{batch.kind}-to-put-right", write_unclear(_build_kind(request, batch.kind), lines))


def _build_kind(request: SignedInRequest, kind: str) -> ListKind:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind](request.user)


def _get_import(pk: int) -> Any:
    return get_object_or_404(Import.objects.with_numbers().select_related("by", "heading"), pk=pk)


def _read_numbers(request: SignedInRequest, name: str) -> list[int]:
    return [int(number[:7]) for number in request.POST.getlist(name) if number.isascii() and number.isdigit()]


def _render_import(request: SignedInRequest, batch: Any) -> HttpResponse:
    if batch.is_at_work:
        undoing = batch.state == Import.State.UNDOING
        left = batch.taken_in if undoing else batch.waiting
        total = (batch.taken_in + batch.undone + batch.kept) if undoing else batch.chosen
        context = {"import": batch, "done": total - left, "all": total, "worker_lives": worker_is_alive()}
        fragment = "#progress" if request.headers.get("HX-Target") == "progress" else ""
        return render(request, f"hub/imports/progress.html{fragment}", context)
    only = request.GET.get("only", "")
    only = only if only in Verdict.values else ""
    lines = batch.lines.to_show(only)
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(line, line.open()) for line in page.object_list]
    context = {
        "import": batch,
        "page": page,
        "rows": rows,
        "only": only,
        "can_undo": bool(batch.taken_in or batch.kept),
        "to_put_right": batch.unclear + batch.refused,
        "emails": batch.kind == "people",
    }
    response = render(request, "hub/imports/detail.html", context)
    # The list that was being taken in is done: the whole page comes, not only its progress.
    if request.headers.get("HX-Target") == "progress":
        response["HX-Refresh"] = "true"
    return response
