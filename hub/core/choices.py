"""The answers a form offers, where the hub knows better than we do: each list is its own to write."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.core.default_choices import STARTING_CHOICES
from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import retention, row_order


class ChoiceQuerySet(models.QuerySet["Choice"]):
    """Questions about lists, and laying them out."""

    def offered(self, *lists: str) -> ChoiceQuerySet:
        """Choices these lists offer now, in their order; of all lists if none is named."""
        return self.filter(withdrawn=False, **({"of__in": lists} if lists else {}))

    def lay_out(self) -> None:
        """Fill each list that is empty with what a hub may start from. Never touches one that has words in it."""
        there = set(self.values_list("of", flat=True))
        Choice.objects.bulk_create(
            (
                Choice(of=of, name=str(name), order=10 * number)
                for of, names in STARTING_CHOICES.items()
                if of not in there
                for number, name in enumerate(names, start=1)
            ),
            ignore_conflicts=True,
        )


@pghistory.track()
class Choice(models.Model):
    """One answer of one list. Withdrawn, it is offered no more; what was answered with it keeps its word."""

    class Of(models.TextChoices):
        """Which list. “Don’t know” and “didn’t ask” are no answers: every list can be passed over."""

        RECIPIENT = "recipient", _("Who naloxone was given to")
        WHY_AGAIN = "why_again", _("Why naloxone was given again")
        PLACE = "place", _("Kinds of place of an overdose")
        OUTCOME = "outcome", _("How an overdose ended")
        SOLD_AS = "sold_as", _("What drugs were sold as")
        INCIDENT = "incident", _("Kinds of incident")
        NEED = "need", _("What the team needs after an incident")
        TOPIC = "topic", _("What was talked about on a visit")

    of = models.CharField(_("list"), max_length=12, choices=Of)
    name = NameField(_("words"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Lowest first."))
    withdrawn = models.BooleanField(
        _("no longer offered"), default=False, help_text=_("Answers already given with it stay as they are.")
    )

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a list")
        verbose_name_plural = _("answers of lists")
        ordering = ["of", "order", "name__sorted"]
        default_permissions = ("change",)
        constraints = [
            OneName(
                of="name",
                within="of",
                name="choice_once_a_list",
                violation_error_message=_("This list already has these words."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="choice_has_words",
                violation_error_message=_("Write the words of the answer."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def from_their_lists(**columns: str) -> pgtrigger.Trigger:
    """A trigger that refuses an answer taken from another list: column of the answer → its list."""
    wrong = " OR ".join(f"(id = NEW.{column}_id AND of <> '{of}')" for column, of in columns.items())
    return pgtrigger.Trigger(
        name="answers_from_their_lists",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF EXISTS (SELECT FROM hub_choice WHERE {wrong}) THEN
                RAISE EXCEPTION 'That answer is of another list.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


retention.keep(Choice, until=retention.FOR_GOOD)
row_order.leave(Choice, because=row_order.LIST)
