"""What is lost by calling a session off, taking somebody off it, or off its register: said before it happens."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from school.completion import OutcomeState
from school.models.affected_shifts import find_affected_shifts
from school.models.outcomes import Outcome
from volunteers.shared.name_queries import alphabetical_key

if TYPE_CHECKING:
    from school.models.enrolments import Enrolment
    from school.models.sessions import Session


def list_losses(session: Session, now: dt.datetime) -> list[str]:
    """List who loses a place or a turn when this session is called off, and whom no letter tells. One statement.

    Nothing is listed for a session that is off already, or took place: that is no question but an answer.
    """
    rows: list[Enrolment] = list(session.enrolments.live().select_related("person"))
    if not session.is_on or session.register_closed_on or any(row.state == "there" for row in rows):
        return []
    sentences = [_("“%(name)s” is called off. That cannot be taken back.") % {"name": session.name}]
    number = Counter(row.state for row in rows)
    if n := number["enrolled"]:
        sentences.append(ngettext("%(n)d person has a place.", "%(n)d people have a place.", n) % {"n": n})
    if n := number["offered"]:
        held = ngettext("%(n)d place is held for somebody.", "%(n)d places are held for people.", n)
        sentences.append(held % {"n": n})
    if n := number["waiting"]:
        waits = ngettext("%(n)d person is on the waiting list.", "%(n)d people are on the waiting list.", n)
        sentences.append(waits % {"n": n})
    if not rows:
        sentences.append(_("Nobody has a place, and nobody waits."))
    told = session.state == "announced" and session.ends_at > now
    return sentences + (_list_unreached(rows) if told else [])


def list_withdraw_losses(enrolment: Enrolment, now: dt.datetime) -> list[str]:
    """List what this person could not get back: a place that goes to the next, or their turn. One statement.

    Nothing is listed where they could be put on again as they are.
    """
    session = enrolment.session
    if session.state != "announced" or session.has_begun(now):
        return []
    (roster,) = type(enrolment).objects.load_rosters([session], now)
    others = [row for row in roster.rows if row.state == "waiting" and row.pk != enrolment.pk]
    first = [row for row in others if not row.passed]
    name = {"name": enrolment.person}
    if enrolment.state == "waiting" and (behind := [row for row in others if row.line > enrolment.line]):
        words = ngettext(
            "%(name)s loses the turn. %(n)d person waits behind; put on again, %(name)s is last.",
            "%(name)s loses the turn. %(n)d people wait behind; put on again, %(name)s is last.",
            len(behind),
        )
        return [words % (name | {"n": len(behind)})]
    if enrolment.state in ("enrolled", "offered") and first:
        waits = ngettext(
            "%(name)s loses the place. It is held at once for the person who waits.",
            "%(name)s loses the place. It is held at once for the first of %(n)d people who wait.",
            len(first),
        )
        return [waits % (name | {"n": len(first)})]
    return []


def list_unmark_losses(enrolment: Enrolment, *, there: bool | None, now: dt.datetime) -> list[str]:
    """List what is taken back if somebody was not there after all: outcomes, what they granted, shifts that ask for it.

    It is done and undone again, so that nothing said here differs from what would happen.
    """
    done = enrolment.session.outcomes.filter(person=enrolment.person_id, how=Outcome.Evidence.REGISTER)
    if there or enrolment.state != "there" or not (number := done.exclude(state=OutcomeState.NOT_YET).count()):
        return []
    with transaction.atomic():
        lost = enrolment.mark(there, now=now).lost
        shifts = find_affected_shifts(enrolment.person, now) if lost else []
        transaction.set_rollback(True)
    enrolment.refresh_from_db()
    name = {"name": enrolment.person}
    taken = ngettext(
        "%(n)d outcome of %(name)s here is taken back.", "%(n)d outcomes of %(name)s here are taken back.", number
    )
    sentences = [
        taken % (name | {"n": number}),
        *(_("%(name)s no longer has “%(what)s”.") % (name | {"what": grant.qualification}) for grant in lost),
    ]
    if shifts:
        asks = ngettext(
            "%(n)d shift that %(name)s is on asks for it.", "%(n)d shifts that %(name)s is on ask for it.", len(shifts)
        )
        sentences.append(asks % (name | {"n": len(shifts)}))
    return sentences


def _list_unreached(rows: list[Enrolment]) -> list[str]:
    names = sorted((row.person.chosen_name for row in rows if not row.hears_of_it), key=alphabetical_key)
    if not rows:
        return []
    if not names:
        return [_("All of them get an e-mail.")]
    words = ngettext(
        "We cannot reach %(n)d of them by e-mail: %(names)s. Please tell them yourself.",
        "We cannot reach %(n)d of them by e-mail: %(names)s. Please tell them yourself.",
        len(names),
    )
    return [words % {"n": len(names), "names": ", ".join(names)}]
