"""The export of one person's data, in plain words: for them to read, and to take away as a file.

The registry of personal data names every column that points at a person, and which part here tells of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import pghistory.models
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, Func, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hub.people.models.calendar_feed import Feed
from school import data_export as at_school
from supplies.models import Movement
from volunteers.models import Holding, Hours, Letter, User, WantedShifts
from volunteers.models.people import LetterKind
from volunteers.shared.registries.personal_data import find_personal_data

HoldingEvent = apps.get_model("volunteers", "HoldingEvent")


PARTS = (
    ("you", _lazy("About you"), _lazy("What you told us. You can change all of it.")),
    (
        "sign-in",
        _lazy("How you sign in"),
        _lazy("We keep passwords scrambled, so that nobody can read them. We do not keep when you signed in."),
    ),
    (
        "holdings",
        _lazy("Your qualifications"),
        _lazy("What you have learned or agreed on here. It shows which shifts you can take."),
    ),
    (
        "school",
        _lazy("At the School"),
        _lazy("What you have done and what comes next. After a session is settled, we forget who was there."),
    ),
    (
        "shifts",
        _lazy("Your shifts"),
        _lazy(
            "Sixty days after a shift we keep only your hours in that quarter. We delete your answers when the "
            "rota is published."
        ),
    ),
    ("deeds", _lazy("What you did for others"), _lazy("These stay without your name when you leave.")),
    (
        "history",
        _lazy("What changed"),
        _lazy("Changes to your record, and changes you made. They help if people disagree."),
    ),
    (
        "letters",
        _lazy("E-mails to you that we have not sent yet"),
        _lazy("We keep them sealed until we send them, for a week at most."),
    ),
)


@dataclass(frozen=True)
class ExportPart:
    """One part of the export: a short name for the file, a heading, a sentence, and lines of label and value."""

    key: str
    title: str
    words: str
    lines: tuple[tuple[str, str], ...]


def build_export(person: User, ledger: Iterable[Any] | None = None) -> list[ExportPart]:
    """Every part, the empty ones too: that there is nothing is worth knowing.

    Of the stock's ledger every line they wrote, or only those given: somebody who looks after the shelf writes
    thousands.
    """
    written = find_ledger_lines(person) if ledger is None else ledger
    person = _fetch_with_lists_and_counts(person)
    lines: dict[str, Iterable[tuple[str, str]]] = {
        "you": _list_own_details(person),
        "sign-in": _sign_in(person),
        "holdings": _list_holdings(person),
        "school": at_school.lines(person),
        "shifts": _shifts(person),
        "deeds": _list_deeds(person, written),
        "history": _list_history(person),
        "letters": [(_("Waiting"), str(_count_letters(person)))],
    }
    return [ExportPart(key, str(title), str(words), tuple(lines[key])) for key, title, words in PARTS]


def export_as_data(person: User) -> dict[str, Any]:
    """The export for a program to read."""
    return {part.key: [{"what": label, "held": value} for label, value in part.lines] for part in build_export(person)}


def export_as_text(person: User) -> str:
    """The export for anybody to read."""
    blocks = []
    for part in build_export(person):
        lines = [f"{label}: {value}" for label, value in part.lines] or [_("Nothing.")]
        blocks.append("\n".join([part.title, "-" * len(part.title), part.words, "", *lines]))
    return "\n\n\n".join(blocks) + "\n"


def _list_own_details(person: Any) -> Iterator[tuple[str, str]]:
    for field in ("chosen_name", "pronouns", "username", "email", "contact", "access_needs"):
        yield _label(field), getattr(person, field) or _("nothing")
    yield _label("on_break_until"), _format_day(person.on_break_until) if person.on_break_until else _("no break")
    yield _("Roles"), ", ".join(str(role.label) for role in person.roles) or _("in training")
    silenced = ", ".join(str(LetterKind(topic).label) for topic in person.silenced)
    yield _("No e-mails about"), silenced or _("nothing: you get them all")


def _label(field: str) -> str:
    name = str(User._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001 -- Django's own
    return name[:1].upper() + name[1:]


def _sign_in(person: Any) -> Iterator[tuple[str, str]]:
    yield _("Password"), _("set") if person.has_usable_password() else _("none")
    for address in person.addresses:
        email = address["email"]
        if not address["verified"]:
            email = _("%(email)s, once confirmed") % {"email": email}
        yield _("E-mail you can sign in with"), email
    for step in Authenticator.objects.filter(user=person).order_by("pk"):
        used = _format_day(step.last_used_at) if step.last_used_at else _("never")
        yield (
            _second_step(step),
            _("since %(since)s, last used %(used)s") % {"since": _format_day(step.created_at), "used": used},
        )
    if hasattr(person, "invitation"):
        invitation = person.invitation
        yield (
            _("A link that lets you in, until"),
            f"{_format_day(invitation.expires_on)} {invitation.email or ''}".strip(),
        )
    yield _("Where you are signed in now"), str(_count_sessions(person))
    yield _("Month you were last here"), date_format(person.last_here, "YEAR_MONTH_FORMAT")
    if person.asked_on:
        yield _("Asked if you stay, on"), _format_day(person.asked_on)


def _second_step(step: Authenticator) -> str:
    names = {
        Authenticator.Type.TOTP: _("Authenticator app"),
        Authenticator.Type.WEBAUTHN: _("Passkey"),
        Authenticator.Type.RECOVERY_CODES: _("Recovery codes"),
    }
    given = step.data.get("name", "") if step.type == Authenticator.Type.WEBAUTHN else ""
    return f"{names[step.type]} {given}".strip()


def _count_sessions(person: User) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    return sum(
        store.decode(session.session_data).get(SESSION_KEY) == str(person.pk) for session in Session.objects.iterator()
    )


def _list_holdings(person: User) -> Iterator[tuple[str, str]]:
    for holding in person.holdings.select_related("qualification", "granted_by").order_by("since", "pk"):
        yield holding.qualification.name, _describe_holding(holding)


def _describe_holding(holding: Holding) -> str:
    facts = [_("since %(day)s") % {"day": _format_day(holding.since)}]
    if holding.until:
        facts.append(_("until %(day)s") % {"day": _format_day(holding.until)})
    if holding.exception:
        facts.append(_("an agreed exception"))
    if holding.granted_by:
        facts.append(_("granted by %(name)s") % {"name": holding.granted_by})
    return f"{', '.join(facts)}. {holding.reason}"


def _shifts(person: Any) -> Iterator[tuple[str, str]]:
    for signup in person.signups.select_related("shift", "post").order_by("during"):
        yield signup.shift.when, f"{signup.post.role}, {signup.get_state_display()}"
    for hours in person.quarters:
        worked = _("%(hours).1f hours on %(shifts)d shifts") % {
            "hours": hours["minutes"] / 60,
            "shifts": hours["shifts"],
        }
        month = date_format(dt.date.fromisoformat(hours["quarter"]), "YEAR_MONTH_FORMAT")
        yield _("Three months from %(month)s") % {"month": month}, worked
    for answer in person.answers.select_related("shift").order_by("shift__starts_at"):
        yield _("You said about %(when)s") % {"when": answer.shift.when}, answer.get_answer_display()
    for wish in person.wanted:
        day = _format_day(dt.date.fromisoformat(wish["day"]))
        yield _("Shifts you would like from %(day)s on") % {"day": day}, str(wish["wanted"])
    yield from _list_counts(person, "shifts")
    yield _("Address of your calendar"), _("made; we keep only a scrambled copy") if person.has_feed else _("none")


def find_ledger_lines(person: User) -> models.QuerySet[Any, Any]:
    """Lines of the stock's ledger that this person wrote, the oldest first."""
    shown = "kind", "made_on", "quantity", "item__name", "reason"
    return Movement.objects.filter(by=person).order_by("made_on", "pk").values_list(*shown, named=True)


