"""The page for a form that would undo somebody's work: what changed, by whom, and the form as it was filled in."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from pghistory.models import Events

from hub.core.form_keys import FIELD
from volunteers.models import User
from volunteers.shared.forms.edits import EditForm, StaleForm


def show_stale_form(request: HttpRequest, stale: StaleForm) -> HttpResponse:
    """Nothing was saved. Sent once more from here, the form is saved over the newer values."""
    form = stale.form
    edited = form.edited or getattr(form, "instance", None)
    editor = find_last_editor(edited) if isinstance(edited, Model) else None
    shown = {
        "form": form,
        "rows": getattr(form, "posts", None),
        "changed": stale.changed,
        "editor": editor,
        "by_oneself": editor is not None and editor == request.user,
        "besides": list(_find_besides(request, form)),
    }
    return render(request, "hub/web/stale_form/page.html", shown, status=HTTPStatus.CONFLICT)


def find_last_editor(edited: Model) -> User | None:
    """The person who changed it last, where a history of it is kept and they are still here."""
    event = Events.objects.tracks(edited).order_by("pgh_created_at", "pgh_id").last()
    context = (event.pgh_context or {}) if event else {}
    editor: User | None = User.objects.filter(pk=context.get("user") or None).first()
    return editor


def _find_besides(request: HttpRequest, form: EditForm) -> Iterator[tuple[str, str]]:
    """What was sent beside the form's own boxes, such as which button was pressed."""
    boxes = {field.html_name for field in form} | {"csrfmiddlewaretoken", FIELD}
    rows = getattr(form, "posts", None)
    for name, values in request.POST.lists():
        own = name in boxes or (rows is not None and name.startswith(f"{rows.prefix}-"))
        if not own and not name.startswith("initial-"):
            yield from ((name, value) for value in values)
