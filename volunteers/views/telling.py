"""Sentences that say which people our letters told, and which they cannot reach."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from volunteers.models import LetterKind, User
from volunteers.shared.name_queries import alphabetical_key


def say_told(done: str, person: User, topic: LetterKind = LetterKind.SHIFTS) -> str:
    """A sentence, and whether this person is told by letter or has to be told by the reader."""
    if person.hears(topic):
        return _("%(done)s We tell them.") % {"done": done}
    return _("%(done)s We cannot reach them by e-mail: please tell them.") % {"done": done}


def say_all_told(done: str, people: Iterable[User], topic: LetterKind = LetterKind.SHIFTS) -> str:
    """A sentence, and the names of the people whom no letter reaches."""
    people = list(people)
    if not people:
        return done
    unreached = sorted((person.chosen_name for person in people if not person.hears(topic)), key=alphabetical_key)
    if not unreached:
        return _("%(done)s We tell everybody who was on it.") % {"done": done}
    names = ", ".join(unreached)
    return _("%(done)s We cannot reach these people by e-mail. Please tell them: %(names)s.") % {
        "done": done,
        "names": names,
    }
