"""A form that can be refused by a model after it was found valid."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from volunteers.shared.refusals import NotAllowed


class RefusableForm(forms.Form):
    """Knows which status its page has: 422 if it was filled in wrongly, 409 if the model said no, 200 otherwise."""

    refused = False

    def refuse(self, refusal: NotAllowed) -> None:
        """Show why the model said no above what was typed."""
        self.refused = True
        self.add_error(None, refusal.reasons)

    @property
    def status(self) -> int:
        """The answer's status."""
        if self.refused:
            return 409
        return 422 if self.is_bound and self.errors else 200


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when that was nothing at all; None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def day_input(**attrs: Any) -> forms.DateInput:
    """A day as the browser's own calendar gives it."""
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


def clock_input() -> forms.TimeInput:
    """A clock time as the browser's own clock gives it."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
