"""Patterns: shifts that repeat, and the differences after a pattern has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers import recurrence
from volunteers.holiday_regions import find_bank_holidays
from volunteers.models.batches import Batch
from volunteers.models.pattern_days import Difference, Planned, find_meetings
from volunteers.models.people import User
from volunteers.models.posts import Post, PostShape, Wanted, replace_posts, sizes
from volunteers.models.rota_settings import RotaSettings
from volunteers.models.shift_queryset import follow_up_planning, refuse_unless_planner
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.shared.name_queries import NameField
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention


class PatternManager(models.Manager["Pattern"]):
    """Makes patterns."""

    @transaction.atomic
    def plan(self, *, by: User, posts: Sequence[Wanted], **values: Any) -> Pattern:
        """Make a new pattern with its posts. It makes no shift by itself."""
        refuse_unless_planner(by)
        pattern = Pattern(**values)
        pattern.write(posts)
        return pattern


@pghistory.track()
class Pattern(models.Model):
    """A repeating shift with its posts: an RRULE and clock times. Changing it changes no shift by itself."""

    title = NameField(_("what it is"), max_length=60, default="Drop-in")
    place = models.CharField(_("place"), max_length=60, blank=True, default="")
    drop_in = models.BooleanField(_("people come in"), default=True)
    rule = models.CharField(_("rule"), max_length=recurrence.MAX_RULE_LENGTH)
    first_day = models.DateField(_("from"), default=timezone.localdate)
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"), help_text=_("On the next day if it is before the start."))
    on_bank_holidays = models.BooleanField(_("on bank holidays, too"), default=False)
    exceptions = ArrayField(models.DateField(), verbose_name=_("not on these days"), default=list, blank=True, size=200)

    objects = PatternManager()

    class Meta:
        verbose_name = _("pattern")
        verbose_name_plural = _("patterns")
        ordering = ["title__sorted", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(starts=F("ends")),
                name="pattern_lasts",
                violation_error_message=_("The end must differ from the start."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="pattern_title_given", violation_error_message=_("Write what it is.")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rota:pattern", args=[self.pk])

    def clean(self) -> None:
        """The rule has to be valid and to repeat."""
        super().clean()
        try:
            recurrence.read(self.rule, self.first_day)
        except recurrence.NotARule as problem:
            raise ValidationError({"rule": str(problem)}) from None

    @transaction.atomic
    def change(self, *, by: User, posts: Sequence[Wanted], **values: Any) -> None:
        """Change rule, times or posts. No shift changes; `differences` then lists the shifts that differ."""
        refuse_unless_planner(by)
        Pattern.objects.select_for_update(no_key=True).get(pk=self.pk)
        for name, value in values.items():
            setattr(self, name, value)
        self.write(posts)

    @transaction.atomic
    def discard(self, *, by: User) -> None:
        """Delete the pattern. The shifts it made stay as they are."""
        refuse_unless_planner(by)
        self.delete()

    def write(self, posts: Sequence[Wanted]) -> None:
        """Save the pattern with exactly these posts. The caller has checked who may."""
        try:
            self.full_clean()
        except ValidationError as problem:
            raise NotAllowed(problem.messages) from None
        self.save()
        self.posts.all().delete()
        PatternPost.objects.bulk_create(
            PatternPost(pattern=self, role=post.role, minimum=post.minimum, maximum=post.maximum, needs=post.needs)
            for post in posts
        )

    def preview(self, first: dt.date, last: dt.date) -> list[Planned]:
        """Every day of the pattern between two days, with the reason where no shift is made.

        Raises NotAllowed with a sentence where that would be endless, or too many.
        """
        there = set(
            self.shifts.filter(pattern_day__gte=first, pattern_day__lte=last).values_list("pattern_day", flat=True)
        )
        return find_meetings([self._on(day, there) for day in self._days(first, last, few=True)])

    def lacking_months(self, first: dt.date, last: dt.date) -> list[str]:
        """A sentence for each day of the rule that a month between two days does not have."""
        return recurrence.lacking_months(self.rule, self.first_day, first, last)

    @transaction.atomic
    def make(  # noqa: PLR0913 -- what a planner says of the days, each by name
        self,
        first: dt.date,
        last: dt.date,
        *,
        by: User,
        beside: Collection[dt.date] = (),
        seen: Collection[dt.date] | None = None,
        without: Collection[dt.date] = (),
    ) -> Batch:
        """Make the shifts between two days as drafts, in one batch. A day that has its shift keeps it.

        A day that meets another shift is left out unless it is in `beside`, and a day in `without` always. Refused
        if the new days are not those that were `seen`.
        """
        refuse_unless_planner(by)
        # All patterns, in one order: of two that meet, made at the same moment, the second sees the first.
        list(Pattern.objects.order_by("pk").select_for_update(no_key=True))
        # What this one says now, not what it said before the lock.
        self.refresh_from_db()
        days = self.preview(first, last)
        if seen is not None and {day.day for day in days if day.is_new} != set(seen):
            raise NotAllowed(_now("The rota changed after you looked at these days. Look at them again."))
        wanted = [day for day in days if day.is_new or (day.could_be_made and day.day in beside)]
        new = [day for day in wanted if day.day not in without]
        if wanted and not new:
            raise NotAllowed(_now("Tick one day or more."))
        if not new:
            raise NotAllowed(_now("There is nothing to make: those days already have their shifts, or there are none."))
        batch = Batch.objects.create(pattern=self)
        shifts = Shift.objects.bulk_create(self._build_shift(day, batch) for day in new)
        Post.objects.bulk_create(
            Post(shift=shift, role=post.role, minimum=post.minimum, maximum=post.maximum, needs_id=post.needs_id)
            for shift in shifts
            for post in self.posts.all()
        )
        follow_up_planning(shifts)
        return batch

    def differences(self, now: dt.datetime) -> list[Difference]:
        """The coming shifts that differ from the pattern, each with its differences. Nothing is changed."""
        shifts = list(self.shifts.planned().filter(starts_at__gt=now).with_people())
        if not shifts:
            return []
        on = [shift.pattern_day for shift in shifts if shift.pattern_day]
        due = {day.day: day for day in map(self._on, self._days(min(on), max(on)))}
        shape = sorted(post.shape for post in self.posts.all())
        differences = [self._compare_shift(shift, due.get(shift.pattern_day or shift.day), shape) for shift in shifts]
        return [difference for difference in differences if difference.what]

    @transaction.atomic
    def bring_in_line(self, shifts: Collection[int], *, by: User) -> int:
        """Change these shifts to match the pattern; people on them are told. All of them or none.

        A shift on a day the pattern no longer has is deleted if nobody is on it. Otherwise all is refused: a
        planner cancels that shift, and says why.
        """
        refuse_unless_planner(by)
        Pattern.objects.select_for_update(no_key=True).get(pk=self.pk)
        locked = self.shifts.filter(pk__in=shifts).lock()
        # Everybody on any of them, in one order: moving one shift after another would wait in another.
        User.objects.lock(User.objects.filter(signups__shift__in=locked))
        chosen = [difference for difference in self.differences(timezone.now()) if difference.shift.pk in shifts]
        for difference in chosen:
            if difference.is_gone:
                self._drop(difference.shift)
            else:
                self._align(difference, by)
        return len(chosen)

    def _days(self, first: dt.date, last: dt.date, *, few: bool = False) -> list[dt.date]:
        try:
            rule = recurrence.read(self.rule, self.first_day)
            return (recurrence.few_days if few else recurrence.days)(rule, first, last)
        except recurrence.NotARule as problem:
            raise NotAllowed(str(problem)) from None

    def _on(self, day: dt.date, there: Collection[dt.date | None] = ()) -> Planned:
        if day in self.exceptions:
            return Planned(day, why_not=_now("Left out"))
        if not self.on_bank_holidays and (name := self._bank_holidays(day.year).get(day)):
            return Planned(day, why_not=name)
        zone = timezone.get_default_timezone()
        when = recurrence.on_the_clock(day, self.starts, self.ends, zone)
        if when is None:
            return Planned(day, why_not=_now("The clocks go forward at that time"))
        return Planned(day, *when, there=day in there)

    def _bank_holidays(self, year: int) -> dict[dt.date, str]:
        if year not in self._holidays:
            self._holidays[year] = find_bank_holidays(self._region, [year])
        return self._holidays[year]

    @cached_property
    def _region(self) -> str:
        return RotaSettings.current().bank_holidays

    @cached_property
    def _holidays(self) -> dict[int, dict[dt.date, str]]:
        return {}

    def _build_shift(self, day: Planned, batch: Batch) -> Shift:
        assert day.starts_at is not None  # noqa: S101 -- for the type checker; only new days come here
        assert day.ends_at is not None  # noqa: S101 -- the same
        return Shift(
            title=self.title,
            place=self.place,
            drop_in=self.drop_in,
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            pattern=self,
            pattern_day=day.day,
            batch=batch,
        )

    def _compare_shift(
        self, shift: Shift, due: Planned | None, shape: list[tuple[str, int, int, int | None]]
    ) -> Difference:
        if due is None or due.starts_at is None:
            return Difference(shift, [due.why_not if due and due.why_not else _now("No longer a day of this pattern")])
        what = []
        if (shift.starts_at, shift.ends_at) != (due.starts_at, due.ends_at):
            what.append(_now("Times"))
        if (shift.title, shift.place, shift.drop_in) != (self.title, self.place, self.drop_in):
            what.append(_now("What and where"))
        if sorted(post.shape for post in shift.all_posts) != shape:
            what.append(_now("Posts"))
        return Difference(shift, what, due.starts_at, due.ends_at)

    def _drop(self, shift: Shift) -> None:
        if Signup.objects.live().filter(shift=shift).exists():
            raise NotAllowed(
                _now("%(when)s: somebody signed up for it. Cancel it on its own page, and say why.")
                % {"when": shift.when}
            )
        Signup.objects.gone().filter(shift=shift).delete()
        shift.delete()

    def _align(self, difference: Difference, by: User) -> None:
        assert difference.starts_at is not None  # noqa: S101 -- for the type checker; a day that is gone is dropped
        assert difference.ends_at is not None  # noqa: S101 -- the same
        shift = difference.shift
        shift.title, shift.place, shift.drop_in = self.title, self.place, self.drop_in
        shift.save(update_fields=["title", "place", "drop_in"])
        shift.move(difference.starts_at, difference.ends_at, by=by)
        replace_posts(shift, _match_posts(shift.all_posts, list(self.posts.select_related("needs"))))


class PatternPost(PostShape):
    """A post of every shift that a pattern makes."""

    pattern = models.ForeignKey(Pattern, verbose_name=_("pattern"), on_delete=models.CASCADE, related_name="posts")

    class Meta:
        verbose_name = _("post of a pattern")
        verbose_name_plural = _("posts of a pattern")
        ordering = ["pattern", "pk"]
        default_permissions = ()
        constraints = [
            *sizes("patternpost"),
            models.UniqueConstraint(
                fields=["pattern", "role"],
                name="patternpost_role_once",
                violation_error_message=_("This pattern has a post of that name already."),
            ),
        ]


def _match_posts(there: Sequence[Post], due: Sequence[PatternPost]) -> list[Wanted]:
    """Match the posts of a shift with those of its pattern: by name, then by numbers and needs, then by needs.

    So a role with a new name is the same role, and who is on it stays on it.
    """
    same: list[Callable[[Post, PatternPost], bool]] = [
        lambda post, each: post.role == each.role,
        lambda post, each: post.shape[1:] == each.shape[1:],
        lambda post, each: post.needs_id == each.needs_id,
    ]
    keys: dict[str, int] = {}
    for is_same in same:
        for each in due:
            left = [post for post in there if post.pk not in keys.values()]
            match = next((post for post in left if is_same(post, each)), None)
            if match is not None and each.role not in keys:
                keys[each.role] = match.pk
    return [Wanted(each.role, each.minimum, each.maximum, each.needs, keys.get(each.role)) for each in due]


retention.keep(Pattern, until="as long as shifts repeat by it", promise="plan")
retention.keep(PatternPost, until=retention.FOR_GOOD)
