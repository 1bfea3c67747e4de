"""What hangs on the time of a shift, and what becomes of it when the shift is moved."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volunteers.models.availability import Availability
from volunteers.models.offers import Offer
from volunteers.models.people import LetterKind, User
from volunteers.models.periods import RotaPeriod
from volunteers.models.posts import Post
from volunteers.models.proposals import ProposedPlace, RotaProposal
from volunteers.models.rota_settings import RotaSettings
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.moving import Move, WhenMoved, depend


def remind_again(move: Move) -> list[str]:
    """Let people be reminded of the new time, but those whom the letter of the move has told while it is near.

    Refused where people were marked as there or not: that was at the old time.
    """
    shift = move.thing
    if shift.starts_at > move.now and shift.signups.filter(state__in=["came", "not_there"]).exists():
        raise NotAllowed(_("It has taken place: people were marked as there or not. Make a new shift."))
    shift.signups.update(reminded=False)
    near = dt.timedelta(hours=RotaSettings.current().reminder_hours)
    if shift.is_published and shift.starts_at - move.now <= near:
        told = User.objects.active().exclude(email=None).exclude(silenced__contains=[LetterKind.SHIFTS])
        shift.signups.filter(person__in=told).update(reminded=True)
    return []


def ask_for_new_answers(move: Move) -> list[str]:
    """Delete answers about a time that is another now, and ask these people again if they can still say."""
    if move.is_small:
        return []
    shift = move.thing
    people = list(User.objects.active().filter(answers__shift=shift).order_by("pk"))
    Availability.objects.filter(shift=shift).delete()
    period = RotaPeriod.objects.open().filter(first_day__lte=shift.day, last_day__gte=shift.day).first()
    if period is None or shift.starts_at <= move.now:
        return []
    if not people:
        RotaPeriod.objects.ask_about([shift])
        return []
    Shift.objects.filter(pk=shift.pk).update(asked_anew=True)
    for person in people:
        person.tell(LetterKind.OFFERS, reverse("periods:answers", args=[period.pk]))
    number = len(people)
    words = ngettext(
        "We ask %(n)d person again when they can come.", "We ask %(n)d people again when they can come.", number
    )
    return [words % {"n": number}]


def offer_again(move: Move) -> list[str]:
    """Let offers last until the new start. At another time who was asked is asked again, and swaps fall."""
    offers = Offer.objects.filter(Q(post__shift=move.thing) | Q(in_return__shift=move.thing)).with_shifts()
    again = 0
    for offer in offers:
        starts = [offer.post.shift.starts_at, *([offer.in_return.shift.starts_at] if offer.in_return else [])]
        offer.until = min(starts) if offer.until in (move.started_at, *starts) else min(offer.until, *starts)
        if offer.until <= move.now or (offer.is_swap and not move.is_small):
            offer.fall()
            continue
        # Somebody may say no to it at this moment.
        if not Offer.objects.filter(pk=offer.pk).update(until=offer.until):
            continue
        if not move.is_small:
            again += 1
            offer.ask_again()
    words = ngettext("We offer %(n)d place again.", "We offer %(n)d places again.", again) % {"n": again}
    return [words] if again else []


def drop_proposed(move: Move) -> list[str]:
    """Drop what was proposed for the old time; what is being worked out reads old answers, and is asked for anew."""
    if move.is_small:
        return []
    shift = move.thing
    working = RotaProposal.objects.filter(state=RotaProposal.State.WORKING)
    working.filter(period__closed=False).update(state=RotaProposal.State.FAILED)
    places = ProposedPlace.objects.filter(post__shift=shift)
    number = places.count()
    proposals = list(RotaProposal.objects.filter(places__in=places).distinct())
    places.delete()
    for proposal in proposals:
        proposal.settle([shift.pk])
    words = ngettext("%(n)d proposed place is deleted.", "%(n)d proposed places are deleted.", number) % {"n": number}
    return [words] if number else []


SHIFT = "volunteers.Shift"

depend(
    Signup,
    "shift",
    "post",
    on=SHIFT,
    becomes=WhenMoved.MOVES,
    because="a trigger gives it the new time; who is on it is told, and reminded once more of another day",
    follow=remind_again,
)
depend(
    Availability,
    "shift",
    on=SHIFT,
    becomes=WhenMoved.ASKS_AGAIN,
    because="a yes for Tuesday evening is none for Wednesday morning",
    follow=ask_for_new_answers,
)
depend(
    Offer,
    "post",
    "covers",
    "in_return",
    on=SHIFT,
    becomes=WhenMoved.ASKS_AGAIN,
    because="it lasts until the start; people were asked about the old time, and a swap was right for both then",
    follow=offer_again,
)
depend(
    ProposedPlace,
    "post",
    on=SHIFT,
    becomes=WhenMoved.FALLS,
    because="it was proposed by what people said about the old time",
    follow=drop_proposed,
)
depend(Post, "shift", on=SHIFT, becomes=WhenMoved.STAYS, because="a role and how many, whenever it is")
