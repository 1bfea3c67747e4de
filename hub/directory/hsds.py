"""Services as Open Referral UK: the Human Services Data Specification (HSDS) 3, which boroughs' directories speak.

Both ways without a database. The specification has no field for three answers of ours: whether the police may be
involved, whether a service is safe whatever somebody's immigration status, and the day when this hub checked it. They
go out as attributes of our own taxonomy, as its section on profiles allows. Nothing that comes in counts as checked.

Sources: https://docs.openreferral.org (schema of `service`, version 3), and the UK profile of OpenReferralUK.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.directory.models.services import PHONE_CHARACTERS, Pathway, PathwayKind

VERSION = "3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile"
NAMESPACE = uuid.UUID("6b1d1e0e-5d2f-4f0b-9f0c-3a8f4f9a7c11")
"""Ids of what has none of its own, such as an organization, are made from the service's reference and this."""

POLICE = "may_involve_police"
STATUS = "safe_whatever_immigration_status"
CHECKED = "last_checked_by_this_hub"
EXTENSIONS = "hub_extensions"
KINDS = "hub_kinds"


@dataclass(frozen=True)
class ForeignService:
    """A service as another directory describes it, cut to what ours holds.."""

    reference: uuid.UUID | None
    name: str
    kind: str = ""
    who_for: str = ""
    phone: str = ""
    website: str = ""
    email: str = ""
    address: str = ""
    how_to_reach: str = ""
    hours: str = ""


class NotHSDS(ValueError):
    """The document holds no services of HSDS 3."""


def make_id(*parts: object) -> str:
    """A lasting id for a thing that has none of its own: the same parts give the same id."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, parts))))


def describe_page(services: list[dict[str, Any]], page: int, pages: int, total: int, size: int) -> dict[str, Any]:
    """A page of services in the envelope of the specification's API."""
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": size,
        "first_page": page == 1,
        "last_page": page == pages,
        "empty": not services,
        "contents": services,
    }


def describe_service(service: Pathway, home: str) -> dict[str, Any]:
    """A public service as HSDS. `home` is the page of the directory: the specification wants an address for each."""
    reference = str(service.reference)
    described = {
        "id": reference,
        "name": service.name,
        "description": service.how_to_reach or service.name,
        "url": service.website or home,
        "status": "active",
        "organization": {"id": make_id(reference, "organization"), "name": service.name, "description": service.name},
        "attributes": [*_describe_answers(service), _describe_kind(service.kind)],
    }
    if service.email:
        described["email"] = service.email
    if service.who_for:
        described["eligibility_description"] = service.who_for
    if service.checked_on:
        described["assured_date"] = service.checked_on.isoformat()
    if service.phone:
        described["phones"] = [{"id": make_id(reference, "phone"), "number": service.phone, "type": "voice"}]
    if service.hours:
        described["schedules"] = [{"id": make_id(reference, "schedule"), "description": service.hours}]
    if service.address:
        described["service_at_locations"] = [_describe_location(reference, service.address)]
    return described


def _describe_answers(service: Pathway) -> Iterator[dict[str, Any]]:
    checked = service.checked_on.isoformat() if service.checked_on else ""
    answers = ((POLICE, service.may_involve_police), (STATUS, service.safe_whatever_status), (CHECKED, checked))
    for name, value in answers:
        if value:
            yield _describe_attribute(str(service.reference), EXTENSIONS, name, name.replace("_", " "), value)


def _describe_kind(kind: PathwayKind) -> dict[str, Any]:
    return _describe_attribute(f"kind-{kind.pk}", KINDS, kind.slug, kind.name, kind.name)


def _describe_attribute(of: str, taxonomy: str, code: str, name: str, value: str) -> dict[str, Any]:
    return {
        "id": make_id(of, taxonomy, code),
        "link_type": taxonomy,
        "link_entity": "service",
        "value": value,
        "taxonomy_term": {"id": make_id(taxonomy, code), "code": code, "name": name, "taxonomy": taxonomy},
    }


