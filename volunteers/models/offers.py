"""Offers: a place offered to one person or to everybody, to take, to take over, or to swap."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from volunteers.models.eligibility_queries import check_person, rank_people
from volunteers.models.people import LetterKind, User
from volunteers.models.posts import Post
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention
from volunteers.shared.registries.merging import Join, TwoRecords
from volunteers.shared.workers import RETRY_FOR_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable


class OfferQuerySet(models.QuerySet["Offer"]):
    """Queries about offers, and making them."""

    def open(self, now: dt.datetime) -> OfferQuerySet:
        """Offers that have not ended, on published shifts."""
        return self.filter(until__gt=now, post__shift__state=Shift.State.PUBLISHED)

    def run_out(self, now: dt.datetime) -> OfferQuerySet:
        """Offers that have ended."""
        return self.filter(until__lte=now)

    def for_person(self, person: User) -> OfferQuerySet:
        """Offers to this person or to everybody, without those of their own places."""
        return self.filter(Q(to=person) | Q(to=None)).exclude(covers__person=person)

    def with_shifts(self) -> OfferQuerySet:
        """Fetch the shift, the person to be covered, and the place given in return, with each offer."""
        return self.select_related(
            "post__shift", "post__needs", "to", "covers__person", "in_return__shift", "in_return__post"
        ).order_by("post__shift__starts_at", "pk")

    def make(
        self,
        post: Post,
        *,
        to: Iterable[User] | None = None,
        covers: Signup | None = None,
        until: dt.datetime | None = None,
        tell: bool = True,
    ) -> list[Offer]:
        """Offer a place to some people, who are told now; or to everybody who could take it, told by a job.

        The caller holds the shift's lock and has asked who may. It ends when the shift starts, or before.
        """
        ends = min(until or post.shift.starts_at, post.shift.starts_at)
        offers: list[Offer] = []
        for person in [None] if to is None else to:
            offer, _new = self.update_or_create(
                post=post, to=person, covers=covers, in_return=None, defaults={"until": ends}
            )
            offers.append(offer)
            if tell and person is not None:
                person.tell(LetterKind.OFFERS, offer.get_absolute_url())
            elif tell:
                spread_offer.defer(offer=offer.pk)
        return offers


class Offer(models.Model):
    """A place that somebody may take: a free one, or one of a person who wants cover or a swap.

    `to` is empty when it is offered to everybody. `covers` is the sign-up that ends when it is taken, `in_return` the
    sign-up given in return. The row is deleted when it is taken, declined, taken back or has ended: who asked whom is
    not kept.
    """

    post = models.ForeignKey(Post, verbose_name=_("post"), on_delete=models.CASCADE, related_name="offers")
    to = models.ForeignKey(
        User, verbose_name=_("to"), null=True, blank=True, on_delete=models.CASCADE, related_name="offers"
    )
    covers = models.ForeignKey(
        Signup, verbose_name=_("covers"), null=True, blank=True, on_delete=models.CASCADE, related_name="covering"
    )
    in_return = models.ForeignKey(
        Signup, verbose_name=_("in return"), null=True, blank=True, on_delete=models.CASCADE, related_name="wanted"
    )
    until = models.DateTimeField(_("until"))

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["until", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["post", "to", "covers", "in_return"],
                nulls_distinct=False,
                name="offer_once",
                violation_error_message=_("You have already asked them."),
            ),
            models.CheckConstraint(
                condition=Q(in_return__isnull=True) | Q(covers__isnull=False, to__isnull=False),
                name="offer_swap_gives_something_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(in_return__isnull=True) | ~Q(in_return=F("covers")),
                name="offer_swap_has_two_sides",
                violation_error_message=_("You cannot swap a shift with itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}, {self.post.shift}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rota:offer", args=[self.pk])

    @property
    def is_swap(self) -> bool:
        """Whether a place is given in return."""
        return self.in_return_id is not None

    def spread(self) -> None:
        """Write to everybody who could take the place and wants such letters."""
        for person, why in rank_people(self.post, covers=self.covers):
            if not why:
                person.tell(LetterKind.OFFERS, self.get_absolute_url())

    def ask_again(self) -> None:
        """Tell whoever is asked once more, because the time is another."""
        if self.to is not None:
            self.to.tell(LetterKind.OFFERS, self.get_absolute_url())
        else:
            spread_offer.defer(offer=self.pk)

    def fall(self) -> None:
        """End it, because the time is another. Both sides of a swap, and who wanted cover, are told."""
        for person in {self.to, self.covers.person if self.covers else None} - {None}:
            assert person is not None  # noqa: S101 -- for the type checker
            person.tell(LetterKind.OFFERS, reverse("rota:mine"))
        self.delete()

    @classmethod
    @transaction.atomic
    def ask_to_cover(cls, signup: Signup, people: Iterable[User], *, by: User) -> list[Offer]:
        """Ask some people to take over a place; its person stays on until one of them does."""
        shift = signup.lock()
        signup.refuse_unless_theirs(by, shift)
        signup.refuse_unless_ahead(shift)
        asked = list(people)
        if signup.person in asked:
            raise NotAllowed(_now("You cannot ask yourself."))
        return cls.objects.make(signup.post, to=asked, covers=signup)

    @classmethod
    @transaction.atomic
    def ask_to_swap(cls, signup: Signup, others: Iterable[Signup], *, by: User) -> list[Offer]:
        """Offer a swap to the people of other sign-ups. The first who says yes swaps; the other offers end."""
        shift = signup.lock()
        signup.refuse_unless_theirs(by, shift)
        signup.refuse_unless_ahead(shift)
        offers: list[Offer] = []
        for other in others:
            if other.person_id == signup.person_id:
                raise NotAllowed(_now("You cannot swap with yourself."))
            offer, new = cls.objects.update_or_create(
                post=signup.post,
                to=other.person,
                covers=signup,
                in_return=other,
                defaults={"until": min(shift.starts_at, other.shift.starts_at)},
            )
            offers.append(offer)
            if new:
                other.person.tell(LetterKind.OFFERS, offer.get_absolute_url())
        return offers

    @transaction.atomic
    def accept(self, person: User) -> Signup:
        """Take the place: the covered person comes off, a place in return goes back. All or nothing."""
        offer = self._lock(person)
        if offer.covers is None:
            signup = offer.post.book(person, by=person)
        elif offer.in_return is None:
            signup = _take_over(offer, person)
        else:
            signup = _swap(offer, person)
        Offer.objects.filter(pk=offer.pk, to__isnull=False).delete()
        return signup

    @transaction.atomic
    def decline(self, person: User) -> None:
        """Say no. The person who asked is told that this offer is over."""
        if self.to_id != person.pk:
            raise NotAllowed(_now("This was not offered to you."))
        if self.covers is not None:
            self.covers.person.tell(LetterKind.SHIFTS, self.post.shift.get_absolute_url())
        self.delete()

    @transaction.atomic
    def take_back(self, *, by: User) -> None:
        """Stop asking."""
        own = self.covers is not None and self.covers.person_id == by.pk
        if not own and not by.has_perm("volunteers.plan_rota"):
            raise NotAllowed(_now("Only the person who asked, or a coordinator, can take it back."))
        if self.covers is not None and self.to_id is None:
            self.covers.stop_looking(by=by)
        else:
            self.delete()

    def _lock(self, person: User) -> Offer:
        """The offer, read again after locking its shifts and people; refused if it is gone, late or another's."""
        touched = [self.post.shift_id] + ([self.in_return.shift_id] if self.in_return else [])
        shifts = {shift.pk: shift for shift in Shift.objects.filter(pk__in=touched).lock()}
        User.objects.lock([person, *([self.covers.person] if self.covers else [])])
        offer = (
            Offer.objects.select_related("covers__person", "in_return__post__needs", "post__needs")
            .filter(pk=self.pk)
            .first()
        )
        now = timezone.now()
        if offer is None or offer.until <= now or (offer.to_id is not None and offer.to_id != person.pk):
            raise NotAllowed(_now("This is no longer open. Somebody else may have taken it."))
        offer.post.shift = shifts[offer.post.shift_id]
        if offer.in_return is not None:
            offer.in_return.shift = shifts[offer.in_return.shift_id]
        if offer.covers is not None and offer.covers.person_id == person.pk:
            raise NotAllowed(_now("You cannot swap with yourself."))
        for signup in (offer.covers, offer.in_return):
            if signup is not None and signup.state not in (Signup.State.CONFIRMED, Signup.State.LOOKING):
                raise NotAllowed(_now("This is no longer open. Somebody else may have taken it."))
        return offer


