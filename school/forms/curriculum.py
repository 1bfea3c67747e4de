"""Forms of courses, modules and materials."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from school.models import Course, Material, Module, Strand
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField, WholeField
from volunteers.shared.name_queries import NameFormField


def free_slug(wanted: str, taken: set[str]) -> str:
    """A short name near this one that nobody has yet."""
    near = slugify(wanted)[:34] or "topic"
    candidates = [near, *(f"{near}-{number}" for number in range(2, len(taken) + 2))]
    return next(slug for slug in candidates if slug not in taken)


class CourseForm(EditForm, forms.ModelForm):
    """A course, and the School's own words."""

    class Meta:
        model = Course
        fields = (
            "name",
            "about",
            "grants",
            "says_done",
            "says_together",
            "says_not_yet",
            "nearly_left",
            "stalled_weeks",
            "retired",
        )
        field_classes = {"nearly_left": WholeField, "stalled_weeks": WholeField}
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A course need not grant anything."""
        super().__init__(*args, **kwargs)
        self.fields["grants"].empty_label = _("Nothing")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Give a new course its short name."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance.slug and "name" in asked:
            self.instance.slug = free_slug(asked["name"], set(Course.objects.values_list("slug", flat=True)))
        return asked


class ModuleForm(EditForm, forms.ModelForm):
    """A module. Its strand is a word: one that is there already, or a new one."""

    strand_name = NameFormField(
        label=_("Strand"),
        max_length=60,
        help_text=_("Choose one from the list, or write a new one."),
        widget=forms.TextInput(attrs={"list": "strands"}),
    )

    class Meta:
        model = Module
        fields = ("title", "about", "required", "grants", "refresh_months", "order", "retired")
        field_classes = {"refresh_months": WholeField, "order": WholeField}
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}

    field_order = ("title", "strand_name", "about", "required", "grants", "refresh_months", "order", "retired")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say the strand it has."""
        super().__init__(*args, **kwargs)
        self.fields["grants"].empty_label = _("Nothing")  # type: ignore[attr-defined]
        if self.instance.strand_id:
            self.initial["strand_name"] = self.instance.strand.name

    def clean_title(self) -> str:
        """No other module of the course is called that."""
        title: str = self.cleaned_data["title"]
        if self.instance.course.modules.exclude(pk=self.instance.pk).filter(title=title).exists():
            raise ValidationError(_("This course already has a module with that title."))
        return title

    def clean(self) -> dict[str, Any]:
        """Give a new module its short name."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance.slug and "title" in asked:
            taken = self.instance.course.modules.values_list("slug", flat=True)
            self.instance.slug = free_slug(asked["title"], set(taken))
        return asked

    def strand(self) -> Strand:
        """The strand by that name, made if it is new."""
        name = self.cleaned_data["strand_name"]
        strand = Strand.objects.filter(name__reads=name).first()
        return strand or Strand.objects.create(name=name, order=Strand.objects.count() + 1)


class MaterialForm(forms.ModelForm):
    """Something a module is taught with, in one edition."""

    class Meta:
        model = Material
        fields = ("title", "edition", "link", "since")
        field_classes = {"since": DayField}

    def clean(self) -> dict[str, Any]:
        """No edition twice."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if Material.objects.filter(
            module=self.instance.module, title=asked.get("title"), edition=asked.get("edition")
        ).exists():
            self.add_error("edition", ValidationError(_("That edition is already here.")))
        return asked
