"""Lists of services to point people to: a table, or the JSON of another directory (Open Referral UK, HSDS 3)."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hub.directory.hsds import ForeignService
from hub.directory.models.services import Pathway, PathwayKind, is_phone_number
from hub.imports.columns import Column, read_as, read_name, read_words
from hub.imports.kinds.base import ListKind, Made, Understood
from hub.imports.kinds.items import find_free
from hub.imports.untouched import mark_rows, refuse_if_changed, refuse_if_used
from volunteers.shared.names import fold_name
from volunteers.shared.refusals import NotAllowed


class ServiceList(ListKind):
    """Services, each under a heading of the directory. None of them counts as checked."""

    slug = "services"
    title = _lazy("Services")
    about = _lazy(
        "Whom you point people to. A table, or another directory as Open Referral UK (HSDS 3) JSON. "
        "Each is shown as not checked until one of you has checked it."
    )
    fields: ClassVar = ("name", "phone", "website", "email", "address", "who_for", "how_to_reach", "hours")

    def __init__(self, *args: Any, **options: Any) -> None:
        """Ask which services and headings there are."""
        super().__init__(*args, **options)
        known = Pathway.objects.values_list("kind", "name", "reference")
        self.names = {(kind, fold_name(name)) for kind, name, _reference in known}
        self.references = {reference for _kind, _name, reference in known}
        self.headings = {fold_name(heading.name): heading for heading in PathwayKind.objects.all()}
        self.columns = list_columns()

    def judge(self, number: int, line: Understood) -> None:
        """Known by what other directories know it by, or by its name under its heading."""
        values = line.values
        heading = self._judge_heading(line)
        name = fold_name(values["name"])
        if values["reference"] in self.references - {None} or (heading and (heading.pk, name) in self.names):
            line.known = _("There is a service of this name under its heading.")
        elif not line.wrong:
            key = heading.pk if heading else fold_name(values["kind"])
            line.known = self.note_line((key, name), number)
            if values["reference"] and not line.known:
                line.known = self.note_line(values["reference"], number)

    def _judge_heading(self, line: Understood) -> Any:
        """The heading of a line; None where it is new, or not understood."""
        wanted = line.values["kind"]
        heading = self.headings.get(fold_name(wanted))
        if heading:
            return heading
        if wanted and self.adds_headings:
            line.notes.append(_("The heading “%(name)s” is new, and is added.") % {"name": wanted})
            return None
        if self.heading:
            line.notes.append(_("It goes under “%(name)s”.") % {"name": self.heading})
            return self.heading
        known = ", ".join(heading.name for heading in self.headings.values())
        if wanted:
            about = {"name": wanted, "headings": known}
            line.wrong.append(_("There is no heading “%(name)s”. There are: %(headings)s.") % about)
        else:
            line.wrong.append(_("It has no heading. There are: %(headings)s.") % {"headings": known})
        return None

    def take_in(self, line: Understood) -> Made:
        """Add the service, and its heading where that may be."""
        values, made = line.values, None
        heading = self._judge_heading(Understood(line.label, values))
        if heading is None:
            made = heading = PathwayKind(name=values["kind"], slug=find_free(PathwayKind, values["kind"], "heading"))
            heading.full_clean()
            heading.save()
            self.headings[fold_name(heading.name)] = heading
        service = Pathway(kind=heading, **{name: values[name] for name in self.fields})
        if values["reference"]:
            service.reference = values["reference"]
        service.full_clean(exclude=["reference"])
        service.save()
        self.names.add((heading.pk, fold_name(service.name)))
        return Made(service=service, heading=made, mark=mark_service(service))

    def undo(self, line: Any) -> None:
        """Delete the service, and the heading that was made for it once that is empty."""
        service = Pathway.objects.select_for_update().filter(pk=line.service_id).first() if line.service_id else None
        if service is None:
            raise NotAllowed(_("It is gone already."))
        refuse_if_changed(mark_service(service), line.mark)
        refuse_if_used(service, but=[type(line)])
        service.delete()
        if line.heading and not line.heading.pathways.exists():
            line.heading.delete()


def mark_service(service: Pathway) -> str:
    """A fingerprint of a service."""
    return mark_rows([Pathway.objects.get(pk=service.pk)])


def describe_foreign(service: ForeignService) -> dict[str, str]:
    """The cells of a service of another directory."""
    cells = {"name": service.name, "kind": service.kind, "reference": str(service.reference or "")}
    same = ("who_for", "phone", "website", "email", "address", "how_to_reach", "hours")
    return {name: cell for name, cell in (cells | {name: getattr(service, name) for name in same}).items() if cell}


def list_columns() -> list[Column]:
    """The columns of a list of services."""
    return [
        Column(
            "name", _lazy("Name"), read_name(80), _lazy("Night shelter, Mill Lane"), required=True, also=("service",)
        ),
        Column("kind", _lazy("Heading"), read_name(60), _lazy("Housing"), also=("kind", "category", "type")),
        Column("phone", _lazy("Phone number"), _read_phone, "020 7946 0000", also=("phone", "telephone", "tel")),
        Column("website", _lazy("Website"), _read_website, "https://example.org", also=("url", "web")),
        Column(
            "email",
            _lazy("E-mail"),
            read_as(forms.EmailField(max_length=120, required=False)),
            "help@example.org",
            also=("email", "e-mail address", "email address"),
        ),
        Column("address", _lazy("Address"), read_words(200), _lazy("3 Mill Lane"), also=("address",)),
        Column("who_for", _lazy("Who it is for"), read_words(200), _lazy("Anybody over 18")),
        Column("how_to_reach", _lazy("How to reach it"), read_words(300), _lazy("Ring the bell on the left")),
        Column("hours", _lazy("When it is open"), read_words(200), _lazy("Every night from 20:00"), also=("hours",)),
        Column("reference", _lazy("Reference"), _read_reference, also=("id",)),
    ]


def _read_phone(cell: str) -> str:
    number = read_words(40)(cell)
    if number:
        is_phone_number(number)
    return str(number)


def _read_website(cell: str) -> str:
    website = str(read_words(200)(cell))
    if not website:
        return ""
    website = website if "://" in website else f"https://{website}"
    try:
        URLValidator(["http", "https"])(website)
    except ValidationError:
        raise ValidationError(_("This is not an address of a website. Write it like https://example.org.")) from None
    return website


def _read_reference(cell: str) -> UUID | None:
    """What other directories know it by; ids of another kind are no matter."""
    try:
        return UUID(cell) if cell else None
    except ValueError:
        return None
