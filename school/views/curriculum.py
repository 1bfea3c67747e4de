"""The curriculum: courses, their modules, and what they are taught with."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from school.forms.curriculum import CourseForm, MaterialForm, ModuleForm
from school.models import Course, Material, Module, Strand
from volunteers.shared.requests import SignedInRequest

changes_it = permission_required("school.change_curriculum", raise_exception=True)


@changes_it
@require_safe
def curriculum(request: SignedInRequest) -> HttpResponse:
    """Every course with its modules, those no longer taught as well."""
    courses = Course.objects.select_related("grants").prefetch_related("modules__strand", "modules__grants")
    return render(request, "school/curriculum/list.html", {"courses": courses})


@changes_it
@require_POST
def begin(request: SignedInRequest) -> HttpResponse:
    """Lay out the School to begin with, to be changed as you like."""
    Course.objects.lay_out()
    messages.success(request, _("Here is a School to begin with. Everything in it is yours to change."))
    return redirect("school:curriculum")


@changes_it
@require_http_methods(["GET", "HEAD", "POST"])
def add_course(request: SignedInRequest) -> HttpResponse:
    """A new course."""
    return _course(request, Course())


@changes_it
@require_http_methods(["GET", "HEAD", "POST"])
def course(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a course."""
    return _course(request, get_object_or_404(Course, pk=pk))


def saved(form: ModelForm) -> bool:
    """Save it; what the database has already, a second press of the button say, is said beside the form."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error(None, _("That is here already."))
        return False
    return True


def _course(request: SignedInRequest, one: Course) -> HttpResponse:
    form = CourseForm(request.POST or None, instance=one)
    if form.is_valid() and saved(form):
        messages.success(request, _("Saved."))
        return redirect("school:curriculum")
    return render(request, "school/curriculum/course.html", {"form": form}, status=422 if form.is_bound else 200)


@changes_it
@require_http_methods(["GET", "HEAD", "POST"])
def add_module(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new module in this course, last for now."""
    course = get_object_or_404(Course, pk=pk)
    return _module(request, Module(course=course, order=10 * (course.modules.count() + 1)))


@changes_it
@require_http_methods(["GET", "HEAD", "POST"])
def module(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a module."""
    return _module(request, get_object_or_404(Module.objects.select_related("course", "strand"), pk=pk))


def _module(
    request: SignedInRequest, one: Module, *, material: MaterialForm | None = None, status: int = 200
) -> HttpResponse:
    form = ModuleForm(request.POST if material is None and request.method == "POST" else None, instance=one)
    if form.is_valid():
        form.instance.strand = form.strand()
    if form.is_valid() and saved(form):
        messages.success(request, _("Saved."))
        return redirect("school:curriculum")
    return render(
        request,
        "school/curriculum/module.html",
        {
            "form": form,
            "module": one,
            "strands": Strand.objects.all(),
            "materials": one.materials.all() if one.pk else [],
            "material_form": material or MaterialForm(),
        },
        status=422 if form.is_bound else status,
    )


@changes_it
@require_POST
def add_material(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new edition of something the module is taught with."""
    one = get_object_or_404(Module.objects.select_related("course", "strand"), pk=pk)
    form = MaterialForm(request.POST, instance=Material(module=one))
    if not (form.is_valid() and saved(form)):
        return _module(request, one, material=form, status=422)
    messages.success(request, _("Added."))
    return redirect("school:module", pk)


@changes_it
@require_POST
def remove_material(request: SignedInRequest, pk: int, material: int) -> HttpResponse:
    """Take an edition off the list."""
    get_object_or_404(Material, pk=material, module=pk).delete()
    messages.success(request, _("Taken off."))
    return redirect("school:module", pk)