@app.task(name="volunteers.jobs.spread_offer", retry=RETRY_FOR_DAYS)  # type: ignore[untyped-decorator]
def spread_offer(offer: int) -> None:
    """Write to everybody who could take an offered place; nothing happens if it is gone by now."""
    for open_offer in Offer.objects.open(timezone.now()).with_shifts().filter(pk=offer, to=None):
        open_offer.spread()


def _take_over(offer: Offer, person: User) -> Signup:
    given = offer.covers
    assert given is not None  # noqa: S101 -- for the type checker; `accept` has looked
    _refuse(offer.post, person, leaving=[given])
    _withdraw_signup(given)
    signup = offer.post.put_on(person)
    for recipient in (given.person, person):
        recipient.tell(LetterKind.SHIFTS, offer.post.shift.get_absolute_url())
    return signup


def _swap(offer: Offer, person: User) -> Signup:
    given, back = offer.covers, offer.in_return
    assert given is not None  # noqa: S101 -- for the type checker; `accept` has looked
    assert back is not None  # noqa: S101 -- the same
    back.post.shift = back.shift
    giver = given.person
    _refuse(offer.post, person, leaving=[given, back])
    _refuse(back.post, giver, leaving=[given, back], name=giver.chosen_name)
    _withdraw_signup(given)
    _withdraw_signup(back)
    signup = offer.post.put_on(person)
    back.post.put_on(giver)
    for recipient in (person, giver):
        recipient.tell(LetterKind.SHIFTS, reverse("rota:mine"))
    return signup


