"""Courses, their modules by strand, and the materials in their editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from school.completion import ModuleRule, OutcomeState, Pace
from volunteers.eligibility import SCHOOL
from volunteers.models import Qualification
from volunteers.shared.name_queries import NameField, OneName
from volunteers.shared.registries import retention

if TYPE_CHECKING:
    from volunteers.models import User

# Strand → short name, title, what it grants. What the School began with; the rows are the School's own to change.
POLITICS, PRACTICE = "Politics of harm reduction", "Practical"
TO_BEGIN_WITH = (
    (POLITICS, "racial-capitalism", "Racial capitalism", ""),
    (POLITICS, "disability-justice", "Disability justice", ""),
    (POLITICS, "sex-worker-liberation", "Sex worker liberation", ""),
    (PRACTICE, "techniques", "Harm reduction techniques", ""),
    (PRACTICE, "naloxone", "Naloxone and overdose response", "naloxone-trained"),
    (PRACTICE, "safety-planning", "Mental health safety planning", ""),
    (PRACTICE, "de-escalation", "De-escalation", ""),
)


class Strand(models.Model):
    """A thread through the curriculum: politics, practice."""

    name = NameField(_("name"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("strand")
        verbose_name_plural = _("strands")
        ordering = ["order", "pk"]
        default_permissions = ()
        constraints = [
            OneName(of="name", name="strand_name_once"),
            models.CheckConstraint(
                condition=~Q(name=""), name="strand_name_given", violation_error_message=_("Write a name.")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CourseQuerySet(models.QuerySet["Course"]):
    """Questions about courses, and the default course."""

    def taught(self) -> CourseQuerySet:
        """Courses still taught."""
        return self.filter(retired=False)

    def joined_by(self, person: User) -> CourseQuerySet:
        """Courses this person takes or took, and the one that opens the door; another course lands on nobody else."""
        of_course = {"course": OuterRef("pk")}
        joined = (
            Exists(person.outcomes.filter(module__course=OuterRef("pk")))
            | Exists(person.enrolments.exclude(state="withdrawn").filter(session__modules__course=OuterRef("pk")))
            | Exists(person.cohorts.filter(**of_course))
            | Exists(person.completions.filter(**of_course))
        )
        return self.filter(joined | Q(grants__slug=SCHOOL))

    def with_modules(self) -> CourseQuerySet:
        """Prefetch the modules still taught, in order, and the qualification of each."""
        modules = Module.objects.taught().select_related("strand", "grants")
        return self.select_related("grants").prefetch_related(Prefetch("modules", modules, to_attr="taught_modules"))

    @transaction.atomic
    def lay_out(self) -> Course:
        """Create the default course, as rows to change or add to. Rows that exist stay as they are."""
        Qualification.objects.lay_out()
        grants = {qualification.slug: qualification for qualification in Qualification.objects.all()}
        course, created = self.get_or_create(
            slug="school", defaults={"name": "Harm Reduction School", "grants": grants["school-done"]}
        )
        if created:
            for order, (name, slug, title, granted) in enumerate(TO_BEGIN_WITH, start=1):
                strand, _made = Strand.objects.get_or_create(name=name, defaults={"order": order})
                course.modules.create(
                    strand=strand, slug=slug, title=title, grants=grants.get(granted), order=order * 10
                )
        return course


@pghistory.track()
class Course(models.Model):
    """A course: its curriculum, the qualification it grants, and the School's own words for levels."""

    name = NameField(_("name"), max_length=80)
    slug = models.SlugField(
        _("short name"), max_length=40, unique=True, help_text=_("Part of its web address. It stays as it is.")
    )
    about = models.TextField(
        _("what it is"), max_length=1000, blank=True, help_text=_("Everybody can read this on the public page.")
    )
    grants = models.ForeignKey(
        Qualification,
        verbose_name=_("what people get when they complete it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="courses",
    )
    says_done = models.CharField(_("your word for done"), max_length=40, default="done")
    says_together = models.CharField(_("your words for more to do"), max_length=40, default="more to do together")
    says_not_yet = models.CharField(_("your words for not yet"), max_length=40, default="not yet")
    nearly_left = models.PositiveSmallIntegerField(
        _("nearly there with so many modules left"), default=2, validators=[MaxValueValidator(50)]
    )
    stalled_weeks = models.PositiveSmallIntegerField(
        _("stalled after so many weeks without progress"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(520)],
    )
    retired = models.BooleanField(_("no longer taught"), default=False)

    objects = CourseQuerySet.as_manager()

    # Set by `with_modules`.
    taught_modules: list[Module]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["name__sorted"]
        default_permissions = ()
        permissions = [
            ("run_school", "Can plan sessions, enrol people, take registers and say what somebody has done"),
            ("change_curriculum", "Can change courses and modules"),
            ("grant_before", "Can say that people did a course before it was kept here"),
        ]
        constraints = [
            OneName(of="name", name="course_name_once"),
            models.CheckConstraint(
                condition=~(Q(name="") | Q(says_done="") | Q(says_together="") | Q(says_not_yet="")),
                name="course_words_given",
                violation_error_message=_("A course needs a name, and a word for each of the three."),
            ),
            models.CheckConstraint(
                condition=Q(stalled_weeks__gt=0),
                name="course_stalled_weeks_positive",
                violation_error_message=_("Give people one week or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def opens_the_door(self) -> bool:
        """Whether doing all of it lets people take shifts; for courses `with_modules`."""
        return self.grants is not None and self.grants.slug == SCHOOL

    @property
    def pace(self) -> Pace:
        """When somebody is nearly there, and when stalled."""
        return Pace(self.nearly_left, self.stalled_weeks)

    @property
    def outcome_labels(self) -> dict[str, str]:
        """The School's own words for each outcome."""
        return {
            OutcomeState.DONE: self.says_done,
            OutcomeState.TOGETHER: self.says_together,
            OutcomeState.NOT_YET: self.says_not_yet,
        }


class ModuleQuerySet(models.QuerySet["Module"]):
    """Questions about modules."""

    def taught(self) -> ModuleQuerySet:
        """Modules still taught, in courses still taught."""
        return self.filter(retired=False, course__retired=False)


@pghistory.track()
class Module(models.Model):
    """One topic of a course."""

    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="modules")
    strand = models.ForeignKey(Strand, verbose_name=_("strand"), on_delete=models.PROTECT, related_name="modules")
    title = NameField(_("title"), max_length=80)
    slug = models.SlugField(_("short name"), max_length=40, help_text=_("Part of its web address. It stays as it is."))
    about = models.TextField(_("what it is about"), max_length=1000, blank=True)
    required = models.BooleanField(_("required"), default=True)
    grants = models.ForeignKey(
        Qualification,
        verbose_name=_("what people get when they do it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="modules",
    )
    refresh_months = models.PositiveSmallIntegerField(
        _("repeat after so many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Empty: they never need to repeat it."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    retired = models.BooleanField(_("no longer taught"), default=False)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["course", "order", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["course", "slug"],
                name="module_slug_once",
                violation_error_message=_("This course already has a module with that short name."),
            ),
            OneName(
                of="title",
                within="course",
                name="module_title_once",
                violation_error_message=_("This course already has a module with that title."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="module_title_given", violation_error_message=_("Write a title.")
            ),
            models.CheckConstraint(
                condition=Q(refresh_months__isnull=True) | Q(refresh_months__gt=0),
                name="module_refresh_positive",
                violation_error_message=_("Write one month or more, or leave it empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rule(self) -> ModuleRule:
        """The rule of this module, for `school.completion`."""
        return ModuleRule(self.pk, self.required, self.refresh_months)


class Material(models.Model):
    """Teaching material of a module, in one edition. A session uses the newest edition of its day."""

    module = models.ForeignKey(Module, verbose_name=_("module"), on_delete=models.CASCADE, related_name="materials")
    title = NameField(_("title"), max_length=120)
    edition = models.CharField(_("edition"), max_length=40, help_text=_("For example: Second, or May 2026."))
    link = models.CharField(
        _("where it is"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("An https link, if it is online."),
    )
    since = models.DateField(_("in use since"), default=timezone.localdate)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["module", "title__sorted", "-since", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["module", "title", "edition"],
                name="material_edition_once",
                violation_error_message=_("That edition is already here."),
            ),
            models.CheckConstraint(
                condition=~(Q(title="") | Q(edition="")),
                name="material_named",
                violation_error_message=_("Write a title and an edition."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.edition})"


retention.keep(Strand, Course, Module, Material, until=retention.FOR_GOOD)
