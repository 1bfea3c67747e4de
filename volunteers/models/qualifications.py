"""Qualifications, and holdings: who holds which qualification, since when and on whose word."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pghistory
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention, touched
from volunteers.shared.registries.merging import Join, TwoRecords

if TYPE_CHECKING:
    from volunteers.models.people import User
    from volunteers.shared.registries.touched import TouchedPlace

# Short name, name, meaning, months until it is refreshed: what most hubs ask for. A hub makes them its own.
TO_BEGIN_WITH = (
    ("school-done", "School done", "Has done the School and been on a shift beside somebody who knows the desk.", None),
    ("naloxone-trained", "Naloxone-trained", "Can spot an overdose, give naloxone, and show somebody else how.", 24),
    ("shift-lead", "Shift lead", "Opens and closes, and decides on the night.", None),
    ("first-aid", "First aid", "Holds a first aid certificate that has not run out.", 36),
    ("keyholder", "Keyholder", "Has keys and the alarm code.", None),
)


class QualificationManager(models.Manager["Qualification"]):
    """Makes qualifications."""

    @transaction.atomic
    def lay_out(self) -> None:
        """Make the qualifications most hubs ask for, as rows to rename or delete; an existing row stays as it is."""
        for slug, name, meaning, refresh_months in TO_BEGIN_WITH:
            self.get_or_create(slug=slug, defaults={"name": name, "meaning": meaning, "refresh_months": refresh_months})


@pghistory.track()
class Qualification(models.Model):
    """A qualification a post may ask for: School done, naloxone-trained, shift lead. Coordinators keep the list."""

    name = NameField(_("name"), max_length=60)
    slug = models.SlugField(
        _("short name"), max_length=40, unique=True, help_text=_("Part of its web address. It stays as it is.")
    )
    meaning = models.TextField(_("what it means"), max_length=300, blank=True)
    refresh_months = models.PositiveSmallIntegerField(
        _("repeat after so many months"), null=True, blank=True, help_text=_("Empty: it does not end.")
    )

    objects = QualificationManager()

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["name__sorted"]
        constraints = [
            OneName(of="name", name="qualification_name_once"),
            models.CheckConstraint(
                condition=Q(refresh_months__isnull=True) | Q(refresh_months__gt=0),
                name="qualification_refresh_positive",
                violation_error_message=_("Write one month or more, or leave it empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HoldingQuerySet(models.QuerySet["Holding"]):
    """Queries about holdings."""

    def on(self, day: dt.date | models.OuterRef) -> HoldingQuerySet:
        """Holdings that count on this day; an `OuterRef` takes the day from the query around it."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    def ended(self, day: dt.date) -> HoldingQuerySet:
        """Holdings that no longer count on this day."""
        return self.filter(until__lte=day)


@pghistory.track()
class Holding(models.Model):
    """One person holds one qualification from a day until a day, granted by a person or by the School.

    The days are half-open: it counts on `since` and no longer on `until`. An agreed exception says why and ends.
    """

    person = models.ForeignKey(
        "volunteers.User", verbose_name=_("person"), on_delete=models.CASCADE, related_name="holdings"
    )
    qualification = models.ForeignKey(
        Qualification, verbose_name=_("qualification"), on_delete=models.PROTECT, related_name="holdings"
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        "volunteers.User",
        verbose_name=_("granted by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    exception = models.BooleanField(
        _("agreed exception"),
        default=False,
        help_text=_("Not trained for it yet. Agreed for some time, with a reason."),
    )
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("How we know, or why we agreed: about the training, not the person.")
    )

    # Set by the page of a person.
    touched: list[TouchedPlace]

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification of a person")
        verbose_name_plural = _("qualifications of people")
        ordering = ["person", "qualification", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "qualification"],
                condition=Q(until__isnull=True),
                name="holding_one_open",
                violation_error_message=_("They already have that."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="holding_ends_after_start",
                violation_error_message=_("It must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(exception=False) | Q(until__isnull=False),
                name="holding_exception_ends",
                violation_error_message=_("An agreed exception needs the day it ends."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="holding_reason_given",
                violation_error_message=_("Say how we know, or why you agreed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.qualification}"

    def counts_on(self, day: dt.date) -> bool:
        """Whether this one holding counts on a day, as `on` asks of many."""
        return self.since <= day and (self.until is None or self.until > day)

    @transaction.atomic
    def end(self, day: dt.date, *, by: User | None = None) -> None:
        """End the holding on this day. A second time keeps the earlier day.

        Where `by` ends it, who plans is told of the places ahead that needed it.
        """
        if by is not None and not by.has_perm("volunteers.change_holding"):
            raise NotAllowed(_now("You cannot end this."))
        held = Holding.objects.select_for_update().get(pk=self.pk)
        if held.until is None or held.until > day:
            places = touched.find_touched(held.person, timezone.now(), without=held) if by is not None else []
            held.until = max(day, held.since)
            held.save(update_fields=["until"])
            touched.follow_up(places, by, timezone.now())
        self.until = held.until


retention.keep(Qualification, until=retention.FOR_GOOD)
retention.keep(Holding, until=retention.WITH_ACCOUNT, promise="learning")


class JoinHoldings(Join):
    """Of two holdings without an end the earlier stays."""

    def discard(self, row: Holding, records: TwoRecords) -> None:
        """Delete it, or end it today if something was granted by it."""
        if not _is_pointed_at(row):
            row.delete()
            return
        row.end(timezone.localdate(records.now))
        Holding.objects.filter(pk=row.pk).update(person=records.stays)


def _is_pointed_at(row: Holding) -> bool:
    """Whether deleting it would delete rows of a higher app with it, such as a completion of the School."""
    relations = Holding._meta.related_objects  # noqa: SLF001 -- Django's own public name for it
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()  # noqa: SLF001 -- the same
        for relation in relations
        if relation.on_delete is models.CASCADE
    )


personal_data.hold(
    Holding,
    "person",
    part="holdings",
    merge=JoinHoldings(
        ("qualification",),
        name=_("Qualifications"),
        becomes=_("the earlier start stays."),
        turn=30,
        choose=lambda mine, theirs: min(mine, theirs, key=lambda holding: holding.since),
        where=Q(until__isnull=True),
    ),
)
personal_data.hold(Holding, "granted_by", part="deeds", counted_as=_("Qualifications you gave to people"), order=10)
personal_data.hold("volunteers.HoldingEvent", "person", "granted_by", part="history", merge=personal_data.Merge.ERASE)
