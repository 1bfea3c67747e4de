"""Sign-ups: one person on one post of one shift, and every way off it again."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models, transaction
from django.db.models import ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.eligibility import SCHOOL, keep_unbendable
from volunteers.models.cover import DAY_OF_SHIFT, is_cover
from volunteers.models.eligibility_queries import check_person
from volunteers.models.people import LetterKind, User
from volunteers.models.posts import Post
from volunteers.models.rota_settings import RotaSettings
from volunteers.shared.refusals import NotAllowed
from volunteers.staffing import LIVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from volunteers.models.shifts import Shift


class SignupQuerySet(models.QuerySet["Signup"]):
    """Queries about sign-ups."""

    def live(self) -> SignupQuerySet:
        """Sign-ups of people who are on a shift, or were there."""
        return self.filter(state__in=LIVE)

    def counting(self, now: dt.datetime | None = None) -> SignupQuerySet:
        """Live sign-ups that staff their shift: without those of people who cannot come any more."""
        return self.live().alias(**DAY_OF_SHIFT).filter(is_cover(now))

    def with_cover(self, now: dt.datetime | None = None) -> SignupQuerySet:
        """Annotate `counts`: whether `counting` has this sign-up, if it is live."""
        counts = ExpressionWrapper(is_cover(now), output_field=models.BooleanField())
        annotated: SignupQuerySet = self.alias(**DAY_OF_SHIFT).annotate(counts=counts)
        return annotated

    @transaction.atomic
    def remind(self, now: dt.datetime) -> int:
        """Remind the people on published shifts that are near, each once. Returns how many."""
        near = dt.timedelta(hours=RotaSettings.current().reminder_hours)
        due = self.filter(
            state__in=[Signup.State.CONFIRMED, Signup.State.LOOKING],
            reminded=False,
            shift__state="published",
            shift__starts_at__gt=now,
            shift__starts_at__lte=now + near,
            person__is_active=True,
        )
        signups = list(due.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("person"))
        for signup in signups:
            signup.person.tell(LetterKind.REMINDERS, reverse("rota:shift", args=[signup.shift_id]))
        self.filter(pk__in=[signup.pk for signup in signups]).update(reminded=True)
        return len(signups)

    def gone(self) -> SignupQuerySet:
        """Sign-ups that are nobody: withdrawn, or not there. What they hang on can be changed and deleted."""
        return self.exclude(state__in=LIVE)

    def refuse_if_elsewhere(self, people: Iterable[User], shift: Shift) -> None:
        """Raise NotAllowed, by name, if some of these people are on another shift during this one."""
        there = self.live().filter(person__in=list(people), during__overlap=(shift.starts_at, shift.ends_at))
        clashes = there.exclude(shift=shift).select_related("person", "shift").order_by("shift__starts_at", "pk")
        if clashes:
            raise NotAllowed(
                _now("%(name)s is on another shift then: %(when)s.")
                % {"name": signup.person.chosen_name, "when": signup.shift.when}
                for signup in clashes
            )

    def looking(self) -> SignupQuerySet:
        """Sign-ups of people who are on and look for cover."""
        return self.filter(state=Signup.State.LOOKING)


class Signup(models.Model):
    """One person on one shift. The two have one row, however often the person comes and goes.

    Triggers keep `shift` and `during` equal to the post's shift and its times, also when the shift moves. With them the
    database lets nobody be on two shifts at once. `uid` and `revision` are for calendars: a name that stays, and a
    number that grows with every change.
    """

    class State(models.TextChoices):
        """The states of a sign-up. The first two and “came” are live."""

        CONFIRMED = "confirmed", _("confirmed")
        LOOKING = "looking", _("needs cover")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CAME = "came", _("came")
        NOT_THERE = "not_there", _("not there")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="signups")
    post = models.ForeignKey(Post, verbose_name=_("post"), on_delete=models.PROTECT, related_name="signups")
    shift = models.ForeignKey(
        "volunteers.Shift", verbose_name=_("shift"), on_delete=models.PROTECT, related_name="signups"
    )
    during = DateTimeRangeField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CONFIRMED)
    reminded = models.BooleanField(default=False, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    # Set by `with_cover`.
    counts: bool

    objects = SignupQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["shift", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "shift"],
                name="signup_once_per_person_and_shift",
                violation_error_message=_("Already on this shift."),
            ),
            ExclusionConstraint(
                name="signup_nobody_in_two_places",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state__in=LIVE),
                violation_error_message=_("On another shift then."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "looking", "withdrawn", "came", "not_there"]),
                name="signup_state_known",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="fits_its_post",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("held", "volunteers_shift"), ("most", "integer"), ("taken", "integer")],
                # The shift is held while we look, so that it cannot be cancelled or moved meanwhile; then the post,
                # so that of two who come for the last place the second counts the first.
                func="""
                    SELECT shift.* INTO held FROM volunteers_post post
                    JOIN volunteers_shift shift ON shift.id = post.shift_id
                    WHERE post.id = NEW.post_id FOR SHARE OF shift;
                    NEW.shift_id := held.id;
                    NEW.during := tstzrange(held.starts_at, held.ends_at);
                    IF TG_OP = 'UPDATE' THEN
                        IF (NEW.post_id, NEW.during, NEW.state)
                           IS DISTINCT FROM (OLD.post_id, OLD.during, OLD.state) THEN
                            NEW.revision := OLD.revision + 1;
                        END IF;
                        IF NEW.post_id = OLD.post_id AND OLD.state IN ('confirmed', 'looking', 'came') THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                    IF NEW.state NOT IN ('confirmed', 'looking', 'came') THEN
                        RETURN NEW;
                    END IF;
                    IF held.state NOT IN ('draft', 'published') THEN
                        RAISE EXCEPTION 'That shift is cancelled.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'signup_on_a_shift_that_happens';
                    END IF;
                    SELECT maximum INTO most FROM volunteers_post WHERE id = NEW.post_id FOR NO KEY UPDATE;
                    SELECT count(*) INTO taken FROM volunteers_signup
                    WHERE post_id = NEW.post_id AND state IN ('confirmed', 'looking', 'came')
                      AND id IS DISTINCT FROM NEW.id;
                    IF taken >= most THEN
                        RAISE EXCEPTION 'Every place is taken.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'signup_post_has_room';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.shift}"

    @property
    def is_live(self) -> bool:
        """Whether the person is on the shift, or was there."""
        return self.state in LIVE

    @property
    def is_looking(self) -> bool:
        """Whether the person looks for cover."""
        return self.state == self.State.LOOKING

    @property
    def lapsed(self) -> list[str]:
        """The changes since the sign-up that would refuse it now; for shifts `with_people`."""
        held = self.person.held_on(self.shift.day)
        post = next(post for post in self.shift.all_posts if post.pk == self.post_id)
        reasons = [] if self.person.is_active else [_now("The account is paused.")]
        if SCHOOL not in held:
            reasons.append(_now("The School will not count on that day any more."))
        if post.needs and post.needs.slug not in held | {SCHOOL}:
            reasons.append(_now("“%(what)s” will not count on that day any more.") % {"what": post.needs.name})
        return reasons

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """Take the person off, at any notice and without a reason. A second time changes nothing.

        The place is offered to everybody who could take it. When the shift is close, its lead and the planners are
        told at once.
        """
        shift = self.lock()
        self.refuse_unless_theirs(by, shift)
        if self.state == self.State.CAME:
            raise NotAllowed(_now("They are marked as there. Correct that first."))
        if not self.is_live:
            return
        now = timezone.now()
        if shift.ends_at <= now:
            raise NotAllowed(_now("This shift is over."))
        self._save_state(self.State.WITHDRAWN)
        self.covering.all().delete()
        self.wanted.all().delete()
        if by.pk != self.person_id and not shift.is_draft:
            self.person.tell(LetterKind.SHIFTS, shift.get_absolute_url())
        if shift.is_published:
            self._pass_on(by, shift)

    def give_way(self) -> None:
        """Withdraw, because somebody else takes the place. The caller holds the shift's lock."""
        self.covering.all().delete()
        self.wanted.all().delete()
        self._save_state(self.State.WITHDRAWN)
        if not self.shift.is_draft:
            self.person.tell(LetterKind.SHIFTS, self.shift.get_absolute_url())

    @transaction.atomic
    def look_for_cover(self, *, by: User) -> None:
        """Stay on, and tell everybody who could take over. While that is open, a second time changes nothing."""
        shift = self.lock()
        self.refuse_unless_theirs(by, shift)
        self.refuse_unless_ahead(shift)
        if self.state == self.State.CONFIRMED:
            self._save_state(self.State.LOOKING)
        elif self.covering.filter(to=None, until__gt=timezone.now()).exists():
            return
        self.post.shift = shift
        self.post.offers.make(self.post, covers=self)

    @transaction.atomic
    def stop_looking(self, *, by: User) -> None:
        """Keep the place after all. A second time changes nothing."""
        self.refuse_unless_theirs(by, self.lock())
        if self.state == self.State.LOOKING:
            self._save_state(self.State.CONFIRMED)
            self.covering.filter(to=None).delete()

    @transaction.atomic
    def move(self, post: Post, *, by: User) -> Signup:
        """Move the person to another post, of any shift: off one and onto the other, or neither. For planners."""
        if not by.has_perm("volunteers.plan_rota"):
            raise NotAllowed(_now("Only a coordinator can do that."))
        shifts = Post.objects.filter(pk__in=[self.post_id, post.pk]).lock_shifts()
        User.objects.lock([self.person])
        self.refresh_from_db()
        post.shift = shifts[post.shift_id]
        if self.post_id == post.pk and self.is_live:
            return self
        if self.state not in (self.State.CONFIRMED, self.State.LOOKING):
            raise NotAllowed(_now("They are no longer on this shift."))
        if why := keep_unbendable(check_person(post, self.person, without=[self], asked=True)):
            raise NotAllowed(item.sentence for item in why)
        self.covering.all().delete()
        self.wanted.all().delete()
        self._save_state(self.State.WITHDRAWN)
        moved = post.put_on(self.person)
        if any(shift.is_published for shift in shifts.values()):
            self.person.tell(LetterKind.SHIFTS, reverse("rota:mine"))
        return moved

    @transaction.atomic
    def mark(self, *, came: bool, by: User) -> None:
        """Note whether the person was there, as often as needed. No reason is asked and nothing follows."""
        shift = self.lock()
        now = timezone.now()
        if not by.has_perm("volunteers.plan_rota") and not shift.is_led_by(by, now):
            raise NotAllowed(_now("Only a coordinator, or the lead of this shift tonight, can do that."))
        if not shift.is_on(now) and shift.starts_at > now:
            raise NotAllowed(_now("This shift has not started yet."))
        if shift.is_cancelled or self.state == self.State.WITHDRAWN:
            raise NotAllowed(_now("They are no longer on this shift."))
        state = self.State.CAME if came else self.State.NOT_THERE
        if self.state == state:
            return
        if came and not self.is_live:
            self._refuse_if_full()
        before = shift.urgent_lacks()
        self._save_state(state)
        if shift.is_on(now) and shift.urgent_lacks() - before:
            shift.tell_planners(but=by)

    def lock(self) -> Shift:
        """Within a transaction: lock the shift, then the person, as every verb does; read the sign-up again."""
        mine = Signup.objects.select_related("shift").select_for_update(of=("shift",), no_key=True)
        shift = mine.get(pk=self.pk).shift
        User.objects.lock([self.person])
        self.refresh_from_db()
        self.shift = shift
        return shift

    def _save_state(self, state: str) -> None:
        self.state = state
        self.save(update_fields=["state"])

    def refuse_unless_theirs(self, by: User, shift: Shift) -> None:
        """Raise NotAllowed unless `by` is the person, plans the rota, or leads this shift while it is on."""
        if by.pk == self.person_id or by.has_perm("volunteers.plan_rota"):
            return
        if not shift.is_led_by(by, timezone.now()):
            raise NotAllowed(_now("Only they themselves or a coordinator can do that."))

    def refuse_unless_ahead(self, shift: Shift) -> None:
        """Raise NotAllowed if the person is not on, or the shift has started."""
        if self.state not in (self.State.CONFIRMED, self.State.LOOKING):
            raise NotAllowed(_now("They are no longer on this shift."))
        if shift.starts_at <= timezone.now():
            raise NotAllowed(_now("It has started already."))

    def _refuse_if_full(self) -> None:
        if self.post.signups.live().count() >= self.post.maximum:
            raise NotAllowed(_now("Somebody else has that place. Add a place to the post first."))

    def _pass_on(self, by: User, shift: Shift) -> None:
        now = timezone.now()
        if shift.starts_at > now:
            self.post.shift = shift
            self.post.offers.make(self.post, tell=self.post.signups.counting().count() < self.post.minimum)
        if shift.starts_at - now <= RotaSettings.current().close:
            shift.tell_leads(but=by)
            shift.tell_planners(but=by)
