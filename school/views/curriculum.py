"""The curriculum: courses, their modules, and what they are taught with."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from school.forms.curriculum import CourseForm, MaterialForm, ModuleForm
from school.models import Course, Material, Module, Strand
from volunteers.shared.actions import ask_first
from volunteers.shared.requests import SignedInRequest

change_curriculum_required = permission_required("school.change_curriculum", raise_exception=True)


@change_curriculum_required
@require_safe
def list_courses(request: SignedInRequest) -> HttpResponse:
    """Every course with its modules, those no longer taught as well."""
    courses = Course.objects.select_related("grants").prefetch_related("modules__strand", "modules__grants")
    return render(request, "school/curriculum/list.html", {"courses": courses})


@change_curriculum_required
@require_POST
def create_first_course(request: SignedInRequest) -> HttpResponse:
    """Lay out the School to begin with, to be changed as you like."""
    Course.objects.lay_out()
    messages.success(request, _("Here is a School to start with. You can change everything in it."))
    return redirect("school:curriculum")


@change_curriculum_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_course(request: SignedInRequest) -> HttpResponse:
    """A new course."""
    return _edit_course(request, Course())


@change_curriculum_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_course(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a course."""
    return _edit_course(request, get_object_or_404(Course, pk=pk))


def save_or_add_error(form: ModelForm) -> bool:
    """Save the form. A row that exists already, say by a second press of the button, becomes an error of the form."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error(None, _("That is already here."))
        return False
    return True


def _edit_course(request: SignedInRequest, course: Course) -> HttpResponse:
    form = CourseForm(request.POST or None, instance=course)
    if form.is_valid() and save_or_add_error(form):
        messages.success(request, _("Saved."))
        return redirect("school:curriculum")
    return render(request, "school/curriculum/course.html", {"form": form}, status=422 if form.is_bound else 200)


@change_curriculum_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_module(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new module in this course, last for now."""
    course = get_object_or_404(Course, pk=pk)
    return _edit_module(request, Module(course=course, order=10 * (course.modules.count() + 1)))


@change_curriculum_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_module(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a module."""
    return _edit_module(request, get_object_or_404(Module.objects.select_related("course", "strand"), pk=pk))


def _edit_module(
    request: SignedInRequest, module: Module, *, material: MaterialForm | None = None, status: int = 200
) -> HttpResponse:
    form = ModuleForm(request.POST if material is None and request.method == "POST" else None, instance=module)
    if form.is_valid():
        form.instance.strand = form.strand()
    if form.is_valid() and save_or_add_error(form):
        messages.success(request, _("Saved."))
        return redirect("school:curriculum")
    return render(
        request,
        "school/curriculum/module.html",
        {
            "form": form,
            "module": module,
            "strands": Strand.objects.all(),
            "materials": module.materials.all() if module.pk else [],
            "material_form": material or MaterialForm(),
        },
        status=422 if form.is_bound else status,
    )


@change_curriculum_required
@require_POST
def add_material(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new edition of something the module is taught with."""
    module = get_object_or_404(Module.objects.select_related("course", "strand"), pk=pk)
    form = MaterialForm(request.POST, instance=Material(module=module))
    if not (form.is_valid() and save_or_add_error(form)):
        return _edit_module(request, module, material=form, status=422)
    messages.success(request, _("Added."))
    return redirect("school:module", pk)


@change_curriculum_required
@require_POST
def remove_material(request: SignedInRequest, pk: int, material: int) -> HttpResponse:
    """Take an edition off the list."""
    edition = get_object_or_404(Material, pk=material, module=pk)
    question = ask_first(
        request,
        [_("%(title)s of %(day)s is deleted, with its link.") % {"title": edition, "day": date_format(edition.since)}],
        title=_("Remove it from the list?"),
        label=_("Remove it"),
        back=reverse("school:module", args=[pk]),
        instead=_("A newer edition with the same title replaces it from its own day on."),
    )
    if question is not None:
        return question
    edition.delete()
    messages.success(request, _("Removed."))
    return redirect("school:module", pk)
