"""People who have been quiet for a year are asked once whether they stay, and erased when they say nothing."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from hub.people.erasure import erase_person
from volunteers.models import User
from volunteers.models.people import Topic
from volunteers.shared.refusals import NotAllowed

# Whoever was asked has two months to sign in, which is all it takes.
ANSWER_WITHIN = dt.timedelta(days=60)


def ask_the_quiet() -> int:
    """Write to whoever has been quiet for a year and was not asked yet. Returns how many.

    Without an e-mail nobody can be written to: those who look after people see on their page that they should be
    asked another way.
    """
    quiet = list(User.objects.quiet(timezone.localdate()).filter(asked_on=None).order_by("pk"))
    for person in quiet:
        person.asked_on = timezone.localdate()
        person.save(update_fields=["asked_on"])
        person.tell(Topic.SHIFTS, reverse("volunteers:me"))
    return len(quiet)


def erase_the_silent() -> int:
    """Erase whoever was asked and has not come by since. The last admin stays, whatever happens. Returns how many."""
    erased = 0
    for person in User.objects.quiet(timezone.localdate()).filter(asked_on__lte=timezone.localdate() - ANSWER_WITHIN):
        try:
            erase_person(person, by=None)
        except NotAllowed:
            continue
        erased += 1
    return erased
