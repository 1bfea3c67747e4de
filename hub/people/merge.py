"""Merging two records of one person, as when somebody is invited twice."""

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from hub.people.erasure import erase_person
from school.models.merging import merge_school_records
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.personal_data import Merge, find_personal_data

WORDS = ("pronouns", "contact", "access_needs")


@transaction.atomic
def merge_people(stays: User, goes: User, *, by: User) -> None:
    """Move what hangs on one record to the other, fill in what that one left empty, and erase the first.

    Where both have the same, the one that stays keeps its own. Roles, sign-in and e-mail are those of the record that
    stays. Merging twice finds nobody the second time, and says so.
    """
    for person in (stays, goes):
        if not (by.has_perm("volunteers.merge_user") and by.may_look_after(person)):
            raise NotAllowed(_now("You cannot merge these two. Ask an admin."))
    if stays.pk == goes.pk:
        raise NotAllowed(_now("That is one and the same record."))
    if by.pk == goes.pk:
        raise NotAllowed(_now("You are signed in with the record that would go. Merge the other way round."))
    User.objects.wait_for_admins()
    locked = {person.pk: person for person in User.objects.select_for_update().filter(pk__in=[stays.pk, goes.pk])}
    if len(locked) != 2:  # noqa: PLR2004 -- both of them
        raise NotAllowed(_now("One of the two is not here any more."))
    merge_school_records(locked[stays.pk], locked[goes.pk], now=timezone.now())
    for entry in find_personal_data(merge=Merge.MOVE):
        for column in entry.columns:
            _move(entry.model, column, locked[goes.pk], locked[stays.pk])
    _fill_in(locked[stays.pk], locked[goes.pk])
    erase_person(locked[goes.pk], by=by)


def _move(model: type[models.Model], field: str, goes: User, stays: User) -> None:
    """One row at a time: what the other record has already cannot be moved, and goes with its own."""
    for key in model._default_manager.filter(**{field: goes}).values_list("pk", flat=True):  # noqa: SLF001 -- Django's own public name for it
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=key).update(**{field: stays})  # noqa: SLF001 -- the same
        except IntegrityError:
            continue


def _fill_in(stays: User, goes: User) -> None:
    for name in WORDS:
        setattr(stays, name, getattr(stays, name) or getattr(goes, name))
    stays.save(update_fields=WORDS)
