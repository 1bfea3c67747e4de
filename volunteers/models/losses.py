"""What would be lost, in numbers: said before something that cannot be undone. An empty list means nothing would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volunteers.models.availability import Availability, WantedShifts
from volunteers.models.proposals import ProposedPlace
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.staffing import Lack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from volunteers.models.batches import Batch
    from volunteers.models.patterns import Pattern
    from volunteers.models.periods import RotaPeriod
    from volunteers.models.proposals import RotaProposal
    from volunteers.models.shift_queryset import ShiftQuerySet


def list_empty_places(shifts: ShiftQuerySet) -> list[str]:
    """List what the drafts among these shifts would be published without."""
    staffed = [shift.staffing for shift in shifts.filter(state=Shift.State.DRAFT).with_counts()]
    needed, short = sum(each.needed for each in staffed), sum(each.needed > 0 for each in staffed)
    sentences = []
    if needed:
        places = ngettext("%(n)d place is empty", "%(n)d places are empty", needed) % {"n": needed}
        on = ngettext("on %(n)d shift.", "on %(n)d shifts.", short) % {"n": short}
        sentences.append(f"{places} {on}")
    for lack, one, many in (
        (Lack.NOBODY, _("Nobody is on one of them."), _("Nobody is on %(n)d of them.")),
        (Lack.LEAD, _("One has no shift lead."), _("%(n)d have no shift lead.")),
        (Lack.NALOXONE, _("One has nobody naloxone-trained."), _("%(n)d have nobody naloxone-trained.")),
    ):
        if number := sum(lack in each.lacks for each in staffed):
            sentences.append(one if number == 1 else many % {"n": number})
    return sentences


def list_lost_answers(shifts: Iterable[Shift] | ShiftQuerySet) -> list[str]:
    """List the answers and the proposed places of these shifts, which go with them."""
    people = Availability.objects.filter(shift__in=shifts).values("person").distinct().count()
    places = ProposedPlace.objects.filter(post__shift__in=shifts).count()
    sentences = []
    if people:
        words = ngettext("What %(n)d person answered is deleted.", "What %(n)d people answered is deleted.", people)
        sentences.append(words % {"n": people})
    if places:
        words = ngettext("%(n)d proposed place is deleted.", "%(n)d proposed places are deleted.", places)
        sentences.append(words % {"n": places})
    return sentences


def lose_by_closing(period: RotaPeriod) -> list[str]:
    """List what is lost when people are asked no more."""
    sentences = list_lost_answers(Shift.objects.on_days(period.first_day, period.last_day))
    if wishes := WantedShifts.objects.filter(period=period).count():
        words = ngettext(
            "How many shifts %(n)d person wants is deleted.",
            "How many shifts %(n)d people want is deleted.",
            wishes,
        )
        sentences.append(words % {"n": wishes})
    return sentences


def lose_by_taking_back(batch: Batch) -> list[str]:
    """List what is lost with the shifts of a batch: changes made by hand, answers, and what others have seen.

    Where somebody is on one, taking it back is refused instead.
    """
    shifts = list(batch.shifts.all())
    if Signup.objects.live().filter(shift__in=shifts).exists():
        return []
    differ = {difference.shift.pk for difference in batch.pattern.differences(timezone.now())}
    edited = sum(shift.pk in differ or bool(shift.note) for shift in shifts)
    seen = sum(shift.is_published for shift in shifts)
    sentences = []
    if edited:
        words = ngettext("%(n)d shift was changed by hand.", "%(n)d shifts were changed by hand.", edited)
        sentences.append(words % {"n": edited})
    if seen:
        words = ngettext(
            "%(n)d shift is published. People have seen it, and we tell nobody.",
            "%(n)d shifts are published. People have seen them, and we tell nobody.",
            seen,
        )
        sentences.append(words % {"n": seen})
    sentences += list_lost_answers(shifts)
    total = ngettext("%(n)d shift is deleted.", "%(n)d shifts are deleted.", len(shifts)) % {"n": len(shifts)}
    return [total, *sentences] if sentences else []


def lose_by_deleting(shift: Shift) -> list[str]:
    """List what is lost with a draft. One that is no draft, or that somebody is on, is refused instead."""
    if not shift.is_draft or shift.signups.live().exists():
        return []
    roles = shift.posts.count()
    words = ngettext(
        "The draft of %(when)s is deleted, with %(n)d role.",
        "The draft of %(when)s is deleted, with %(n)d roles.",
        roles,
    )
    return [words % {"when": shift.when, "n": roles}, *list_lost_answers([shift])]


def lose_with_pattern(pattern: Pattern) -> list[str]:
    """List what is lost with a pattern."""
    shifts, batches = pattern.shifts.filter(starts_at__gt=timezone.now()).count(), pattern.batches.count()
    sentences = [_("Its rhythm, times, roles and left-out days are deleted.")]
    if shifts:
        words = ngettext(
            "%(n)d shift ahead stays, and can no longer follow the pattern.",
            "%(n)d shifts ahead stay, and can no longer follow the pattern.",
            shifts,
        )
        sentences.append(words % {"n": shifts})
    if batches:
        words = ngettext(
            "You can no longer take back %(n)d batch.", "You can no longer take back %(n)d batches.", batches
        )
        sentences.append(words % {"n": batches})
    return sentences


def lose_with_proposal(proposal: RotaProposal | None) -> list[str]:
    """List what is lost with a proposal."""
    number = proposal.places.count() if proposal else 0
    words = ngettext("%(n)d proposed place is deleted.", "%(n)d proposed places are deleted.", number)
    return [words % {"n": number}] if number else []
