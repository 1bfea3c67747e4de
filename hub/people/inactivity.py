"""People who have been quiet for a year are asked once whether they stay, and erased when they say nothing."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from hub.people.erasure import erase_person
from volunteers.models import User
from volunteers.models.people import LetterKind
from volunteers.shared.refusals import NotAllowed

# People who were asked have two months to sign in, which is all it takes.
ANSWER_TIMEOUT = dt.timedelta(days=60)


def ask_inactive_people() -> int:
    """Write to people who have been quiet for a year and were not asked yet. Returns how many.

    Without an e-mail nobody can be written to: those who look after people see on their page that they should be
    asked another way.
    """
    quiet = list(User.objects.quiet(timezone.localdate()).filter(asked_on=None).order_by("pk"))
    for person in quiet:
        person.asked_on = timezone.localdate()
        person.save(update_fields=["asked_on"])
        person.tell(LetterKind.SHIFTS, reverse("volunteers:me"))
    return len(quiet)


def erase_silent_people() -> int:
    """Erase people who were asked and have not signed in since; never the last admin. Returns how many."""
    erased = 0
    for person in User.objects.quiet(timezone.localdate()).filter(asked_on__lte=timezone.localdate() - ANSWER_TIMEOUT):
        try:
            erase_person(person, by=None)
        except NotAllowed:
            continue
        erased += 1
    return erased
