"""Saving a form whose model the database may still refuse, as when two people write the same words at once."""

from __future__ import annotations

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _


def save_form(form: forms.ModelForm) -> bool:
    """Save a form if it is valid and the database takes it; otherwise it says what is wrong, and nothing changed."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error(None, _("Somebody has just added the same. Look at the list, then change one of the two."))
        return False
    return True
