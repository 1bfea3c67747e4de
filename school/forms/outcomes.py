"""How a session went for each person: one choice for each of them and each module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from school.completion import State
from school.models import Module
from volunteers.models import User


class OutcomesForm(forms.Form):
    """People who were there × modules it taught. What nobody says stays unsaid."""

    def __init__(
        self,
        *args: Any,
        people: list[User],
        modules: list[Module],
        said: dict[tuple[int, int], str],
        **kwargs: Any,
    ) -> None:
        """A field for each person and module, beginning with what was said before."""
        super().__init__(*args, **kwargs)
        self.people, self.modules, self.said = people, modules, said
        for person in people:
            for module in modules:
                words = module.course.words
                self.fields[self.name(person, module)] = forms.ChoiceField(
                    label=f"{person}: {module}",
                    required=False,
                    choices=[(state.value, words[state]) for state in (State.DONE, State.TOGETHER, State.NOT_YET)],
                    initial=said.get((person.pk, module.pk), State.NOT_YET),
                    widget=forms.RadioSelect,
                )

    @staticmethod
    def name(person: User, module: Module) -> str:
        """What the field of this person and module is called."""
        return f"o-{person.pk}-{module.pk}"

    def rows(self) -> Iterator[tuple[User, list[tuple[Module, forms.BoundField]]]]:
        """Each person with their fields."""
        for person in self.people:
            yield person, [(module, self[self.name(person, module)]) for module in self.modules]

    def changes(self) -> Iterator[tuple[User, Module, State]]:
        """What is to be said that was not said before, person by person in one order."""
        for person in sorted(self.people, key=lambda one: one.pk):
            for module in self.modules:
                wanted = self.cleaned_data[self.name(person, module)] or State.NOT_YET
                if wanted != self.said.get((person.pk, module.pk), State.NOT_YET):
                    yield person, module, State(wanted)
