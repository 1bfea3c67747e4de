"""Saying whom our mail told of what somebody just did to their shift, and whom it cannot reach."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from volunteers.models import Topic, User


def and_told(done: str, person: User) -> str:
    """What was done, and that they know; or that whoever reads this has to tell them."""
    if person.hears(Topic.SHIFTS):
        return _("%(done)s They are told.") % {"done": done}
    return _("%(done)s They get no mail about shifts from us: please tell them.") % {"done": done}


def all_told(done: str, people: Iterable[User]) -> str:
    """The same for everybody who was on a shift; by name those whom no mail of ours reaches."""
    unreached = sorted(person.chosen_name for person in people if not person.hears(Topic.SHIFTS))
    if not unreached:
        return _("%(done)s Everybody who was on it is told.") % {"done": done}
    names = ", ".join(unreached)
    return _("%(done)s No mail of ours reaches these people, so please tell them: %(names)s.") % {
        "done": done,
        "names": names,
    }
