"""All that is held of one person, in plain words: for them to read, and to take away as a file.

`COVERS` names every column of the database that points at a person, and which part speaks of it; a test knows if one
is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pghistory.models
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from supplies.models import Movement
from volunteers.models import Holding, Letter, User
from volunteers.models.people import Topic

HoldingEvent = apps.get_model("volunteers", "HoldingEvent")

COVERS = {
    "account.EmailAddress.user": "sign-in",
    "mfa.Authenticator.user": "sign-in",
    "volunteers.Invitation.person": "sign-in",
    "volunteers.User_groups.user": "you",
    "volunteers.Holding.person": "holdings",
    "volunteers.HoldingEvent.person": "history",
    "volunteers.Holding.granted_by": "deeds",
    "volunteers.HoldingEvent.granted_by": "history",
    "supplies.Movement.by": "deeds",
    "admin.LogEntry.user": "deeds",
    "pghistory.MiddlewareEvents.user": "history",
}


@dataclass(frozen=True)
class Part:
    """One part of what is held: a short name for the file, a heading, a sentence, and lines of label and value."""

    key: str
    title: str
    words: str
    lines: tuple[tuple[str, str], ...]


def held(person: User) -> list[Part]:
    """Every part, the empty ones too: that there is nothing is worth knowing."""
    return [
        Part("you", _("About you"), _("What you told us. All of it is yours to change."), tuple(_you(person))),
        Part(
            "sign-in",
            _("How you sign in"),
            _("Passwords are kept as a scramble nobody can read back. We keep no time at which you signed in."),
            tuple(_sign_in(person)),
        ),
        Part(
            "holdings",
            _("What you hold"),
            _("What you have learned or agreed on here, so that a shift has who it needs."),
            tuple(_holdings(person)),
        ),
        Part(
            "deeds",
            _("What you did for others"),
            _("These stay when you leave, without your name."),
            tuple(_deeds(person)),
        ),
        Part(
            "history",
            _("Earlier states"),
            _("What was changed about you, and what you changed, for when something is disputed."),
            tuple(_history(person)),
        ),
        Part(
            "letters",
            _("Letters to you that have not left yet"),
            _("Kept sealed until they are sent, for a week at most."),
            ((_("Waiting"), str(_letters(person))),),
        ),
    ]


def as_data(person: User) -> dict[str, Any]:
    """The same, for a program to read."""
    return {part.key: [{"what": label, "held": value} for label, value in part.lines] for part in held(person)}


def as_text(person: User) -> str:
    """The same, for anybody to read."""
    blocks = []
    for part in held(person):
        lines = [f"{label}: {value}" for label, value in part.lines] or [_("Nothing.")]
        blocks.append("\n".join([part.title, "-" * len(part.title), part.words, "", *lines]))
    return "\n\n\n".join(blocks) + "\n"


def _you(person: User) -> Iterator[tuple[str, str]]:
    for field in ("chosen_name", "pronouns", "username", "email", "contact", "access_needs"):
        yield _label(field), getattr(person, field) or _("nothing")
    yield _("Roles"), ", ".join(str(role.label) for role in person.roles) or _("in training")
    silenced = ", ".join(str(Topic(topic).label) for topic in person.silenced)
    yield _("No letters about"), silenced or _("nothing: you get them all")


def _label(field: str) -> str:
    name = str(User._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001 -- Django's own
    return name[:1].upper() + name[1:]


def _sign_in(person: User) -> Iterator[tuple[str, str]]:
    yield _("Password"), _("set") if person.has_usable_password() else _("none")
    for address in EmailAddress.objects.filter(user=person):
        yield _("E-mail you can sign in with"), address.email if address.verified else f"{address.email} (?)"
    for step in Authenticator.objects.filter(user=person).order_by("pk"):
        used = _day(step.last_used_at) if step.last_used_at else _("never")
        yield (
            _second_step(step),
            _("since %(since)s, last used %(used)s") % {"since": _day(step.created_at), "used": used},
        )
    if hasattr(person, "invitation"):
        invitation = person.invitation
        yield _("A link that lets you in, until"), f"{_day(invitation.expires_on)} {invitation.email or ''}".strip()
    yield _("Where you are signed in now"), str(_sessions(person))


def _second_step(step: Authenticator) -> str:
    names = {
        Authenticator.Type.TOTP: _("Authenticator app"),
        Authenticator.Type.WEBAUTHN: _("Passkey"),
        Authenticator.Type.RECOVERY_CODES: _("Recovery codes"),
    }
    given = step.data.get("name", "") if step.type == Authenticator.Type.WEBAUTHN else ""
    return f"{names[step.type]} {given}".strip()


def _sessions(person: User) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    return sum(
        store.decode(session.session_data).get(SESSION_KEY) == str(person.pk) for session in Session.objects.iterator()
    )


def _holdings(person: User) -> Iterator[tuple[str, str]]:
    for holding in person.holdings.select_related("qualification", "granted_by").order_by("since", "pk"):
        yield holding.qualification.name, _holding(holding)


def _holding(holding: Holding) -> str:
    said = [_("since %(day)s") % {"day": _day(holding.since)}]
    if holding.until:
        said.append(_("until %(day)s") % {"day": _day(holding.until)})
    if holding.exception:
        said.append(_("an agreed exception"))
    if holding.granted_by:
        said.append(_("granted by %(name)s") % {"name": holding.granted_by})
    return f"{', '.join(said)}. {holding.reason}"


def _deeds(person: User) -> Iterator[tuple[str, str]]:
    granted, in_admin = _counts(Holding.objects.filter(granted_by=person), LogEntry.objects.filter(user=person))
    yield _("Things you granted to people"), granted
    yield _("Changes you made in the admin"), in_admin
    for line in Movement.objects.filter(by=person).select_related("item").order_by("made_on", "pk"):
        what = f"{line.quantity:+} {line.item.name}. {line.reason}".strip()
        day = _day(line.made_on) if line.made_on else ""
        yield f"{day} · {line.get_kind_display()}", what


def _counts(*found: models.QuerySet[Any]) -> list[str]:
    """How many rows each finds, in one statement."""
    counts = [
        rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n") for rows in found
    ]
    row = User.objects.order_by().values_list(*[Coalesce(Subquery(count), 0) for count in counts]).first() or ()
    return [str(number) for number in row]


def _history(person: User) -> Iterator[tuple[str, str]]:
    was_held = HoldingEvent.objects.filter(person=person).select_related("qualification", "granted_by")
    for was in was_held.order_by("pgh_id"):
        yield f"{_day(was.pgh_created_at)} · {was.qualification}", _holding(was)
    (changes,) = _counts(pghistory.models.Context.objects.filter(metadata__user=str(person.pk)))
    yield _("Times you changed something that keeps a history"), changes


def _letters(person: User) -> int:
    return sum(bool(person.email) and letter.is_to(person.email or "") for letter in Letter.objects.iterator())


def _day(moment: dt.date) -> str:
    return date_format(moment, "j F Y")
