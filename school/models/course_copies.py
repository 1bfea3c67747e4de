"""Copying a curriculum: a new course with modules and materials of an older one, to be changed as one likes."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from school.models.courses import Course, Material, Module

COPIED_FIELDS = ("about", "grants", "says_done", "says_together", "says_not_yet", "nearly_left", "stalled_weeks")


def prepare_copy(older: Course) -> Course:
    """A new course with the words of an older one, unsaved and without a name of its own."""
    return Course(**{name: getattr(older, name) for name in COPIED_FIELDS})


@transaction.atomic
def copy_modules(course: Course, modules: Collection[Module], *, older: Course, retire: bool) -> None:
    """Give a new course copies of these modules, each with the editions in use and those to come.

    Outcomes are not copied: nobody has done anything of the new course. `retire` says that the older one is no longer
    taught.
    """
    copies = {
        module.pk: Module(
            course=course,
            **{
                name: getattr(module, name)
                for name in ("strand", "title", "slug", "about", "required", "grants", "refresh_months", "order")
            },
        )
        for module in modules
    }
    Module.objects.bulk_create(copies.values())
    Material.objects.bulk_create(
        Material(
            module=copies[material.module_id],
            **{name: getattr(material, name) for name in ("title", "edition", "link", "since", "leaflet")},
        )
        for material in _find_current_materials(modules)
    )
    if retire:
        older.retired = True
        older.save(update_fields=["retired"])


def _find_current_materials(modules: Collection[Module]) -> list[Material]:
    """Find, for each title, the edition in use today and those that come into use later."""
    today = timezone.localdate()
    current: dict[tuple[int, str], Material] = {}
    coming: list[Material] = []
    for material in Material.objects.filter(module__in=modules).order_by("since", "pk"):
        if material.since > today:
            coming.append(material)
        else:
            current[material.module_id, material.title] = material
    return [*current.values(), *coming]
