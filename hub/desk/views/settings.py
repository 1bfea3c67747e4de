"""Setting up the desk, for coordinators: the checklist, the tiles, and the questions it may ask."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.desk import question_types
from hub.desk.forms.settings import ChecklistForm, QuestionForm, TilesForm
from hub.desk.models.openings import Opening
from hub.desk.models.questions import Question
from hub.desk.models.settings import DeskSettings
from supplies.models import Item

coordinators_only = permission_required("hub.set_up_desk", raise_exception=True)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_settings(request: HttpRequest) -> HttpResponse:
    """Change the checklist, and see which questions are asked."""
    form = ChecklistForm(request.POST or None, instance=DeskSettings.current())
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("hub:desk-setup")
    there = {question.slug: question for question in Question.objects.all()}
    context = {
        "form": form,
        "questions": [(kind, there.get(slug)) for slug, kind in question_types.QUESTION_TYPES.items()],
    }
    return render(request, "hub/desk/settings/page.html", context, status=422 if form.is_bound else 200)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_tiles(request: HttpRequest) -> HttpResponse:
    """Change which items have a tile, their order, and how many one tap adds."""
    items = sorted(
        Item.objects.for_visits().by_category(), key=lambda item: (item.desk_order is None, item.desk_order or 0)
    )
    form = TilesForm(items, request.POST or None)
    if form.is_valid():
        Item.objects.lay_tiles(form.build_places())
        messages.success(request, _("The tiles are saved. Devices show them when they load the desk again."))
        return redirect("hub:desk-tiles")
    return render(request, "hub/desk/settings/tiles.html", {"form": form}, status=422 if form.is_bound else 200)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_question(request: HttpRequest, kind: str) -> HttpResponse:
    """Turn one question on, change until when, or turn it off."""
    if kind not in question_types.QUESTION_TYPES:
        raise Http404
    asked = Question.objects.filter(pk=kind).first()
    if "off" in request.POST:
        desk_is_open = Opening.objects.tonight().exists()
        if asked is not None:
            asked.turn_off(desk_is_open=desk_is_open)
        if asked is None or not desk_is_open:
            messages.success(request, _("It is off. The answers we have stay in the month’s totals."))
        else:
            messages.success(request, _("It goes off tomorrow, because a desk is open. Tonight’s answers still count."))
        return redirect("hub:desk-setup")
    form = QuestionForm(request.POST or None, instance=asked or Question(slug=kind))
    if form.is_valid():
        form.save()
        messages.success(request, _("It is on. It switches itself off after its last day."))
        return redirect("hub:desk-setup")
    context: dict[str, Any] = {"form": form, "kind": question_types.QUESTION_TYPES[kind], "asked": asked}
    return render(request, "hub/desk/settings/question.html", context, status=422 if form.is_bound else 200)
