"""The shifts ahead that hang on one person, or on one of their qualifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from volunteers.eligibility import SCHOOL
from volunteers.models.people import LetterKind, User
from volunteers.models.signups import Signup
from volunteers.shared.registries import touched
from volunteers.shared.registries.touched import TouchedPlace
from volunteers.staffing import LEAD, NALOXONE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from volunteers.models.qualifications import Holding


def find_touched_shifts(person: User, now: dt.datetime, without: Holding | None) -> list[TouchedPlace]:
    """Find the shifts ahead they are on; `without` a holding, only those that need it on that day."""
    if without is None:
        return [_describe(signup) for signup in _find_ahead(person, now)]
    _all, by_holding = find_touched_by_holding(person, list(person.holdings.select_related("qualification")), now)
    return by_holding[without.pk]


def find_touched_by_holding(
    person: User, holdings: Sequence[Holding], now: dt.datetime
) -> tuple[list[TouchedPlace], dict[int, list[TouchedPlace]]]:
    """Find all shifts ahead, and by holding those that need it; one statement. `holdings` are all of this person."""
    ahead = list(_find_ahead(person, now))
    return [_describe(signup) for signup in ahead], {
        holding.pk: [_describe(signup) for signup in ahead if _hangs_on(signup, holding, holdings)]
        for holding in holdings
    }


def tell_planners(places: list[TouchedPlace], by: User | None, now: dt.datetime) -> None:
    """Tell who plans the rota to look at the gaps."""
    del now
    if any(place.about.is_published for place in places):
        for planner in User.objects.planners():
            if planner != by:
                planner.tell(LetterKind.GAPS, reverse("rota:gaps"))


def _find_ahead(person: User, now: dt.datetime) -> QuerySet[Signup]:
    signups = Signup.objects.live().filter(person=person, during__endswith__gt=now)
    return signups.exclude(shift__state="cancelled").select_related("shift", "post__needs").order_by("during", "pk")


def _describe(signup: Signup) -> TouchedPlace:
    words = _("%(when)s: %(role)s") % {"when": signup.shift.when, "role": signup.post.role}
    return TouchedPlace("shift", signup.shift.starts_at, words, signup.shift.get_absolute_url(), signup.shift)


def _hangs_on(signup: Signup, holding: Holding, holdings: Sequence[Holding]) -> bool:
    """Whether the sign-up needs this holding on its day, and no other holding of that qualification counts then."""
    day, slug = signup.shift.day, holding.qualification.slug
    needs = {SCHOOL, *([signup.post.needs.slug] if signup.post.needs else [])}
    if signup.shift.drop_in:
        needs |= {LEAD, NALOXONE}
    same = [each for each in holdings if each.qualification_id == holding.qualification_id and each.counts_on(day)]
    return slug in needs and same == [holding]


touched.register("shift", find_touched_shifts, tell_planners)
