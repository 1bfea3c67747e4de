"""People who have been quiet for a year are asked once whether they stay, and erased when they say nothing."""

import datetime as dt

from django.db import transaction
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
    today, asked = timezone.localdate(), 0
    quiet = User.objects.quiet(today).filter(asked_on=None)
    for person in list(quiet.order_by("pk")):
        with transaction.atomic():
            # Only if nobody asked and they have not come since the list was read.
            if quiet.filter(pk=person.pk).update(asked_on=today):
                person.tell(LetterKind.SHIFTS, reverse("volunteers:me"))
                asked += 1
    return asked


def erase_silent_people() -> int:
    """Erase people who were asked and have not signed in since; never the last admin. Returns how many."""
    erased = 0
    silent = User.objects.quiet(timezone.localdate()).filter(asked_on__lte=timezone.localdate() - ANSWER_TIMEOUT)
    for person in list(silent.order_by("pk")):
        try:
            erase_person(person, by=None, while_among=silent)
        except NotAllowed:
            continue
        erased += 1
    return erased
