"""Merging two records of one person, as when somebody is invited twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext

from hub.people.erasure import erase_person
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.merging import TwoRecords, count_rows
from volunteers.shared.registries.personal_data import Merge, PersonalData, find_joins, find_personal_data

if TYPE_CHECKING:
    from django.db.models.functions import Coalesce

SEPARATORS = {"contact": ", ", "access_needs": "\n"}
"""What stands between the words of two records, where both say something."""


@dataclass(frozen=True)
class Fate:
    """What becomes of the rows of one kind: how many come over, and how many both records have."""

    name: str
    number: int
    both: int
    becomes: str

    def __str__(self) -> str:
        words = ngettext("%(n)d moves here. ", " %(n)d move here.", self.number) % {"n": self.number}
        if self.both:
            both = ngettext("%(n)d is in both: ", " %(n)d are in both:", self.both) % {"n": self.both}
            words += f" {both} {self.becomes}"
        return words


@dataclass(frozen=True)
class MergePreview:
    """What merging two records would do: of each kind of row, and in sentences what is given up."""

    goes: User
    fates: list[Fate] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def preview_merge(stays: User, goes: User) -> MergePreview:
    """Tell what merging would do. Nothing is changed, and it takes the same few statements whatever there is."""
    records = TwoRecords(stays, goes, timezone.now())
    sentences = [sentence for _entry, join in find_joins() for sentence in join.warn(records)]
    counts = User.objects.filter(pk=goes.pk).annotate(**_count_rows(records)).values().get()
    fates = [
        Fate(str(join.name), counts[f"n{number}_all"], counts[f"n{number}_both"], str(join.becomes))
        for number, (_entry, join) in enumerate(find_joins())
        if counts[f"n{number}_all"]
    ]
    for merge, name in ((Merge.MOVE, _now("What they did for others")), (Merge.BLANK, _now("Stock movements"))):
        if number := counts[f"n_{merge.name}"]:
            fates.append(Fate(name, number, 0, ""))
    return MergePreview(goes, fates, [*sentences, *_list_what_stays_apart(stays, goes)])


@transaction.atomic
def merge_people(stays: User, goes: User, *, by: User) -> None:
    """Make all rows of one record those of the other, fill in what that one left empty, and erase the first.

    Where both have a row for one thing, the rule beside its model says what wins or adds up. Roles, sign-in and e-mail
    are those of the record that stays. Merging twice finds nobody the second time, and says so.
    """
    _refuse_unless_two(stays, goes, by)
    joins = find_joins()
    for _entry, join in joins:
        join.lock(TwoRecords(stays, goes, timezone.now()))
    records = TwoRecords(*_lock_people(stays, goes), timezone.now())
    for _entry, join in joins:
        join.prepare(records)
    for entry, join in joins:
        join.move(entry.model, entry.columns[0], records)
    for entry in find_personal_data(merge=Merge.MOVE):
        for column in entry.columns:
            _rows(entry, column, records.goes).update(**{column: records.stays})
    for _entry, join in joins:
        join.finish(records)
    _fill_in(records.stays, records.goes)
    erase_person(records.goes, by=by)


def _refuse_unless_two(stays: User, goes: User, by: User) -> None:
    for person in (stays, goes):
        if not (by.has_perm("volunteers.merge_user") and by.may_look_after(person)):
            raise NotAllowed(_now("You cannot merge these two. Ask an admin."))
    if stays.pk == goes.pk:
        raise NotAllowed(_now("These two are the same record."))
    if by.pk == goes.pk:
        raise NotAllowed(_now("You are signed in with the record that would be deleted. Merge the other way round."))


def _lock_people(stays: User, goes: User) -> tuple[User, User]:
    """Lock both records and read them again."""
    User.objects.wait_for_admins()
    both = User.objects.filter(pk__in=[stays.pk, goes.pk]).order_by("pk")
    locked = {person.pk: person for person in both.select_for_update()}
    if len(locked) != 2:  # noqa: PLR2004 -- both of them
        raise NotAllowed(_now("One of the two no longer exists."))
    return locked[stays.pk], locked[goes.pk]


def _rows(entry: PersonalData, column: str, person: User) -> models.QuerySet[Any, Any]:
    rows: models.QuerySet[Any, Any] = entry.model._default_manager.filter(**{column: person})  # noqa: SLF001 -- Django's own public name for it
    return rows


def _count_rows(records: TwoRecords) -> dict[str, Coalesce]:
    """Count the rows of each kind, as columns of one statement."""
    counts: dict[str, Coalesce] = {}
    for number, (entry, join) in enumerate(find_joins()):
        counts[f"n{number}_all"], counts[f"n{number}_both"] = join.count(entry.model, entry.columns[0], records)
    for merge in (Merge.MOVE, Merge.BLANK):
        columns = [(entry, column) for entry in find_personal_data(merge=merge) for column in entry.columns]
        numbers = [count_rows(_rows(entry, column, records.goes)) for entry, column in columns]
        counts[f"n_{merge.name}"] = sum(numbers[1:], numbers[0])
    return counts


def _list_what_stays_apart(stays: User, goes: User) -> Iterator[str]:
    """List what of the record that goes is not taken over: ways in and roles."""
    if goes.can_get_in and not stays.can_get_in:
        yield _now(
            "Nobody can sign in with the record that stays, only with the other. Merge the other way round to keep "
            "the sign-in."
        )
    if goes.email and not stays.email:
        yield _now("The record that stays has no e-mail, so we cannot write to them. The other has one.")
    if lost := [str(role.label) for role in goes.roles if role not in stays.roles]:
        yield _now("These roles do not move: %(roles)s. An admin can give them.") % {"roles": ", ".join(lost)}


def _fill_in(stays: User, goes: User) -> None:
    """Take over their own words: what one record lacks, and both where both say something and there is room."""
    stays.pronouns = stays.pronouns or goes.pronouns
    for name, separator in SEPARATORS.items():
        own, other = getattr(stays, name), getattr(goes, name)
        most = User._meta.get_field(name).max_length or 0  # type: ignore[union-attr]  # noqa: SLF001 -- the same
        both = separator.join(dict.fromkeys(filter(None, [own, other])))
        setattr(stays, name, both if len(both) <= most else own or other)
    stays.on_break_until = max(filter(None, [stays.on_break_until, goes.on_break_until]), default=None)
    stays.last_here, stays.asked_on = max(stays.last_here, goes.last_here), None
    stays.save(update_fields=["pronouns", *SEPARATORS, "on_break_until", "last_here", "asked_on"])
