"""A form that the model can refuse although it is valid."""

from django import forms
from django.http import HttpRequest, QueryDict

from volunteers.shared.refusals import NotAllowed


class RefusableForm(forms.Form):
    """Knows the status of its page: 422 if it is invalid, 409 if the model refused, 200 otherwise."""

    refused = False

    def refuse(self, refusal: NotAllowed) -> None:
        """Show the reasons for a refusal above the form."""
        self.refused = True
        self.add_error(None, refusal.reasons)

    @property
    def status(self) -> int:
        """The answer's status."""
        if self.refused:
            return 409
        return 422 if self.is_bound and self.errors else 200


def posted(request: HttpRequest) -> QueryDict | None:
    """The posted data, also if empty; None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def clock_input() -> forms.TimeInput:
    """The browser's own input for a clock time."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
