"""Merging the sign-ups of two records of one person: what wins on one shift, and on two at one time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.models.hours import Hours
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.shared.registries import personal_data
from volunteers.shared.registries.merging import Join, TwoRecords

if TYPE_CHECKING:
    import datetime as dt

# What counts for more, where both have a sign-up for one shift or for one time.
RANK = {
    state: rank
    for rank, state in enumerate(
        [
            Signup.State.WITHDRAWN,
            Signup.State.NOT_THERE,
            Signup.State.LOOKING,
            Signup.State.CONFIRMED,
            Signup.State.CAME,
        ]
    )
}


def choose_signup(mine: Signup, theirs: Signup) -> Signup:
    """Choose the sign-up that counts for more: came, confirmed, looking for cover, not there, withdrawn."""
    return max(mine, theirs, key=lambda signup: RANK[Signup.State(signup.state)])


class JoinSignups(Join):
    """On one shift the sign-up that counts for more stays, and the other place is free again.

    On two shifts at one time, too; but hours worked on the other one are kept as hours.
    """

    def lock(self, records: TwoRecords) -> None:
        """Lock the shifts of both, before the people, as everybody does."""
        keys = Signup.objects.filter(person__in=[records.stays, records.goes]).values("shift")
        Shift.objects.filter(pk__in=keys).lock()

    def warn(self, records: TwoRecords) -> Iterator[str]:
        """Name each pair of shifts at one time, and each shift with a place too many."""
        for kept, given_up in _find_clashes(records):
            facts = {"kept": kept.shift.when, "when": given_up.shift.when}
            if kept.shift_id == given_up.shift_id:
                if not _is_worked(given_up, records.now):
                    yield _now("Both are on %(when)s. One place becomes free, and we offer it to others.") % facts
            elif _is_worked(given_up, records.now):
                yield _now("%(when)s is at the same time as %(kept)s. We keep it as hours.") % facts
            else:
                yield (
                    _now(
                        "%(when)s is at the same time as %(kept)s, which stays. The place becomes free, and we "
                        "offer it."
                    )
                    % facts
                )

    def prepare(self, records: TwoRecords) -> None:
        """Give up the place of each clash: withdrawn if it is ahead, turned into hours if it was worked."""
        for kept, given_up in _find_clashes(records):
            if not _is_worked(given_up, records.now):
                given_up.withdraw(by=given_up.person)
            elif kept.shift_id != given_up.shift_id:
                Shift.objects.filter(pk=given_up.shift_id).remember_short(records.now)
                Hours.objects.take_in(Signup.objects.filter(pk=given_up.pk))


def _find_clashes(records: TwoRecords) -> list[tuple[Signup, Signup]]:
    """Pairs of live sign-ups, one of each record, that one person cannot have: the kept one first, each given up once.

    The nearest shift comes first, so that the page and the merge decide alike.
    """
    both = Signup.objects.live().filter(person__in=[records.stays, records.goes])
    signups = list(both.select_related("shift", "person", "post").order_by("during", "pk"))
    own = [signup for signup in signups if signup.person_id == records.stays.pk]
    others = [signup for signup in signups if signup.person_id == records.goes.pk]
    clashes: list[tuple[Signup, Signup]] = []
    gone: set[int] = set()
    for mine in own:
        for theirs in others:
            if gone & {mine.pk, theirs.pk} or not mine.shift.span.overlaps(theirs.shift.span):
                continue
            kept = choose_signup(mine, theirs)
            given_up = theirs if kept is mine else mine
            gone.add(given_up.pk)
            clashes.append((kept, given_up))
    return clashes


def _is_worked(signup: Signup, now: dt.datetime) -> bool:
    """Whether the shift is over, or the person was seen on it."""
    return signup.shift.ends_at <= now or signup.state == Signup.State.CAME


personal_data.hold(
    Signup,
    "person",
    part="shifts",
    merge=JoinSignups(
        ("shift",),
        name=_("On shifts"),
        becomes=_("the one that counts more stays: came, then on it, then needs cover."),
        turn=60,
        choose=choose_signup,
    ),
)
