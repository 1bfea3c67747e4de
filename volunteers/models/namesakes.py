"""Two people of one name, told apart for whoever has to choose between them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from volunteers.models.hours import Hours
from volunteers.shared.names import fold_name

if TYPE_CHECKING:
    from volunteers.models.people import User


def tell_apart(people: Iterable[User], now: dt.datetime, *, sign_in: bool = False) -> dict[int, str]:
    """What tells each of these people from others of their name here, by id; a name nobody shares is not in it.

    Pronouns, the month they were last on a shift, and the month they were last here. `sign_in` adds the sign-in name,
    for those who may see it. Where all of that is equal, or empty, a number does. Two statements, or none.
    """
    unique = {person.pk: person for person in people}
    names = Counter(fold_name(person.chosen_name) for person in unique.values())
    shared = [person for person in unique.values() if names[fold_name(person.chosen_name)] > 1]
    if not shared:
        return {}
    worked = Hours.objects.worked(shared, now)
    told = {}
    for person in shared:
        last = worked[person.pk].last_month
        facts = [
            person.pronouns,
            _("last on a shift in %(month)s") % {"month": date_format(last, "YEAR_MONTH_FORMAT")} if last else "",
            _("here in %(month)s") % {"month": date_format(person.last_here, "YEAR_MONTH_FORMAT")},
            _("signs in as %(name)s") % {"name": person.username} if sign_in else "",
        ]
        told[person.pk] = ", ".join(filter(None, facts))
    same = Counter((fold_name(person.chosen_name), told[person.pk]) for person in shared)
    for person in shared:
        if same[fold_name(person.chosen_name), told[person.pk]] > 1:
            told[person.pk] += _(", number %(number)d") % {"number": person.pk}
    return told


def label_people(people: Iterable[User], now: dt.datetime, *, sign_in: bool = False) -> dict[int, str]:
    """The names of these people for a list to choose from, by id; those that are shared with what tells them apart."""
    everybody = list(people)
    told = tell_apart(everybody, now, sign_in=sign_in)
    labels = {}
    for person in everybody:
        about = {"name": person.chosen_name, "what": told.get(person.pk)}
        labels[person.pk] = _("%(name)s (%(what)s)") % about if about["what"] else person.chosen_name
    return labels
