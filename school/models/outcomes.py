"""Outcomes: the state of one person in one module. Being there is not yet done, and nothing is done by default."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from school.completion import ModuleOutcome, OutcomeState
from school.models.completion_counts import CompletionCount
from school.models.courses import Module
from school.models.grant_changes import GrantChanges, LostGrant
from school.models.sessions import Session
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Questions about outcomes, and the ways to record one."""

    def done(self) -> OutcomeQuerySet:
        """Outcomes that are done."""
        return self.filter(state=OutcomeState.DONE)

    @transaction.atomic
    def record(  # noqa: PLR0913 -- each of them is part of what is said
        self, session: Session, person: User, module: Module, state: OutcomeState, *, by: User, now: dt.datetime
    ) -> GrantChanges:
        """Record the outcome of a module for somebody who was there, and recalculate their completions.

        Refused for a person who was not there, and for a module the session did not teach. Twice is harmless.
        """
        self._lock_person(person)
        if session.is_settled:
            raise NotAllowed(_now("This session is settled. Say it on the person’s own page."))
        if not session.parts.filter(module=module).exists():
            raise NotAllowed(_now("%(module)s was not part of this session.") % {"module": module})
        enrolment = session.enrolments.filter(person=person).first()
        if enrolment is None or enrolment.state != "there":
            raise NotAllowed(
                _now("%(name)s was not there. If they did it another way, say so on their own page.") % {"name": person}
            )
        day = timezone.localdate(session.starts_at)
        return self._save_outcome(
            person,
            module,
            state,
            day,
            {"how": Outcome.Evidence.REGISTER, "session": session, "note": "", "said_by": by},
            now,
        )

    @transaction.atomic
    def record_elsewhere(  # noqa: PLR0913 -- each of them is part of what is said
        self,
        person: User,
        module: Module,
        state: OutcomeState,
        *,
        note: str,
        on: dt.date,
        by: User,
        now: dt.datetime,
        before: bool = False,
    ) -> GrantChanges:
        """Record an outcome outside the registers: made up another way, or done `before` it was kept here.

        `note` says how we know: about the training, not the person.
        """
        self._lock_person(person)
        if not note.strip():
            raise NotAllowed(_now("Say how we know."))
        if on > timezone.localdate(now):
            raise NotAllowed(_now("That day has not come yet."))
        how = Outcome.Evidence.BEFORE if before else Outcome.Evidence.MADE_UP
        about: dict[str, object] = {"how": how, "session": None, "note": note.strip()[:200], "said_by": by}
        return self._save_outcome(person, module, state, on, about, now)

    @transaction.atomic
    def revoke_for_session(self, session: Session, person: User, *, now: dt.datetime) -> list[LostGrant]:
        """Revoke the outcomes of a person who was not there after all. Returns the grants they lose."""
        self._lock_person(person)
        rested = self.filter(session=session, person=person, how=Outcome.Evidence.REGISTER).select_related("module")
        for outcome in rested:
            if outcome.state == OutcomeState.DONE:
                CompletionCount.objects.change_count(outcome.said_on, module=outcome.module, by=-1)
        rested.update(state=OutcomeState.NOT_YET, session=None, how=Outcome.Evidence.NOBODY, note="")
        return person.completions.recalculate(person, now=now).lost

    def _lock_person(self, person: User) -> None:
        User.objects.select_for_update(no_key=True).get(pk=person.pk)

    def _save_outcome(  # noqa: PLR0913, PLR0917 -- one row, told in full
        self,
        person: User,
        module: Module,
        state: OutcomeState,
        day: dt.date,
        about: dict[str, object],
        now: dt.datetime,
    ) -> GrantChanges:
        outcome = self.filter(person=person, module=module).first() or Outcome(person=person, module=module)
        if outcome.pk and (outcome.state, outcome.said_on) == (state, day):
            return GrantChanges()
        if outcome.pk and outcome.state == OutcomeState.DONE and state == OutcomeState.DONE and day < outcome.said_on:
            raise NotAllowed(_now("%(name)s already did this later.") % {"name": person})
        counted = outcome.state == OutcomeState.DONE and outcome.how != Outcome.Evidence.BEFORE if outcome.pk else False
        if counted and state != OutcomeState.DONE:
            CompletionCount.objects.change_count(outcome.said_on, module=module, by=-1)
        if state == OutcomeState.NOT_YET:
            about = {"how": Outcome.Evidence.NOBODY, "session": None, "note": "", "said_by": about["said_by"]}
        for name, value in about.items():
            setattr(outcome, name, value)
        outcome.state, outcome.said_on = state, day
        outcome.save()
        if state == OutcomeState.DONE and outcome.how != Outcome.Evidence.BEFORE:
            CompletionCount.objects.change_count(day, module=module, by=1)
        return person.completions.recalculate(person, now=now)


