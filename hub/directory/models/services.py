"""Pathways: services a visitor can be pointed to, and how long ago we made sure of what we say about them."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.core.hub import Hub
from hub.directory.default_services import STARTING_PATHWAYS
from hub.languages.models.translations import Translation
from volunteers.shared.registries import retention, row_order


@pghistory.track()
class PathwayKind(models.Model):
    """What somebody may need: a heading of the directory, the hub's own to rename."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("short name"), max_length=40, unique=True, help_text=_("Stays as it is."))
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("kind of pathway")
        verbose_name_plural = _("kinds of pathway")
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="pathwaykind_name_given",
                violation_error_message=_("A heading needs words."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PathwayQuerySet(models.QuerySet["Pathway"]):
    """Questions about the directory, and laying it out."""

    def shown(self, today: dt.date | None = None) -> PathwayQuerySet:
        """What anybody may see: not withdrawn, and not past the day it was to be hidden after."""
        today = today or timezone.localdate()
        return self.filter(Q(hide_after__isnull=True) | Q(hide_after__gte=today), withdrawn=False)

    def by_kind(self) -> PathwayQuerySet:
        """In the directory's order."""
        return self.select_related("kind").order_by("kind__order", "kind__name", "name", "pk")

    def safe_whatever_status(self) -> PathwayQuerySet:
        """Those we know to be safe whatever somebody's immigration status. Not known is not safe."""
        return self.filter(safe_whatever_status=Pathway.Known.YES)

    def without_police(self) -> PathwayQuerySet:
        """Those we know not to involve the police. Not known is left out."""
        return self.filter(may_involve_police=Pathway.Known.NO)

    def of_kind(self, kind: PathwayKind | None) -> PathwayQuerySet:
        """Those of one kind; all of them without one."""
        return self.filter(kind=kind) if kind else self

    def holding(self, words: str) -> list[Pathway]:
        """These as a page shows them, where every word stands in what anybody may read: as written, or as said here.

        Whoever reads Polish looks for Polish words, or for the English name they were told.
        """
        found = list(self.by_kind())
        written = {pathway.pk: pathway.to_read for pathway in found}
        Translation.objects.translate(*found, *(pathway.kind for pathway in found))
        wanted = words.casefold().split()
        return [one for one in found if all(word in f"{written[one.pk]} {one.to_read}" for word in wanted)]

    def to_check(self, days: int, today: dt.date | None = None) -> PathwayQuerySet:
        """Those shown that nobody has checked for so many days, or ever."""
        today = today or timezone.localdate()
        return self.shown(today).filter(Q(checked_on__isnull=True) | Q(checked_on__lt=today - dt.timedelta(days=days)))

    @transaction.atomic
    def lay_out(self) -> None:
        """Start the directory, if it is empty, with the services we know the names of. None of them is checked."""
        if self.exists():
            return
        for number, (slug, name, services) in enumerate(STARTING_PATHWAYS, start=1):
            kind, _made = PathwayKind.objects.get_or_create(
                slug=slug, defaults={"name": str(name), "order": 10 * number}
            )
            Pathway.objects.bulk_create(
                Pathway(
                    kind=kind,
                    name=str(one.name),
                    how_to_reach=str(one.how),
                    who_for=str(one.who_for),
                    hours=str(one.hours),
                )
                for one in services
            )


# Anybody at the desk may say they checked it today: of that only the day is kept.
@pghistory.track(exclude=["checked_on"])
class Pathway(models.Model):
    """One service. What we do not know we say so: not known is neither yes nor no."""

    class Known(models.TextChoices):
        """What we know of it."""

        YES = "yes", _("yes")
        NO = "no", _("no")
        NOT_KNOWN = "not_known", _("not known")

    kind = models.ForeignKey(PathwayKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="pathways")
    name = models.CharField(_("name"), max_length=80)
    who_for = models.CharField(_("who it is for"), max_length=200, blank=True)
    how_to_reach = models.CharField(
        _("how to reach it"),
        max_length=300,
        blank=True,
        help_text=_("A number, an address, a website; who to ask for."),
    )
    hours = models.CharField(_("when it is open"), max_length=200, blank=True)
    may_involve_police = models.CharField(
        _("may involve the police or the council"), max_length=9, choices=Known, default=Known.NOT_KNOWN
    )
    safe_whatever_status = models.CharField(
        _("safe whatever somebody’s immigration status"), max_length=9, choices=Known, default=Known.NOT_KNOWN
    )
    heard = models.TextField(
        _("what we have heard about it"),
        max_length=600,
        blank=True,
        help_text=_("How it really goes there. Only people at the desk see this. Never about one person."),
    )
    checked_on = models.DateField(
        _("last checked"), null=True, blank=True, help_text=_("When one of us last made sure. Empty: never.")
    )
    hide_after = models.DateField(
        _("hide after"), null=True, blank=True, help_text=_("From the day after, visitors do not see it any more.")
    )
    withdrawn = models.BooleanField(_("hidden"), default=False, help_text=_("Only we see it, until it is put right."))

    objects = PathwayQuerySet.as_manager()

    # Set by the page that shows it.
    stale: bool

    class Meta:
        verbose_name = _("pathway")
        verbose_name_plural = _("pathways")
        ordering = ["name"]
        default_permissions = ("add", "change")
        permissions = [("check_pathway", "Can say that a pathway was checked")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="pathway_once_a_kind",
                violation_error_message=_("That service is in the directory already, under this heading."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="pathway_name_given", violation_error_message=_("Say what it is called.")
            ),
            models.CheckConstraint(
                condition=Q(may_involve_police__in=["yes", "no", "not_known"])
                & Q(safe_whatever_status__in=["yes", "no", "not_known"]),
                name="pathway_known_or_not",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def to_read(self) -> str:
        """All that anybody may read about it, to look for words in."""
        return f"{self.name} {self.kind.name} {self.who_for} {self.how_to_reach} {self.hours}".casefold()

    @property
    def nothing_known(self) -> bool:
        """Whether all we have is what it is called: not checked, and neither question answered."""
        known = {self.may_involve_police, self.safe_whatever_status}
        return self.checked_on is None and known == {self.Known.NOT_KNOWN}

    def needs_checking(self, days: int, today: dt.date) -> bool:
        """Whether nobody has made sure of it for so many days, or ever."""
        return self.checked_on is None or self.checked_on < today - dt.timedelta(days=days)

    def check_today(self) -> None:
        """Somebody made sure of it today: what it says is right. Again changes nothing."""
        today = timezone.localdate()
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Pathway.objects.select_for_update())
            if self.checked_on != today:
                self.checked_on = today
                self.save(update_fields=["checked_on"])

    @staticmethod
    def days_good() -> int:
        """For how many days a check is good: the hub's own choice."""
        return Hub.current().pathway_days


retention.keep(Pathway, PathwayKind, until=retention.FOR_GOOD)
row_order.leave(Pathway, PathwayKind, because=row_order.LIST)
