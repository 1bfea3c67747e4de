"""Completions: a course done, or a module that grants something, and the holding each has granted.

A completion rests on outcomes and points at what it granted. It is changes again in the transaction of every change
to an outcome, so that what somebody may do and what they have done cannot drift apart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from school.completion import OutcomeState, assess_standing, get_expiry_date
from school.models.completion_counts import CompletionCount
from school.models.courses import Course, Module
from school.models.grant_changes import GrantChanges, LostGrant
from school.models.outcomes import Outcome
from volunteers.models import Holding, LetterKind, Qualification, User
from volunteers.models.people_queryset import RoleName
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention


@dataclass(frozen=True)
class Earned:
    """A course or a module that a person's outcomes earn: since when, until when, and which outcomes."""

    course: Course | None
    module: Module | None
    on: dt.date
    until: dt.date | None
    outcomes: list[Outcome]

    @property
    def key(self) -> tuple[int | None, int | None]:
        """The keys of the course and the module, one of them None."""
        return (self.course.pk if self.course else None, self.module.pk if self.module else None)

    def outlasts(self, completion: Completion) -> bool:
        """Whether the course or module was done again, so that the grant counts for longer."""
        return bool(
            self.on > completion.completed_on and self.until and completion.until and self.until > completion.until
        )


class CompletionQuerySet(models.QuerySet["Completion"]):
    """Questions about completions, and their recalculation from outcomes."""

    @transaction.atomic
    def recalculate(self, person: User, *, now: dt.datetime) -> GrantChanges:
        """Recalculate this person's completions, and the holdings they grant, from their outcomes.

        A change of the curriculum takes no completion away: a completion stands as long as its outcomes do.
        A module done again later is granted again.
        """
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        today = timezone.localdate(now)
        outcomes = list(Outcome.objects.filter(person=person).select_related("module__grants", "module__course"))
        earned = {earning.key: earning for earning in _list_earned(outcomes, today)}
        changes = GrantChanges()
        done = {outcome.pk for outcome in outcomes if outcome.state == OutcomeState.DONE}
        standing = self.filter(person=person).select_related("course__grants", "module__grants", "holding")
        for completion in standing.prefetch_related("rests_on"):
            again = earned.pop((completion.course_id, completion.module_id), None)
            still = {outcome.pk for outcome in completion.rests_on.all()} <= done
            if again and (not still or again.outlasts(completion)):
                completion.renew(again, today)
                changes.gained.append(completion)
            elif not still:
                changes.lost.extend(completion.revoke(today))
            elif completion.holding_id is None:
                completion.grant(today)
        changes.gained.extend(self._create_completion(person, earning, today) for earning in earned.values())
        if changes.gained:
            person.tell(LetterKind.SCHOOL, reverse("school:mine"))
        if changes.lost:
            for coordinator in User.objects.in_role(RoleName.COORDINATOR).exclude(pk=person.pk).order_by("pk"):
                coordinator.tell(LetterKind.GAPS, reverse("school:person", args=[person.pk]))
        return changes

    def _create_completion(self, person: User, earned: Earned, today: dt.date) -> Completion:
        counts = earned.course and any(outcome.how != Outcome.Evidence.BEFORE for outcome in earned.outcomes)
        completion: Completion = self.create(
            person=person,
            course=earned.course,
            module=earned.module,
            completed_on=earned.on,
            until=earned.until,
            counted_in=earned.on.replace(day=1) if counts else None,
        )
        completion.rests_on.set(earned.outcomes)
        if counts:
            CompletionCount.objects.change_count(earned.on, course=earned.course, by=1)
        completion.grant(today)
        return completion

    def without_grant(self) -> CompletionQuerySet:
        """Completions that granted nothing, because the person held the qualification already on somebody's word."""
        return self.filter(holding__isnull=True).filter(
            Q(course__grants__isnull=False) | Q(module__grants__isnull=False)
        )

    def recalculate_ungranted(self, now: dt.datetime) -> int:
        """Recalculate people whose completion granted nothing: their holding may have ended. Returns their number."""
        owed = list(User.objects.active().filter(completions__in=self.without_grant()).distinct().order_by("pk"))
        for person in owed:
            self.recalculate(person, now=now)
        return len(owed)

    def expiring(self, today: dt.date, within: dt.timedelta) -> CompletionQuerySet:
        """Completions whose grant expires soon, and whose people have not been told."""
        return self.filter(holding__until__gt=today, holding__until__lte=today + within).exclude(
            reminded_until=models.F("holding__until")
        )

    def send_reminders(self, today: dt.date, within: dt.timedelta) -> int:
        """Tell each person once that it is time to refresh; returns the number of people."""
        soon = self.expiring(today, within).select_related("person", "holding").select_for_update(of=("self",))
        number = 0
        with transaction.atomic():
            for completion in soon.order_by("pk"):
                completion.person.tell(LetterKind.SCHOOL, reverse("school:mine"))
                completion.reminded_until = completion.holding.until if completion.holding else None
                completion.save(update_fields=["reminded_until"])
                number += 1
        return number


