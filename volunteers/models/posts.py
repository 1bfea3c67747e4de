"""Posts: the roles on a shift, how many people each takes, and putting somebody on one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.eligibility import keep_unbendable
from volunteers.models.eligibility_queries import check_person
from volunteers.models.people import LetterKind, User
from volunteers.models.qualifications import Qualification
from volunteers.models.rota_settings import RotaSettings
from volunteers.shared.name_queries import NameField
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention
from volunteers.staffing import LIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from volunteers.models.offers import Offer
    from volunteers.models.shifts import Shift
    from volunteers.models.signups import Signup

MAX_PEOPLE = 50


@dataclass(frozen=True)
class Wanted:
    """A post as it should be; `key` is the id of the existing post that becomes it."""

    role: str
    minimum: int = 1
    maximum: int = 1
    needs: Qualification | None = None
    key: int | None = None


class PostShape(models.Model):
    """The fields a post has on a shift and in a pattern."""

    role = NameField(_("role"), max_length=60)
    minimum = models.PositiveSmallIntegerField(_("at least"), default=1)
    maximum = models.PositiveSmallIntegerField(_("at most"), default=1)
    needs = models.ForeignKey(
        Qualification,
        verbose_name=_("needs"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Everybody on a shift has done the School. This is what they also need."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.role

    @property
    def size(self) -> str:
        """The number of people, in figures."""
        return str(self.maximum) if self.minimum == self.maximum else f"{self.minimum}–{self.maximum}"

    @property
    def shape(self) -> tuple[str, int, int, int | None]:
        """The values that are equal in two equal posts."""
        return (self.role, self.minimum, self.maximum, self.needs_id)


def sizes(table: str) -> list[models.BaseConstraint]:
    """The constraints on the numbers of a post, for one table."""
    return [
        models.CheckConstraint(
            condition=Q(minimum__lte=F("maximum")),
            name=f"{table}_minimum_fits",
            violation_error_message=_("The least cannot be more than the most."),
        ),
        models.CheckConstraint(
            condition=Q(maximum__gte=1, maximum__lte=MAX_PEOPLE),
            name=f"{table}_takes_somebody",
            violation_error_message=_("A post takes between 1 and 50 people."),
        ),
        models.CheckConstraint(
            condition=~Q(role=""), name=f"{table}_role_given", violation_error_message=_("Write what the post is for.")
        ),
    ]


class PostQuerySet(models.QuerySet["Post"]):
    """Queries about posts."""

    def lock_shifts(self) -> dict[int, Shift]:
        """The shifts of these posts by id, locked in one order until the transaction ends.

        Every change of who is on a shift starts here, or with `ShiftQuerySet.lock`.
        """
        posts = self.select_related("shift").order_by("shift_id", "pk")
        return {post.shift_id: post.shift for post in posts.select_for_update(of=("shift",), no_key=True)}


class Post(PostShape):
    """A role on one shift. The database allows no more people than its maximum, and no maximum below its people."""

    shift = models.ForeignKey(
        "volunteers.Shift", verbose_name=_("shift"), on_delete=models.CASCADE, related_name="posts"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["shift", "pk"]
        constraints = [
            *sizes("post"),
            models.UniqueConstraint(
                fields=["shift", "role"],
                name="post_role_once_a_shift",
                violation_error_message=_("This shift has a post of that name already."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="keeps_who_is_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.shift_id <> OLD.shift_id THEN
                        RAISE EXCEPTION 'A post stays on its shift.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'post_stays_on_its_shift';
                    END IF;
                    IF NEW.maximum < OLD.maximum AND NEW.maximum < (
                        SELECT count(*) FROM volunteers_signup
                        WHERE post_id = NEW.id AND state IN ('confirmed', 'looking', 'came')
                    ) THEN
                        RAISE EXCEPTION 'More people are on this post.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'post_maximum_keeps_who_is_on';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @transaction.atomic
    def book(self, person: User, *, by: User) -> Signup:
        """Put a person on this post: by themselves, by a coordinator, or by the lead of a shift that is on.

        Raises NotAllowed with every reason against it. A planner may pass over the reasons that bend. A second time
        changes nothing.
        """
        if by.pk != person.pk:
            return self.assign(person, by=by)
        self._lock(person)
        if (booked := self._find_booking(person)) is not None:
            return booked
        self._refuse_own(person)
        signup = self._put_on_and_tell(person)
        if not person.is_welcomed and not person.signups.live().exclude(pk=signup.pk).exists():
            # They are asked once: by then a coordinator's own day names them as well.
            for planner in User.objects.planners():
                planner.tell(LetterKind.GAPS, reverse("volunteers:person", args=[person.pk]))
        return signup

    @transaction.atomic
    def assign(self, person: User, *, by: User) -> Signup:
        """Put a person on by a planner's decision, or by that of the lead of a shift that is on.

        A planner decides about their own place in the same way. A second time changes nothing.
        """
        shift = self._lock(person)
        if (booked := self._find_booking(person)) is not None:
            return booked
        self._refuse_assigning(person, by, shift)
        return self._put_on_and_tell(person)

    @transaction.atomic
    def offer(
        self, *, by: User, to: Iterable[User] | None = None, until: dt.datetime | None = None, tell: bool = True
    ) -> list[Offer]:
        """Offer a place to some people, or to everybody who could take it; it runs out when the shift starts.

        A second offer to one person only changes its end.
        """
        shift = self._lock()
        if not by.has_perm("volunteers.plan_rota") and not shift.is_led_by(by, timezone.now()):
            raise NotAllowed(_now("Only a coordinator can do that."))
        if not shift.is_published or shift.starts_at <= timezone.now():
            raise NotAllowed(_now("Only a published shift that has not started can be offered."))
        return self.offers.make(self, to=to, until=until, tell=tell)

    @transaction.atomic
    def resize(self, minimum: int, maximum: int, *, by: User) -> None:
        """Set how many people it needs and takes; refused if more people are on it."""
        if not by.has_perm("volunteers.plan_rota"):
            raise NotAllowed(_now("Only a coordinator can do that."))
        self._lock()
        on = self.signups.live().count()
        if maximum < on:
            raise NotAllowed(_now("%(number)d are already on it. Take somebody off first.") % {"number": on})
        self.minimum, self.maximum = minimum, maximum
        self.save(update_fields=["minimum", "maximum"])

    def _lock(self, *people: User) -> Shift:
        """Lock the shift, then the people, each in one order; read the shift again."""
        shift = Post.objects.filter(pk=self.pk).lock_shifts()[self.shift_id]
        User.objects.lock(people)
        self.shift = shift
        return shift

    def _find_booking(self, person: User) -> Signup | None:
        return self.signups.live().filter(person=person).first()

    def _put_on_and_tell(self, person: User) -> Signup:
        signup = self.put_on(person)
        if self.shift.is_published:
            person.tell(LetterKind.SHIFTS, self.shift.get_absolute_url())
        return signup

    def _refuse_own(self, person: User) -> None:
        asked = self.offers.open(timezone.now()).for_person(person).filter(covers=None).exists()
        if why := check_person(self, person, asked=asked, planned=person.has_perm("volunteers.plan_rota")):
            raise NotAllowed(item.sentence for item in why)

    def _refuse_assigning(self, person: User, by: User, shift: Shift) -> None:
        now = timezone.now()
        if not shift.is_led_by(by, now):
            if not by.has_perm("volunteers.plan_rota"):
                raise NotAllowed(_now("Only a coordinator, or the lead of this shift tonight, can do that."))
            if by != person and not RotaSettings.current().coordinators_assign and shift.starts_at > now:
                raise NotAllowed(_now("People decide for themselves here. Offer them the place."))
        if why := keep_unbendable(check_person(self, person, asked=True)):
            raise NotAllowed(item.sentence for item in why)

    def put_on(self, person: User) -> Signup:
        """Write the sign-up. The caller holds the locks and has checked everything."""
        now, near = timezone.now(), dt.timedelta(hours=RotaSettings.current().reminder_hours)
        self._make_room()
        signup: Signup = person.signups.update_or_create(
            shift_id=self.shift_id,
            # Somebody put on so late has a letter about it already.
            defaults={"post": self, "state": "confirmed", "reminded": self.shift.starts_at - now <= near},
        )[0]
        if self.signups.counting(now).count() >= self.maximum:
            self.offers.filter(covers=None).delete()
        return signup

    def _make_room(self) -> None:
        """Take off somebody who cannot come any more, if every place is taken: the database counts them too."""
        if self.signups.live().count() < self.maximum:
            return
        counting = self.signups.counting().values("pk")
        idle = self.signups.live().exclude(pk__in=counting).select_related("person").order_by("pk").first()
        if idle is not None:
            idle.give_way()


def replace_posts(shift: Shift, posts: Sequence[Wanted]) -> None:
    """Make the posts of a shift exactly these. The caller holds its lock. Refused where somebody is on a post to go."""
    there = {post.pk: post for post in shift.posts.annotate(on=Count("signups", filter=Q(signups__state__in=LIVE)))}
    kept = {wanted.key for wanted in posts}
    going = [post for key, post in there.items() if key not in kept]
    for gone in going:
        if gone.on:
            raise NotAllowed(
                _now("%(when)s: somebody is on “%(role)s”. Move them first.") % {"when": shift.when, "role": gone.role}
            )
    # Out of the way first, so that two posts can change names with each other.
    for key, kept_post in there.items():
        shift.posts.filter(pk=key).update(role=f"{key} {kept_post.role}"[:60])
    for wanted in posts:
        values = {"role": wanted.role, "minimum": wanted.minimum, "maximum": wanted.maximum, "needs": wanted.needs}
        post = there.get(wanted.key or 0)
        if post is None:
            shift.posts.create(**values)
        elif post.on > wanted.maximum:
            raise NotAllowed(
                _now("%(role)s: %(number)d are already on it. Take somebody off first.")
                % {"role": wanted.role, "number": post.on}
            )
        else:
            shift.posts.filter(pk=post.pk).update(**values)
    _delete_posts(shift, going)


def _delete_posts(shift: Shift, going: Sequence[Post]) -> None:
    """Delete posts that nobody is on. Who had withdrawn from one keeps the row, for their calendar, on another."""
    keys = [post.pk for post in going]
    left = shift.posts.exclude(pk__in=keys).first()
    gone = shift.signups.gone().filter(post__in=keys)
    if left is None:
        gone.delete()
    else:
        gone.update(post=left)
    shift.posts.filter(pk__in=keys).delete()


retention.keep(Post, until=retention.FOR_GOOD)