def _list_deeds(person: Any, ledger: Iterable[Any]) -> Iterator[tuple[str, str]]:
    yield from _list_counts(person, "deeds")
    # A day is many lines, and there are few kinds: saying them again for each took longer than everything else.
    day, kinds = cache(_format_day), {kind.value: str(kind.label) for kind in Movement.Kind}
    for line in ledger:
        what = f"{line.quantity:+} {line.item__name}. {line.reason}".strip()
        yield f"{day(line.made_on) if line.made_on else ''} · {kinds[line.kind]}", what


def _fetch_with_lists_and_counts(person: User) -> Any:
    """The person again, with every list and number that the parts show, in one statement."""
    mine = OuterRef("pk")
    changes = pghistory.models.Context.objects.filter(metadata__user=str(person.pk))
    return (
        User.objects.select_related("invitation")
        .annotate(**{name: ArraySubquery(rows) for name, rows in _lists(mine).items()})
        .annotate(**{entry.key: _count(entry.rows_of(mine)) for entry in find_personal_data(counted=True)})
        .annotate(has_feed=Exists(Feed.objects.filter(person=mine)), changes_count=_count(changes))
        .with_rights()
        .get(pk=person.pk)
    )


def _lists(person: OuterRef) -> dict[str, models.QuerySet[Any, Any]]:
    """Short lists of this person, by name, each row as JSON."""
    return {
        "addresses": EmailAddress.objects.filter(user=person).values(j=JSONObject(email="email", verified="verified")),
        "quarters": Hours.objects.filter(person=person)
        .order_by("quarter")
        .values(j=JSONObject(quarter="quarter", minutes="minutes", shifts="shifts")),
        "wanted": WantedShifts.objects.filter(person=person)
        .order_by("period__first_day")
        .values(j=JSONObject(day="period__first_day", wanted="wanted")),
        **at_school.parts(person),
    }


def _list_counts(person: Any, part: str) -> Iterator[tuple[str, str]]:
    """Count the rows of each kind that this part only counts."""
    for entry in find_personal_data(part=part, counted=True):
        yield str(entry.counted_as), str(getattr(person, entry.key))


def _count(rows: models.QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(n=Func(Value(1), function="COUNT")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=models.IntegerField())


def _list_history(person: Any) -> Iterator[tuple[str, str]]:
    was_held = HoldingEvent.objects.filter(person=person).select_related("qualification", "granted_by")
    for was in was_held.order_by("pgh_id"):
        yield f"{_format_day(was.pgh_created_at)} · {was.qualification}", _describe_holding(was)
    yield _("How often you changed something with a history"), str(person.changes_count)


def _count_letters(person: User) -> int:
    emails = {person.email.lower()} if person.email else set()
    return sum(bool(letter.concerns(person.pk, emails)) for letter in Letter.objects.iterator())


def _format_day(moment: dt.date) -> str:
    return date_format(moment, "DATE_FORMAT")
