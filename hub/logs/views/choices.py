"""Pages for the lists of answers that our forms offer, and for our kinds of strip."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub.core.choices import Choice
from hub.core.form_saving import save_form
from hub.logs.forms.choices import ChoiceForm, NewChoiceForm
from hub.logs.models.strips import Strip

writers_only = permission_required("hub.change_choice", raise_exception=True)


@writers_only
@require_GET
def list_choices(request: HttpRequest) -> HttpResponse:
    """Every list with its answers, and every kind of strip."""
    return _render_lists(request, NewChoiceForm(), "")


@writers_only
@require_POST
def add_choice(request: HttpRequest, of: str) -> HttpResponse:
    """Add an answer at the end of its list."""
    if of not in Choice.Of.values:
        raise Http404
    last = Choice.objects.filter(of=of).order_by("-order").first()
    form = NewChoiceForm(request.POST, instance=Choice(of=of, order=min(last.order + 10 if last else 10, 32767)))
    if not save_form(form):
        return _render_lists(request, form, of, status=422)
    messages.success(request, _("Added."))
    return redirect("hub:lists")


@writers_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_choice(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an answer's words, its place, and whether it is still offered."""
    choice = get_object_or_404(Choice, pk=pk)
    form = ChoiceForm(request.POST or None, instance=choice)
    if request.method == "POST" and save_form(form):
        messages.success(request, _("Saved."))
        return redirect("hub:lists")
    context = {"form": form, "list": Choice.Of(choice.of).label}
    return render(request, "hub/logs/choices/answer.html", context, status=422 if form.errors else 200)


def _render_lists(request: HttpRequest, form: NewChoiceForm, of: str, status: int = 200) -> HttpResponse:
    choices = list(Choice.objects.all())
    context = {
        "lists": [
            (value, label, [choice for choice in choices if choice.of == value], form if value == of else None)
            for value, label in Choice.Of.choices
        ],
        "strips": Strip.objects.all(),
    }
    return render(request, "hub/logs/choices/list.html", context, status=status)
