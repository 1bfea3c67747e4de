"""Pathways: the directory of other services for visitors, each with the day we last checked it."""

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
from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.names import contains_words
from volunteers.shared.registries import retention, row_order


@pghistory.track()
class PathwayKind(models.Model):
    """A heading of the directory, such as housing. Each hub may rename it."""

    name = NameField(_("name"), max_length=60)
    slug = models.SlugField(_("short name"), max_length=40, unique=True, help_text=_("Stays as it is."))
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("kind of pathway")
        verbose_name_plural = _("kinds of pathway")
        ordering = ["order", "name__sorted"]
        constraints = [
            OneName(of="name", name="pathwaykind_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="pathwaykind_name_given",
                violation_error_message=_("A heading needs words."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PathwayQuerySet(models.QuerySet["Pathway"]):
    """Queries on the directory, and creating it."""

    def shown(self, today: dt.date | None = None) -> PathwayQuerySet:
        """Services that the public sees: neither withdrawn nor past their `hide_after`."""
        today = today or timezone.localdate()
        return self.filter(Q(hide_after__isnull=True) | Q(hide_after__gte=today), withdrawn=False)

    def by_kind(self) -> PathwayQuerySet:
        """In the order of the directory, with their kind."""
        return self.select_related("kind").order_by("kind__order", "kind__name__sorted", "name__sorted", "pk")

    def safe_whatever_status(self) -> PathwayQuerySet:
        """Services known to be safe whatever a person's immigration status. Not known is left out."""
        return self.filter(safe_whatever_status=Pathway.Known.YES)

    def without_police(self) -> PathwayQuerySet:
        """Services known not to involve the police. Not known is left out."""
        return self.filter(may_involve_police=Pathway.Known.NO)

    def of_kind(self, kind: PathwayKind | None) -> PathwayQuerySet:
        """Services of a kind; all of them for None."""
        return self.filter(kind=kind) if kind else self

    def search(self, words: str) -> list[Pathway]:
        """Services in the language of the page, with every word in the public text of either language.

        A reader of a Polish page searches for Polish words, or for an English name they were told.
        """
        pathways = list(self.by_kind())
        written = {pathway.pk: pathway.public_text for pathway in pathways}
        Translation.objects.translate(*pathways, *(pathway.kind for pathway in pathways))
        texts = {pathway.pk: f"{written[pathway.pk]} {pathway.public_text}" for pathway in pathways}
        return [pathway for pathway in pathways if contains_words(texts[pathway.pk], words)]

    def to_check(self, days: int, today: dt.date | None = None) -> PathwayQuerySet:
        """Shown services not checked within this number of days, or never."""
        today = today or timezone.localdate()
        return self.shown(today).filter(Q(checked_on__isnull=True) | Q(checked_on__lt=today - dt.timedelta(days=days)))

    @transaction.atomic
    def lay_out(self) -> None:
        """Create the starting services in an empty directory. None of them is checked."""
        if self.exists():
            return
        for number, (slug, name, services) in enumerate(STARTING_PATHWAYS, start=1):
            kind, _made = PathwayKind.objects.get_or_create(
                slug=slug, defaults={"name": str(name), "order": 10 * number}
            )
            Pathway.objects.bulk_create(
                Pathway(
                    kind=kind,
                    name=str(service.name),
                    how_to_reach=str(service.how),
                    who_for=str(service.who_for),
                    hours=str(service.hours),
                )
                for service in services
            )


# No history of `checked_on`: it would keep who checked, where the day is enough.
@pghistory.track(exclude=["checked_on"])
class Pathway(models.Model):
    """A service of the directory. “Not known” is an answer of its own, neither yes nor no."""

    class Known(models.TextChoices):
        """Our knowledge of a question about the service."""

        YES = "yes", _("yes")
        NO = "no", _("no")
        NOT_KNOWN = "not_known", _("not known")

    kind = models.ForeignKey(PathwayKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="pathways")
    name = NameField(_("name"), max_length=80)
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

    # Set by the view of the directory.
    stale: bool

    class Meta:
        verbose_name = _("pathway")
        verbose_name_plural = _("pathways")
        ordering = ["name__sorted"]
        default_permissions = ("add", "change")
        permissions = [("check_pathway", "Can say that a pathway was checked")]
        constraints = [
            OneName(
                of="name",
                within="kind",
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
    def public_text(self) -> str:
        """All public text about the service, for search."""
        return f"{self.name} {self.kind.name} {self.who_for} {self.how_to_reach} {self.hours}"

    @property
    def has_no_facts(self) -> bool:
        """Whether the service is unchecked and neither question is answered."""
        known = {self.may_involve_police, self.safe_whatever_status}
        return self.checked_on is None and known == {self.Known.NOT_KNOWN}

    def needs_checking(self, days: int, today: dt.date) -> bool:
        """Whether the service was not checked within this number of days, or never."""
        return self.checked_on is None or self.checked_on < today - dt.timedelta(days=days)

    def check_today(self) -> None:
        """Record a check today. A second one changes nothing."""
        today = timezone.localdate()
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Pathway.objects.select_for_update())
            if self.checked_on != today:
                self.checked_on = today
                self.save(update_fields=["checked_on"])

    @staticmethod
    def days_between_checks() -> int:
        """The number of days a check is valid, as the hub chose."""
        return Hub.current().pathway_days


retention.keep(Pathway, PathwayKind, until=retention.FOR_GOOD)
row_order.leave(Pathway, PathwayKind, because=row_order.LIST)
