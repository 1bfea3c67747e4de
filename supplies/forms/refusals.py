"""Refusals: the sentences of a model's refusal, put beside the form fields they are about."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


def run_if_valid(form: forms.BaseForm, verb: Callable[[], object]) -> bool:
    """Run a model's verb with a valid form; returns whether it was done. A refusal is added to the form."""
    if not form.is_valid():
        return False
    try:
        verb()
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return False
    return True


def add_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Add each sentence to the field it names, or to the whole form where it has no such field."""
    named = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
    for name, sentences in named.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