def _refuse(post: Post, person: User, *, leaving: list[Signup], name: str = "") -> None:
    if why := check_person(post, person, without=leaving, asked=True):
        raise NotAllowed(f"{name}: {item.sentence}" if name else item.sentence for item in why)


def _withdraw_signup(signup: Signup) -> None:
    signup.covering.all().delete()
    signup.wanted.all().delete()
    signup.state = Signup.State.WITHDRAWN
    signup.save(update_fields=["state"])


retention.keep(
    Offer,
    until="until answered, the start of the shift at most",
    promise="availability",
    every=retention.Every.HOUR,
    overdue=Offer.objects.run_out,
)


class JoinOffers(Join):
    """Of two offers of one place the longer stays. What would ask somebody to cover themselves ends."""

    def finish(self, records: TwoRecords) -> None:
        """End the offers of their own places, and of shifts they are on."""
        offers = Offer.objects.filter(to=records.stays)
        offers.filter(covers__person=records.stays).delete()
        on = Signup.objects.live().filter(person=records.stays).values("shift")
        offers.filter(covers=None, post__shift__in=on).delete()


personal_data.hold(
    Offer,
    "to",
    part="shifts",
    counted_as=_("Places you were offered"),
    order=10,
    merge=JoinOffers(
        ("post", "covers", "in_return"),
        name=_("Places offered to them"),
        becomes=_("the offer that lasts longer stays."),
        turn=90,
        choose=lambda mine, theirs: max(mine, theirs, key=lambda offer: offer.until),
    ),
)
