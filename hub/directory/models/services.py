"""Pathways: the directory of other services for visitors, each with the day we last checked it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pghistory
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import RegexValidator
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

PHONE_CHARACTERS = r"^\+?[0-9][0-9 ()-]*$"
is_phone_number = RegexValidator(
    PHONE_CHARACTERS, _("Only the number, for example 020 7946 0000. Write words in the box below.")
)


@pghistory.track()
class PathwayKind(models.Model):
    """A heading of the directory, such as housing. Each hub may rename it."""

    name = NameField(_("name"), max_length=60)
    slug = models.SlugField(
        _("short name"), max_length=40, unique=True, help_text=_("Part of its web address. It stays as it is.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("kind of service")
        verbose_name_plural = _("kinds of service")
        ordering = ["order", "name__sorted"]
        constraints = [
            OneName(of="name", name="pathwaykind_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="pathwaykind_name_given",
                violation_error_message=_("Write a heading."),
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

    def published(self) -> PathwayQuerySet:
        """Services in the order of their reference, which other directories read page by page."""
        return self.shown().select_related("kind").order_by("reference")

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
                    phone=service.phone,
                    website=service.website,
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
    reference = models.UUIDField(
        _("reference"),
        db_default=RandomUUID(),
        unique=True,
        editable=False,
        help_text=_("Other directories know the service by this reference."),
    )
    phone = models.CharField(_("phone number"), max_length=40, blank=True, validators=[is_phone_number])
    website = models.URLField(_("website"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    who_for = models.CharField(_("who it is for"), max_length=200, blank=True)
    how_to_reach = models.CharField(
        _("how to reach it"),
        max_length=300,
        blank=True,
        help_text=_("What else helps: who to ask for, what to say, which door."),
    )
    hours = models.CharField(_("when it is open"), max_length=200, blank=True)
    may_involve_police = models.CharField(
        _("may involve the police or the council"), max_length=9, choices=Known, default=Known.NOT_KNOWN
    )
    safe_whatever_status = models.CharField(
        _("safe whatever your immigration status"), max_length=9, choices=Known, default=Known.NOT_KNOWN
    )
    heard = models.TextField(
        _("what we have heard about it"),
        max_length=600,
        blank=True,
        help_text=_("What it is really like there. Only people at the desk see this. Never about one person."),
    )
    checked_on = models.DateField(
        _("last checked"), null=True, blank=True, help_text=_("When one of us last checked it. Empty: never.")
    )
    hide_after = models.DateField(
        _("hide after"), null=True, blank=True, help_text=_("From the next day on, visitors do not see it.")
    )
    withdrawn = models.BooleanField(
        _("hidden"), default=False, help_text=_("Only we see it, until somebody corrects it.")
    )

    objects = PathwayQuerySet.as_manager()

    # Set by the view of the directory.
    stale: bool

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name__sorted"]
        default_permissions = ("add", "change")
        permissions = [("check_pathway", "Can say that a pathway was checked")]
        constraints = [
            OneName(
                of="name",
                within="kind",
                name="pathway_once_a_kind",
                violation_error_message=_("That service is already in the directory, under this heading."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="pathway_name_given", violation_error_message=_("Write its name.")
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=PHONE_CHARACTERS),
                name="pathway_phone_can_be_rung",
                violation_error_message=_("Only the number, for example 020 7946 0000. Write words in the box below."),
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
        words = (self.name, self.kind.name, self.who_for, self.how_to_reach, self.address, self.phone, self.hours)
        return " ".join(words)

    @property
    def phone_link(self) -> str:
        """The address that rings the service: its number without blanks and brackets."""
        return f"tel:{re.sub(r'[^+0-9]', '', self.phone)}" if self.phone else ""

    @property
    def site_name(self) -> str:
        """The website as people say it: without the beginning that all websites have."""
        return re.sub(r"^https?://(www\.)?", "", self.website).rstrip("/")

    @property
    def says_something(self) -> bool:
        """Whether we know something about the police or about immigration that a visitor is told."""
        return {self.may_involve_police, self.safe_whatever_status} != {self.Known.NOT_KNOWN}

    @property
    def leaves_something_open(self) -> bool:
        """Whether we do not know about the police, or do not know about immigration."""
        return self.Known.NOT_KNOWN in {self.may_involve_police, self.safe_whatever_status}

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


@dataclass(frozen=True)
class ServiceGroup:
    """Services of one kind as a page shows them: the checked ones first, and one warning for the others."""

    kind: PathwayKind
    services: list[Pathway]

    @property
    def names(self) -> str:
        """All names in one line."""
        return ", ".join(service.name for service in self.services)

    @property
    def unchecked(self) -> int:
        """The number of services that we have not checked, or not lately."""
        return sum(service.stale for service in self.services)

    @property
    def leaves_something_open(self) -> bool:
        """Whether we know too little of one of them to say something about police and immigration."""
        return any(service.leaves_something_open for service in self.services)


def group_services(services: list[Pathway], days: int, today: dt.date) -> list[ServiceGroup]:
    """Services in groups by kind, in their order; in a group those that were checked within `days` come first."""
    groups: dict[int, ServiceGroup] = {}
    for service in services:
        service.stale = service.needs_checking(days, today)
        groups.setdefault(service.kind_id, ServiceGroup(service.kind, [])).services.append(service)
    for group in groups.values():
        group.services.sort(key=lambda service: service.stale)
    return list(groups.values())


retention.keep(Pathway, PathwayKind, until=retention.FOR_GOOD)
row_order.leave(Pathway, PathwayKind, because=row_order.LIST)
