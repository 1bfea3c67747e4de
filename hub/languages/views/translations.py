"""Translating the hub's own texts: the languages, the texts of each, and one object's translation."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.languages.forms import LanguageForm, SwitchOnForm, TranslationForm
from hub.languages.models.languages import Language
from hub.languages.models.translations import Translation, TranslationStatus
from volunteers.shared.refusals import NotAllowed

TRANSLATE = "hub.translate_words"


@permission_required(TRANSLATE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def languages(request: HttpRequest) -> HttpResponse:
    """The languages of the hub, and the form to add one."""
    form = LanguageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with transaction.atomic():
                language = Language.objects.create(code=form.cleaned_data["code"])
        except IntegrityError:
            language = Language.objects.get(code=form.cleaned_data["code"])
        return redirect("hub:translations-language", language.code)
    context = {"form": form, "languages": Language.objects.all()}
    return render(request, "hub/languages/translations/list.html", context, status=422 if form.errors else 200)


@permission_required(TRANSLATE, raise_exception=True)
@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """One language: every object to translate, by what is missing, changed or unchecked."""
    return _language_page(request, get_object_or_404(Language, code=code), SwitchOnForm())


@permission_required(TRANSLATE, raise_exception=True)
@require_POST
def switch_on(request: HttpRequest, code: str) -> HttpResponse:
    """Offer the language to everybody."""
    language = get_object_or_404(Language, code=code)
    form = SwitchOnForm(request.POST)
    if not form.is_valid():
        return _language_page(request, language, form, status=422)
    try:
        language.switch_on()
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _language_page(request, language, form, status=409)
    messages.success(request, _("Everybody can choose it now, at the foot of every page."))
    return redirect("hub:translations-language", code)


@permission_required(TRANSLATE, raise_exception=True)
@require_POST
def switch_off(request: HttpRequest, code: str) -> HttpResponse:
    """Stop offering the language."""
    get_object_or_404(Language, code=code).switch_off()
    messages.success(request, _("Nobody can choose it now. What you wrote in it is still here."))
    return redirect("hub:translations-language", code)


@permission_required(TRANSLATE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, code: str, of: str, key: str) -> HttpResponse:
    """The texts of one object, each beside its translation."""
    language = get_object_or_404(Language, code=code)
    unit = Translation.objects.get_unit(language, of, key)
    if unit is None:
        raise Http404
    form = TranslationForm(request.POST if request.method == "POST" else None, unit=unit, language=language)
    if form.is_valid():
        Translation.objects.write(language, unit, form.translated_words, checked=form.cleaned_data["checked"])
        messages.success(request, _("Saved."))
        return redirect("hub:translations-language", code)
    has_changed = unit.status == TranslationStatus.CHANGED
    context = {"form": form, "unit": unit, "language": language, "has_changed": has_changed}
    return render(request, "hub/languages/translations/unit.html", context, status=422 if form.errors else 200)


def _language_page(request: HttpRequest, language: Language, form: SwitchOnForm, *, status: int = 200) -> HttpResponse:
    units = Translation.objects.units(language)
    only_unfinished = request.GET.get("only") == "todo"
    unfinished = [unit for unit in units if unit.status != TranslationStatus.DONE]
    context = {
        "language": language,
        "form": form,
        "units": unfinished if only_unfinished else units,
        "only_unfinished": only_unfinished,
        "total": len(units),
        "counts": Counter(unit.status.value for unit in units),
    }
    return render(request, "hub/languages/translations/language.html", context, status=status)
