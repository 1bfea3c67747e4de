"""Words in other languages: what the hub wrote itself, put into each by somebody who speaks it."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.languages.forms import LanguageForm, PieceForm, SwitchOnForm
from hub.languages.models.languages import Language
from hub.languages.models.translations import How, Piece, Translation
from volunteers.shared.refusals import NotAllowed

TRANSLATE = "hub.translate_words"


@permission_required(TRANSLATE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """The languages there are, and adding one."""
    form = LanguageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with transaction.atomic():
                language = Language.objects.create(code=form.cleaned_data["code"])
        except IntegrityError:
            language = Language.objects.get(code=form.cleaned_data["code"])
        return redirect("hub:words-language", language.code)
    context = {"form": form, "languages": Language.objects.all()}
    return render(request, "hub/languages/translations/list.html", context, status=422 if form.errors else 200)


@permission_required(TRANSLATE, raise_exception=True)
@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Everything to say in one language: what is missing, what has changed, what nobody checked."""
    return _language_page(request, get_object_or_404(Language, code=code), SwitchOnForm())


@permission_required(TRANSLATE, raise_exception=True)
@require_POST
def switch_on(request: HttpRequest, code: str) -> HttpResponse:
    """Let anybody choose it: a person has checked it."""
    found = get_object_or_404(Language, code=code)
    form = SwitchOnForm(request.POST)
    if not form.is_valid():
        return _language_page(request, found, form, status=422)
    try:
        found.switch_on()
    except NotAllowed as refused:
        form.add_error(None, str(refused))
        return _language_page(request, found, form, status=409)
    messages.success(request, _("Anybody may choose it now, at the foot of every page."))
    return redirect("hub:words-language", code)


@permission_required(TRANSLATE, raise_exception=True)
@require_POST
def switch_off(request: HttpRequest, code: str) -> HttpResponse:
    """Offer it no more. What was written stays."""
    get_object_or_404(Language, code=code).switch_off()
    messages.success(request, _("Nobody is offered it now. What was written in it is still here."))
    return redirect("hub:words-language", code)


@permission_required(TRANSLATE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def piece(request: HttpRequest, code: str, of: str, key: str) -> HttpResponse:
    """The words about one thing: as they were written, and beside them in the other language."""
    found = get_object_or_404(Language, code=code)
    one = Translation.objects.piece(found, of, key)
    if one is None:
        raise Http404
    form = PieceForm(request.POST if request.method == "POST" else None, piece=one, language=found)
    if form.is_valid():
        Translation.objects.write(found, one, form.said, checked=form.cleaned_data["checked"])
        messages.success(request, _("Saved."))
        return redirect("hub:words-language", code)
    context = {"form": form, "piece": one, "language": found, "changed": one.how == How.CHANGED}
    return render(request, "hub/languages/translations/piece.html", context, status=422 if form.errors else 200)


def _language_page(request: HttpRequest, found: Language, form: SwitchOnForm, *, status: int = 200) -> HttpResponse:
    pieces = Translation.objects.pieces(found)
    only = request.GET.get("only") == "todo"
    todo: list[Piece] = [one for one in pieces if one.how != How.DONE]
    context = {
        "language": found,
        "form": form,
        "pieces": todo if only else pieces,
        "only": only,
        "all": len(pieces),
        "todo": len(todo),
        "many": Counter(one.how.value for one in pieces),
    }
    return render(request, "hub/languages/translations/language.html", context, status=status)
