"""Lists of people: volunteers, how to reach them, what they may do here, and what they hold since when."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hub.imports.columns import Column, quote, read_as, read_name, read_words, read_yes_or_no, split_list
from hub.imports.kinds.base import ListKind, Made, Understood
from hub.imports.untouched import mark_rows, refuse_if_changed, refuse_if_used
from hub.people.erasure import erase_person
from volunteers.models import Holding, Invitation, Qualification, User
from volunteers.models.people_queryset import RoleName
from volunteers.shared.forms.fields import DayField, MonthField
from volunteers.shared.names import fold_name
from volunteers.shared.refusals import NotAllowed

HOLDS = "holds:"


class PeopleList(ListKind):
    """People who are here already. Each is invited, and comes in by a link of their own."""

    slug = "people"
    title = _lazy("People")
    about = _lazy("Your volunteers, how to reach them, and what they hold: one column for each thing, with the day.")

    def __init__(self, *args: Any, **options: Any) -> None:
        """Ask who is here, and what can be held."""
        super().__init__(*args, **options)
        people = User.objects.values_list("chosen_name", "email")
        self.names = {fold_name(name) for name, _email in people}
        invited = Invitation.objects.filter(email__isnull=False).values_list(Lower("email"), flat=True)
        self.emails = {email.lower() for _name, email in people if email} | set(invited)
        self.qualifications = {f"{HOLDS}{what.slug}": what for what in Qualification.objects.all()}
        self.may_give = self.by.roles_to_give()
        self.columns = [*list_columns(), *self._list_holdings()]

    def _list_holdings(self) -> list[Column]:
        day = "12/05/2025"
        return [
            Column(name, what.name, read_days, day, also=(what.slug,)) for name, what in self.qualifications.items()
        ]

    def read_cell(self, column: Column, cell: str, values: dict[str, Any]) -> Any:
        """Read roles as far as whoever brings the list may give them."""
        value = super().read_cell(column, cell, values)
        return self._read_roles(value) if column.name == "roles" else value

    def _read_roles(self, words: str) -> list[str]:
        known = {fold_name(word): role for role in RoleName for word in (role.value, str(role.label), role.name)}
        roles = []
        for word in split_list(words):
            role = known.get(fold_name(word).removesuffix("s")) or known.get(fold_name(word))
            if role is None:
                there = ", ".join(str(role.label) for role in RoleName)
                raise ValidationError(
                    _("There is no role “%(word)s”. There are: %(roles)s.") % {"word": quote(word), "roles": there}
                )
            if role.value not in self.may_give:
                raise ValidationError(_("You cannot give the role “%(role)s”. Ask an admin.") % {"role": role.label})
            roles.append(role.value)
        return roles

    def judge(self, number: int, line: Understood) -> None:
        """Known by the e-mail, or by the name; two people of one name are added one by one."""
        name, email = fold_name(line.values["name"]), line.values["email"].lower()
        if email and email in self.emails:
            line.known = _("Somebody is here, or invited, with this e-mail.")
        elif name in self.names:
            line.known = _("Somebody of this name is here. If this is somebody else, invite them one by one.")
        else:
            line.known = self.note_line(name, number) or (self.note_line(email, number) if email else "")
        for column, qualification in self.qualifications.items():
            held = line.values[column]
            until = held and (held[1] or _find_end(qualification, held[0]))
            if until and until <= timezone.localdate():
                about = {"what": qualification.name, "day": date_format(until, "DATE_FORMAT")}
                line.notes.append(_("“%(what)s” ran out on %(day)s.") % about)

    def take_in(self, line: Understood) -> Made:
        """Invite them, and grant what they hold."""
        values = line.values
        invitation = Invitation.objects.invite(
            values["name"], by=self.by, email=values["email"] or None, roles=values["roles"]
        )
        person = invitation.person
        person.pronouns, person.contact = values["pronouns"], values["contact"]
        person.full_clean(exclude=["password"])
        person.save()
        for column, qualification in self.qualifications.items():
            if values[column]:
                since, until = values[column]
                reason = _("As in the list that we had before")
                person.grant(qualification, by=self.by, reason=reason, since=since, until=until)
        if self.sends_letters and invitation.email:
            invitation.send()
        self.names.add(fold_name(person.chosen_name))
        self.emails |= {values["email"].lower()} - {""}
        return Made(person=person, mark=mark_person(person))

    def undo(self, line: Any) -> None:
        """Erase them, as if they had never been here: while they have not come in, and are on nothing."""
        person = User.objects.select_for_update().filter(pk=line.person_id).first() if line.person_id else None
        if person is None:
            raise NotAllowed(_("It is gone already."))
        if person.can_get_in:
            raise NotAllowed(_("They have come in since, so they stay."))
        refuse_if_changed(mark_person(person), line.mark)
        refuse_if_used(person, but=[type(line), Invitation, Holding, User.groups.through])
        erase_person(person, by=self.by)


def mark_person(person: User) -> str:
    """A fingerprint of a person, their roles, and what they hold."""
    holdings = Holding.objects.filter(person=person).order_by("pk")
    roles = sorted(User.groups.through.objects.filter(user=person.pk).values_list("group__name", flat=True))
    # What somebody did who is erased since is still done; a month at the hub passes by itself.
    rows = [User.objects.get(pk=person.pk), *holdings]
    return mark_rows(rows, roles, but=["granted_by", "last_here"])


def list_columns() -> list[Column]:
    """The columns of a list of people, without what they hold."""
    email = read_as(forms.EmailField(required=False))
    also = ("first name", "chosen name", "volunteer")
    return [
        Column(
            "name",
            _lazy("Name"),
            read_name(60),
            _lazy("Sam"),
            _lazy("What people call them."),
            required=True,
            also=also,
        ),
        Column("email", _lazy("E-mail"), email, "sam@example.org", also=("email", "e-mail address", "email address")),
        Column("contact", _lazy("Phone"), read_words(120), "07700 900123", also=("phone number", "mobile", "contact")),
        Column("pronouns", _lazy("Pronouns"), read_words(40), _lazy("they")),
        Column("roles", _lazy("Roles"), read_words(120), _lazy("Volunteer"), also=("role",)),
    ]


def read_days(cell: str) -> tuple[dt.date, dt.date | None] | None:
    """Since when it is held, and until when: “yes”, a day, a month, or two of them with “to” between."""
    if not cell:
        return None
    try:
        return (timezone.localdate(), None) if read_yes_or_no(cell) else None
    except ValidationError:
        pass
    first, _mark, last = (*re.split(r"\s+(to|until|till|–|-)\s+", cell, maxsplit=1), "", "")[:3]
    since, until = _read_day(first), _read_day(last, at_its_end=True) if last else None
    if since > timezone.localdate():
        raise ValidationError(_("That day is still to come. Write since when they hold it."))
    if until and until <= since:
        raise ValidationError(_("It must end after it starts."))
    return since, until


def _read_day(text: str, *, at_its_end: bool = False) -> dt.date:
    """A day; of a month its first, or its last where something ends."""
    try:
        return _must(DayField(month_is_enough=at_its_end).clean(text))
    except ValidationError:
        if at_its_end:
            raise
    try:
        return _must(MonthField().clean(text))
    except ValidationError:
        raise ValidationError(
            _("“%(typed)s” is not a day we can read. Write it like %(day)s, or yes.")
            % {"typed": quote(text), "day": "12/05/2025"}
        ) from None


def _must(day: dt.date | None) -> dt.date:
    if day is None:
        raise ValidationError(_("This is missing."))
    return day


def _find_end(qualification: Qualification, since: dt.date) -> dt.date | None:
    months = qualification.refresh_months
    return since + relativedelta(months=months) if months else None
