"""Putting a model's refusal beside the fields it is about."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


def blame(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Add each sentence to the field it names, or to the whole form where it has no such field."""
    named = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
    for name, sentences in named.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