def _list_earned(outcomes: list[Outcome], today: dt.date) -> list[Earned]:
    """List the courses and modules that these outcomes of one person earn on this day."""
    by_module = {outcome.module_id: outcome for outcome in outcomes}
    earned = []
    for outcome in outcomes:
        module = outcome.module
        until = _get_grant_end(outcome.said_on, module.grants, get_expiry_date(outcome.result, module.refresh_months))
        if module.grants_id and outcome.state == OutcomeState.DONE and (until is None or until > today):
            earned.append(Earned(None, module, outcome.said_on, until, [outcome]))
    if not outcomes:
        return []
    course_ids = {outcome.module.course_id for outcome in outcomes}
    for course in Course.objects.taught().with_modules().filter(pk__in=course_ids):
        standing = assess_standing(
            [module.rule for module in course.taught_modules], [outcome.result for outcome in outcomes], today=today
        )
        if standing.complete_on:
            rests_on = [by_module[module.pk] for module in course.taught_modules if module.required]
            until = _get_grant_end(standing.complete_on, course.grants, standing.until)
            earned.append(Earned(course, None, standing.complete_on, until, rests_on))
    return earned


def _get_grant_end(on: dt.date, grants: Qualification | None, curriculum: dt.date | None) -> dt.date | None:
    """Return the day a grant expires: the earlier of the curriculum's and the qualification's refresh date."""
    ends = [curriculum] if curriculum else []
    if grants and grants.refresh_months:
        ends.append(on + relativedelta(months=grants.refresh_months))
    return min(ends, default=None)


