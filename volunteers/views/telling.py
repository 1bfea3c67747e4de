"""Saying whom our mail told of what somebody just did, to their shift say, and whom it cannot reach."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from volunteers.models import Topic, User


def and_told(done: str, person: User, topic: Topic = Topic.SHIFTS) -> str:
    """What was done, and that they know; or that whoever reads this has to tell them."""
    if person.hears(topic):
        return _("%(done)s They are told.") % {"done": done}
    return _("%(done)s No mail of ours reaches them: please tell them.") % {"done": done}


def all_told(done: str, people: Iterable[User], topic: Topic = Topic.SHIFTS) -> str:
    """The same for everybody who is to know, if there is anybody; by name those whom no mail of ours reaches."""
    people = list(people)
    if not people:
        return done
    unreached = sorted(person.chosen_name for person in people if not person.hears(topic))
    if not unreached:
        return _("%(done)s Everybody who was on it is told.") % {"done": done}
    names = ", ".join(unreached)
    return _("%(done)s No mail of ours reaches these people, so please tell them: %(names)s.") % {
        "done": done,
        "names": names,
    }