def _describe_location(reference: str, address: str) -> dict[str, Any]:
    location = {
        "id": make_id(reference, "location"),
        "location_type": "physical",
        "addresses": [
            {
                "id": make_id(reference, "address"),
                "address_1": address,
                "city": "",
                "state_province": "",
                "postal_code": "",
                "country": "GB",
                "address_type": "physical",
            }
        ],
    }
    return {"id": make_id(reference, "service_at_location"), "location": location}


def read_services(document: Any) -> list[ForeignService]:
    """The services in a document: a page of the API, a list, or one service. Raises NotHSDS.

    What we cannot read in a service is left out: a name is all that a service needs.
    """
    if isinstance(document, Mapping):
        document = document.get("contents", document.get("services", [document]))
    if not isinstance(document, list):
        raise NotHSDS
    services = [_read_service(service) for service in document if isinstance(service, Mapping)]
    if not any(service.name for service in services):
        raise NotHSDS
    return services


def _read_service(service: Mapping[str, Any]) -> ForeignService:
    organization = _read_mapping(service.get("organization"))
    name, run_by = _read_text(service.get("name")), _read_text(organization.get("name"))
    if run_by and run_by.casefold() not in name.casefold() and name.casefold() not in run_by.casefold():
        name = f"{name}, {run_by}" if name else run_by
    description = _read_text(service.get("application_process")) or _read_text(service.get("description"))
    how, number = "" if description == name else description, next(_read_phones(service, organization), "")
    if number and not re.match(PHONE_CHARACTERS, number):
        how, number = f"{number}. {how}".strip(), ""
    return ForeignService(
        reference=_read_reference(service.get("id")),
        name=_cut(name, "name"),
        kind=next(_read_kinds(service), ""),
        who_for=_cut(_read_text(service.get("eligibility_description")), "who_for"),
        phone=_cut(number, "phone"),
        website=_read_website(service.get("url")) or _read_website(organization.get("website")),
        email=_cut(_read_text(service.get("email")) or _read_text(organization.get("email")), "email"),
        address=_cut(next(_read_addresses(service), ""), "address"),
        how_to_reach=_cut(how, "how_to_reach"),
        hours=_cut("; ".join(_read_hours(service)), "hours"),
    )


def _read_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _read_list(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _read_text(value: Any) -> str:
    return " ".join(value.replace("\0", "").split()) if isinstance(value, str) else ""


def _read_reference(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError):
        return None


def _read_website(value: Any) -> str:
    website = _read_text(value)
    limit = _max_length("website")
    return website if website.startswith(("https://", "http://")) and len(website) <= limit else ""


def _read_kinds(service: Mapping[str, Any]) -> Iterator[str]:
    for attribute in _read_list(service.get("attributes")):
        term = _read_mapping(attribute.get("taxonomy_term"))
        if attribute.get("link_type") != EXTENSIONS and _read_text(term.get("name")):
            yield _read_text(term.get("name"))


def _read_phones(*holders: Mapping[str, Any]) -> Iterator[str]:
    for holder in holders:
        contacts = _read_list(holder.get("contacts"))
        for phone in [*_read_list(holder.get("phones")), *(p for c in contacts for p in _read_list(c.get("phones")))]:
            number = _read_text(phone.get("number")).strip('"')
            if number:
                yield number


def _read_addresses(service: Mapping[str, Any]) -> Iterator[str]:
    for place in _read_list(service.get("service_at_locations")):
        for address in _read_list(_read_mapping(place.get("location")).get("addresses")):
            lines = (_read_text(address.get(line)) for line in ("address_1", "address_2", "city", "postal_code"))
            if text := ", ".join(filter(None, lines)):
                yield text


def _read_hours(service: Mapping[str, Any]) -> Iterator[str]:
    for schedule in _read_list(service.get("schedules")):
        hours = _read_text(schedule.get("description"))
        opens, closes = (_read_text(schedule.get(at))[:5] for at in ("opens_at", "closes_at"))
        if hours:
            yield hours
        elif opens and closes:
            yield " ".join(filter(None, (_read_text(schedule.get("byday")), f"{opens}–{closes}")))


def _cut(text: str, field: str) -> str:
    limit = _max_length(field)
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _max_length(field: str) -> int:
    return getattr(Pathway._meta.get_field(field), "max_length", 0)  # noqa: SLF001 -- Django's own public name for it