class Outcome(models.Model):
    """One person and one module: not yet, done, or more to do together; on which day, and how we know."""

    class Evidence(models.TextChoices):
        """The evidence for an outcome."""

        NOBODY = "nobody", _("nothing")
        REGISTER = "register", _("they were there")
        MADE_UP = "made_up", _("done another way")
        BEFORE = "before", _("before we used this app")

    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="outcomes")
    module = models.ForeignKey(Module, verbose_name=_("module"), on_delete=models.PROTECT, related_name="outcomes")
    state = models.CharField(
        _("outcome"),
        max_length=10,
        choices=[(state.value, state.value) for state in OutcomeState],
        default=OutcomeState.NOT_YET,
    )
    said_on = models.DateField(_("on"))
    how = models.CharField(_("how we know"), max_length=10, choices=Evidence, default=Evidence.NOBODY)
    # While its register is kept; afterwards only the day is left.
    session = models.ForeignKey(
        Session, verbose_name=_("session"), null=True, blank=True, on_delete=models.PROTECT, related_name="outcomes"
    )
    note = models.CharField(
        _("how we know, in words"), max_length=200, blank=True, help_text=_("About the training, not the person.")
    )
    said_by = models.ForeignKey(
        User, verbose_name=_("said by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["person", "module"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "module"], name="outcome_once"),
            models.CheckConstraint(
                condition=Q(state="not_yet", how="nobody", session__isnull=True)
                | Q(state__in=["done", "together"], how="register", note="")
                | (
                    Q(state__in=["done", "together"], how__in=["made_up", "before"], session__isnull=True) & ~Q(note="")
                ),
                name="outcome_says_how",
                violation_error_message=_("Say how we know."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="done_by_being_there",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.state = 'done' AND NEW.how = 'register'"),
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.session_id IS NULL AND OLD.state = 'done' AND OLD.how = 'register'
                        AND OLD.module_id = NEW.module_id THEN
                        RETURN NEW;
                    END IF;
                    IF NOT EXISTS (SELECT FROM school_enrolment e
                        JOIN school_part p ON p.session_id = e.session_id AND p.module_id = NEW.module_id
                        WHERE e.session_id = NEW.session_id AND e.person_id = NEW.person_id AND e.state = 'there') THEN
                        RAISE EXCEPTION 'done needs having been there, or how it was made up' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="a_completion_rests_on_it",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("OLD.state = 'done' AND NEW.state <> 'done'"),
                func="""
                    IF EXISTS (SELECT FROM school_completion_rests_on r
                        JOIN school_outcome o ON o.id = r.outcome_id
                        WHERE o.id = NEW.id AND o.state <> 'done') THEN
                        RAISE EXCEPTION 'a completion rests on this outcome' USING ERRCODE = '23514';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.module}"

    @property
    def result(self) -> ModuleOutcome:
        """The outcome as `school.completion` takes it."""
        return ModuleOutcome(self.module_id, self.state, self.said_on)


retention.keep(Outcome, until=retention.WITH_ACCOUNT, promise="learning")
personal_data.hold(Outcome, "said_by", part="deeds", counted_as=_("Outcomes you wrote for others"), order=30)
