"""Form keys at work: what a form does is done in one transaction with its key, and once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from hub.core.form_keys import FIELD, FormKey, mark_of, read_form_key
from hub.web.views.sent_before import show_other_content
from volunteers.shared.forms.edits import OPENED

GetResponse = Callable[[HttpRequest], HttpResponse]
FAILED = 400
BROKEN = 500
# What never counts as the content of a form.
NOT_CONTENT = (FIELD, "csrfmiddlewaretoken")
# Signing in and out, and passwords: theirs are sent as often as it takes, and nothing of them is kept.
ACCOUNTS = "/accounts/"


def form_key_middleware(get_response: GetResponse) -> GetResponse:
    """Do what a form asks once, however often it is sent.

    A second copy waits for the first and gets its answer. A first one that was refused leaves nothing, so that the
    form can be put right and sent again. One key with other content changes nothing and shows both.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        key = read_form_key(request) if request.method == "POST" and _is_kept(request) else None
        if key is None:
            return get_response(request)
        sent, mark = _read_content(request)
        pk = FormKey.derive_id(key, path=request.get_full_path(), person=request.user.pk)
        with transaction.atomic():
            if any(name.rpartition("-")[2] == OPENED for name in sent):
                _edit_alone(request.path)
            earlier = FormKey.objects.claim(pk)
            if earlier:
                return _answer_again(request, earlier, key, sent, mark)
            response = get_response(request)
            if response.status_code >= BROKEN:
                transaction.set_rollback(True)
            elif _is_done(response):
                # Who sent it is asked again: signing in ends one session and begins another.
                may_keep = request.user.is_authenticated and not hasattr(request, "sensitive_post_parameters")
                FormKey(pk=pk).keep(key, response, sent=sent if may_keep else None, mark=mark)
            else:
                FormKey.objects.filter(pk=pk).delete()
        return response

    return middleware


def _edit_alone(path: str) -> None:
    """Wait until nobody else saves here, so that the second of two stale forms sees what the first saved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [path])


def _is_kept(request: HttpRequest) -> bool:
    if request.path.startswith(ACCOUNTS):
        return False
    try:
        return not getattr(resolve(request.path_info).func, "keeps_own_key", False)
    except Resolver404:
        return False


def _read_content(request: HttpRequest) -> tuple[dict[str, list[str]], str]:
    sent = {name: values for name, values in request.POST.lists() if name not in NOT_CONTENT}
    files = {}
    for name, file in request.FILES.items():
        files[name] = hashlib.file_digest(file.file, "sha256").digest()  # type: ignore[union-attr, arg-type]
        file.seek(0)  # type: ignore[union-attr]
    return sent, mark_of(sent, files)


def _is_done(response: HttpResponseBase) -> bool:
    """Whether the form did what it is for: not if it was refused, nor if somebody has to sign in first."""
    to_sign_in = reverse("account_login"), reverse("account_reauthenticate"), reverse("mfa_index")
    location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    return response.status_code < FAILED and not response.streaming and not location.startswith(to_sign_in)


def _answer_again(
    request: HttpRequest, earlier: FormKey, key: str, sent: dict[str, list[str]], mark: str
) -> HttpResponse:
    first = earlier.open(key)
    if first is None or not first.is_of(mark):
        return show_other_content(request, first, sent)
    if first.location:
        messages.info(request, _("We got that twice, and did it once. If you want a second one, open the form again."))
    return first.answer()
