"""How a session went for each person: one choice for each of them and each module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from school.completion import OutcomeState
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
                    choices=[
                        (state.value, words[state])
                        for state in (OutcomeState.DONE, OutcomeState.TOGETHER, OutcomeState.NOT_YET)
                    ],
                    initial=said.get((person.pk, module.pk), OutcomeState.NOT_YET),
                    widget=forms.RadioSelect,
                )

    @staticmethod
    def name(person: User, module: Module) -> str:
        """What the field of this person and module is called."""
        return f"o-{person.pk}-{module.pk}"

    def now(self, person: User, module: Module) -> str:
        """What is said of them at this moment."""
        return self.said.get((person.pk, module.pk), OutcomeState.NOT_YET)

    def seen(self, person: User, module: Module) -> str:
        """What the page said when it was opened; somebody else may have said something since."""
        return str(self.data.get(f"was-{self.name(person, module)}", self.now(person, module)))

    def rows(self) -> Iterator[tuple[User, list[tuple[Module, forms.BoundField, str]]]]:
        """Each person with their fields, and what is said of them now."""
        for person in self.people:
            yield (
                person,
                [(module, self[self.name(person, module)], self.now(person, module)) for module in self.modules],
            )

    def changed(self) -> Iterator[tuple[User, Module, OutcomeState]]:
        """What whoever sent the page changed on it, person by person in one order. What was not sent is not said."""
        for person in sorted(self.people, key=lambda one: one.pk):
            for module in self.modules:
                wanted = self.cleaned_data.get(self.name(person, module))
                if wanted and wanted != self.seen(person, module):
                    yield person, module, OutcomeState(wanted)

    def changes(self) -> list[tuple[User, Module, OutcomeState]]:
        """Those of it that nobody else has said otherwise meanwhile."""
        return [one for one in self.changed() if not self._overtaken(*one) and one[2] != self.now(one[0], one[1])]

    def overtaken(self) -> list[str]:
        """A sentence for each that somebody else has said otherwise meanwhile."""
        return [
            _("%(name)s, %(module)s: somebody else said “%(now)s” meanwhile. Look again.")
            % {"name": person, "module": module, "now": module.course.words[self.now(person, module)]}
            for person, module, state in self.changed()
            if self._overtaken(person, module, state)
        ]

    def _overtaken(self, person: User, module: Module, state: OutcomeState) -> bool:
        return self.now(person, module) not in {self.seen(person, module), state}