class Completion(models.Model):
    """Somebody completed a course, or did a module that grants something; and the holding that this has granted."""

    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="completions")
    course = models.ForeignKey(
        Course, verbose_name=_("course"), null=True, blank=True, on_delete=models.PROTECT, related_name="completions"
    )
    module = models.ForeignKey(
        Module, verbose_name=_("module"), null=True, blank=True, on_delete=models.PROTECT, related_name="completions"
    )
    completed_on = models.DateField(_("completed on"))
    until = models.DateField(_("until"), null=True, blank=True)
    rests_on = models.ManyToManyField(Outcome, related_name="completions")
    # Empty where it grants nothing, or where they held that already on somebody's word.
    holding = models.OneToOneField(Holding, null=True, blank=True, on_delete=models.CASCADE, related_name="completion")
    # The month whose numbers it is in; empty for what was done before it was kept here.
    counted_in = models.DateField(null=True, editable=False)
    reminded_until = models.DateField(null=True, editable=False)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        ordering = ["person", "-completed_on"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"], condition=Q(course__isnull=False), name="completion_course_once"
            ),
            models.UniqueConstraint(
                fields=["person", "module"], condition=Q(module__isnull=False), name="completion_module_once"
            ),
            models.CheckConstraint(
                condition=Q(course__isnull=False) ^ Q(module__isnull=False), name="completion_course_or_module"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="grants_what_it_says",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.holding_id IS NOT NULL"),
                func="""
                    IF NOT EXISTS (SELECT FROM volunteers_holding h WHERE h.id = NEW.holding_id
                        AND h.person_id = NEW.person_id AND h.qualification_id = COALESCE(
                            (SELECT grants_id FROM school_course WHERE id = NEW.course_id),
                            (SELECT grants_id FROM school_module WHERE id = NEW.module_id))) THEN
                        IF TG_OP = 'INSERT' OR OLD.holding_id IS DISTINCT FROM NEW.holding_id
                            OR (OLD.person_id <> NEW.person_id AND NOT EXISTS (SELECT FROM volunteers_holding h
                                WHERE h.id = NEW.holding_id AND h.person_id = NEW.person_id)) THEN
                            RAISE EXCEPTION 'a completion grants its own person what its course grants'
                                USING ERRCODE = '23514';
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="rests_on_what_is_done",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("resting", "integer"), ("wrong", "integer"), ("owner", "bigint")],
                # Two records may have been merged since it was written, so whose it is now is asked.
                func="""
                    SELECT person_id INTO owner FROM school_completion WHERE id = NEW.id;
                    IF NOT FOUND THEN RETURN NULL; END IF;
                    SELECT count(*), count(*) FILTER (WHERE o.state <> 'done' OR o.person_id <> owner)
                        INTO resting, wrong
                        FROM school_completion_rests_on r JOIN school_outcome o ON o.id = r.outcome_id
                        WHERE r.completion_id = NEW.id;
                    IF resting = 0 OR wrong > 0 OR EXISTS (
                        SELECT FROM school_module m WHERE (m.id = NEW.module_id
                            OR (m.course_id = NEW.course_id AND m.required AND NOT m.retired))
                        AND NOT EXISTS (SELECT FROM school_completion_rests_on r
                            JOIN school_outcome o ON o.id = r.outcome_id
                            WHERE r.completion_id = NEW.id AND o.module_id = m.id)) THEN
                        RAISE EXCEPTION 'a completion rests on every module it needs' USING ERRCODE = '23514';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="no_grant_without_it",
                when=pgtrigger.After,
                operation=pgtrigger.Delete | pgtrigger.UpdateOf("holding_id"),  # type: ignore[no-untyped-call]
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("OLD.holding_id IS NOT NULL"),
                # A day of grace: the database's midnight is not London's.
                func="""
                    IF EXISTS (SELECT FROM volunteers_holding h WHERE h.id = OLD.holding_id
                        AND (h.until IS NULL OR h.until > CURRENT_DATE + 1)
                        AND NOT EXISTS (SELECT FROM school_completion c WHERE c.holding_id = h.id)) THEN
                        RAISE EXCEPTION 'end what it granted before the completion goes' USING ERRCODE = '23514';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course or self.module}"

    @property
    def grants(self) -> Qualification | None:
        """The qualification that the course or module grants, if any."""
        thing = self.course or self.module
        return thing.grants if thing else None

    def grant(self, today: dt.date) -> None:
        """Grant the qualification from today. A person who holds it already on another's word keeps that holding."""
        qualification = self.grants
        if qualification is None:
            return
        if self.until and self.until <= today:
            return
        reason = _now("Done at the School: %(what)s") % {"what": self.course or self.module}
        try:
            self.holding = self.person.grant(qualification, by=None, reason=reason[:200], since=today, until=self.until)
        except NotAllowed:
            return
        self.save(update_fields=["holding"])

    def renew(self, earned: Earned, today: dt.date) -> None:
        """End the holding today and grant it anew, because the course or module was done again."""
        if self.holding:
            self.holding.end(today)
        self.holding, self.completed_on, self.until = None, earned.on, earned.until
        self.save(update_fields=["holding", "completed_on", "until"])
        self.rests_on.set(earned.outcomes)
        self.grant(today)

    def revoke(self, today: dt.date) -> list[LostGrant]:
        """End the grant today and delete the completion, because an outcome is no longer done. Returns lost grants."""
        lost = []
        if self.holding and (self.holding.until is None or self.holding.until > today):
            self.holding.end(today)
            lost = [LostGrant(self.person, str(self.grants), self.holding.pk)]
        if self.course and self.counted_in:
            CompletionCount.objects.change_count(self.counted_in, course=self.course, by=-1)
        self.delete()
        return lost


retention.keep(Completion, Completion.rests_on.through, until=retention.WITH_ACCOUNT, promise="learning")
