"""Pages of texts: the hub's own, which can be edited here, and the fixed ones about the software."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.languages.models.translations import translate_objects
from hub.people.retention import COPIES, PROMISES
from hub.public.default_texts import STARTING_TEXTS
from hub.public.forms.texts import TextForm
from hub.public.models.texts import Text
from hub.reports.method import describe_method
from volunteers.shared.public_page import public_page
from volunteers.shared.refusals import NotAllowed


@login_not_required
@require_safe
@public_page
def why(request: HttpRequest) -> HttpResponse:
    """Why this has to exist, how to start another one, and where to come and say so."""
    texts = translate_objects(Text.called("why", "start-your-own", "meetings"))
    days = [text.changed_on for text in texts if text.changed_on]
    return render(request, "hub/public/texts/why.html", {"texts": texts, "changed_on": max(days, default=None)})


@login_not_required
@require_safe
@public_page
def confidentiality(request: HttpRequest) -> HttpResponse:
    """The confidentiality page: what we never ask, what we hold and for how long, and what the police get."""
    (police,) = translate_objects(Text.called("police"))
    return render(
        request,
        "hub/public/texts/confidentiality.html",
        {"promises": PROMISES, "copies": COPIES, "police": police, "method": describe_method()},
    )


@login_not_required
@require_safe
@public_page
def safe_online(request: HttpRequest) -> HttpResponse:
    """The page that says what “leave this page” does, and what it does not."""
    return render(request, "hub/public/texts/safe_online.html")


@permission_required("hub.change_text", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a text: look at it first, then save. Nothing typed is lost when somebody else was quicker."""
    if slug not in STARTING_TEXTS:
        raise Http404
    # As it was written, whatever language somebody reads the page in.
    with translation.override(settings.LANGUAGE_CODE):
        (text,) = Text.called(slug)
    form = TextForm(request.POST or None, initial={"title": text.title, "body": text.body, "mark": text.mark})
    context = {"form": form, "text": text}
    if not form.is_valid():
        return render(request, "hub/public/texts/form.html", context, status=422 if form.is_bound else 200)
    context["preview"] = form.draft(slug)
    if "look" in request.POST:
        return render(request, "hub/public/texts/form.html", context)
    try:
        form.write(slug)
    except NotAllowed as refused:
        form.add_error(None, str(refused))
        context["theirs"] = text
        # Somebody who has read the new words may put their own in their place.
        context["mark"] = text.mark
        return render(request, "hub/public/texts/form.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved. Everybody can read it now."))
    return redirect(text.get_absolute_url())
