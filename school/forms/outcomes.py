"""Forms of outcomes: one choice for each person and each module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from school.completion import OutcomeState
from school.models import Module
from volunteers.models import User


class OutcomesForm(forms.Form):
    """People who were there × modules it taught. A field not sent changes nothing."""

    def __init__(
        self,
        *args: Any,
        people: list[User],
        modules: list[Module],
        states: dict[tuple[int, int], str],
        **kwargs: Any,
    ) -> None:
        """A field for each person and module, filled in with the earlier outcome."""
        super().__init__(*args, **kwargs)
        self.people, self.modules, self.states = people, modules, states
        for person in people:
            for module in modules:
                labels = module.course.outcome_labels
                self.fields[self.get_field_name(person, module)] = forms.ChoiceField(
                    label=f"{person}: {module}",
                    required=False,
                    choices=[
                        (state.value, labels[state])
                        for state in (OutcomeState.DONE, OutcomeState.TOGETHER, OutcomeState.NOT_YET)
                    ],
                    initial=states.get((person.pk, module.pk), OutcomeState.NOT_YET),
                    widget=forms.RadioSelect,
                )

    @staticmethod
    def get_field_name(person: User, module: Module) -> str:
        """Return the name of the field of this person and module."""
        return f"o-{person.pk}-{module.pk}"

    def get_state(self, person: User, module: Module) -> str:
        """Return the state in the database."""
        return self.states.get((person.pk, module.pk), OutcomeState.NOT_YET)

    def get_initial_state(self, person: User, module: Module) -> str:
        """Return the state the page had when it was opened; somebody else may have changed it since."""
        return str(self.data.get(f"was-{self.get_field_name(person, module)}", self.get_state(person, module)))

    def rows(self) -> Iterator[tuple[User, list[tuple[Module, forms.BoundField, str]]]]:
        """Yield each person with their fields and their present states."""
        for person in self.people:
            yield (
                person,
                [
                    (module, self[self.get_field_name(person, module)], self.get_state(person, module))
                    for module in self.modules
                ],
            )

    def list_wanted(self) -> Iterator[tuple[User, Module, OutcomeState]]:
        """Yield the outcomes that were changed on the page, by person and module. A field not sent is no change."""
        for person in sorted(self.people, key=lambda person: person.pk):
            for module in self.modules:
                wanted = self.cleaned_data.get(self.get_field_name(person, module))
                if wanted and wanted != self.get_initial_state(person, module):
                    yield person, module, OutcomeState(wanted)

    def list_changes(self) -> list[tuple[User, Module, OutcomeState]]:
        """List the changed outcomes that nobody else has changed meanwhile."""
        return [
            (person, module, state)
            for person, module, state in self.list_wanted()
            if not self._is_overtaken(person, module, state) and state != self.get_state(person, module)
        ]

    def list_overtaken(self) -> list[str]:
        """List a sentence for each outcome that somebody else has changed meanwhile."""
        return [
            _("%(name)s, %(module)s: somebody else chose “%(now)s”. Look again.")
            % {"name": person, "module": module, "now": module.course.outcome_labels[self.get_state(person, module)]}
            for person, module, state in self.list_wanted()
            if self._is_overtaken(person, module, state)
        ]

    def _is_overtaken(self, person: User, module: Module, state: OutcomeState) -> bool:
        return self.get_state(person, module) not in {self.get_initial_state(person, module), state}
