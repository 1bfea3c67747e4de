"""Promises of the confidentiality page: what we hold and for how long, with the figures the code itself goes by.

The words are here; the lengths, and which tables a line speaks for, are in the retention registry. A test holds these
lines, `docs/what-we-hold.md` and the database together: a table that concerns a person and is spoken of in no line
fails it, and so does a length that is not the document's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise as Words
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from pghistory.models import Event

from hub.core import periods
from hub.core.form_keys import FormKey
from hub.desk.models.handovers import Handover
from hub.desk.models.visits import SeenVisit
from hub.ideas.models import Idea
from hub.logs.models.incidents import Incident
from school.models import Enrolment, FacilitatorChange, Feedback, JoinRequest
from supplies.models import CountLine
from volunteers.models import Invitation, Letter, RateLimit, Signup
from volunteers.shared.clock import format_time
from volunteers.shared.registries import retention


@dataclass(frozen=True)
class Promise:
    """One line: what it is, what is in it, and how long it stays. Models name it by its key, in their retention."""

    key: str
    what: Words
    about: Words
    how_long: Any

    @property
    def tables(self) -> list[str]:
        """The tables this is true of."""
        return retention.find_tables(promise=self.key)


@dataclass(frozen=True)
class Group:
    """The lines about one kind of person, and what they have in common."""

    slug: str
    title: Words
    about: Words
    lines: tuple[Promise, ...]


def _in_days(n: int) -> str:
    """Years as years: nobody counts to 730."""
    years = {365: _now("a year"), 730: _now("two years")}
    return years.get(n) or ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def _in_hours(n: int) -> str:
    return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}


def _in_months(n: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", n) % {"n": n}


_days: Callable[[int], Any] = lazy(_in_days, str)
_hours: Callable[[int], Any] = lazy(_in_hours, str)
_months: Callable[[int], Any] = lazy(_in_months, str)
_time: Callable[[dt.time], Any] = lazy(format_time, str)


def _days_of(model: type[models.Model]) -> Any:
    """The retention of this model's rows, in words."""
    return _days(retention.length_of(model).days)


VISITORS = Group(
    "who-comes",
    _("If you come here"),
    _("We keep nothing about you as a person. Our records have no place for your name."),
    (
        Promise(
            "visits",
            _("Your visit, while we are open"),
            _("How many came together and what they took, under a random number. No name, no hour, no words."),
            format_lazy(
                _("Until the desk closes, at {six} the next morning at the latest."),
                six=_time(periods.CLOSES_AT),
            ),
        ),
        Promise(
            "random-numbers",
            _("Random numbers"),
            _("So that a visit sent twice is counted once. They mean nothing else."),
            format_lazy(
                _("For {days}; for something asked for and not there, until the month after next."),
                days=_days_of(SeenVisit),
            ),
        ),
        Promise(
            "totals",
            _("Totals"),
            _(
                "How many came in an evening, and what went out in a month. In what we publish, small numbers are "
                "hidden."
            ),
            _("For ever: they show that people need this place."),
        ),
        Promise(
            "logs",
            _("Naloxone given, overdoses reversed, what a strip showed"),
            _("By the month, never with a visit. No evening, no name, and not who wrote it."),
            _("For ever, by the month."),
        ),
        Promise(
            "incidents",
            _("That something happened"),
            _(
                "What kind of thing, which month, whether an ambulance was called, what our team needs. "
                "No words about anybody."
            ),
            format_lazy(_("{days} at most."), days=_days_of(Incident)),
        ),
        Promise(
            "ideas",
            _("What you say under Ideas"),
            _("Your words without names, our answer, and how many said the same. Not who said it, or when."),
            format_lazy(_("For {days} after we settled it. An open one until we settle it."), days=_days_of(Idea)),
        ),
        Promise(
            "me-too",
            _("That a “me too” was counted"),
            _("A random number, so that one tap is not counted twice."),
            _("Until the end of the next day."),
        ),
        Promise(
            "handovers",
            _("Notes from one shift to the next"),
            _("What is running out, what is broken. Not about people. Also which tablet is the desk tonight."),
            format_lazy(_("{days}. The tablet until the desk closes."), days=_days_of(Handover)),
        ),
    ),
)

LEARNERS = Group(
    "school",
    _("If you come to the School"),
    _("A name you choose is enough. We never ask for a legal name."),
    (
        Promise(
            "join-requests",
            _("Asking to join"),
            _("The name and e-mail you typed, sealed, until you open the link we sent."),
            format_lazy(
                _("About two days."),
                hours=_hours(retention.length_of(JoinRequest) // dt.timedelta(hours=1)),
            ),
        ),
        Promise(
            "registers",
            _("Having a place, and having been there"),
            _("So that the room knows who comes, and you know what you have done."),
            format_lazy(
                _(
                    "Until {settled} after everything about the session is settled, {most} after the session at the "
                    "latest."
                ),
                settled=_days(retention.sooner_of(Enrolment).days),
                most=_days_of(Enrolment),
            ),
        ),
        Promise(
            "learning",
            _("What you have done, and what you may do because of it"),
            _("Topics you did, what we trust you with, your learning group, and what you offered to teach."),
            format_lazy(
                _("While you have an account. If you no longer give a session: {days} after it, for your calendar."),
                days=_days_of(FacilitatorChange),
            ),
        ),
        Promise(
            "feedback",
            _("What people thought of a session"),
            _("Without names. We show it only when enough people have answered."),
            format_lazy(_("For {days} after the session."), days=_days_of(Feedback)),
        ),
        Promise(
            "sessions-held",
            _("That a session was held, how many came and how many finished"),
            _("Numbers without names."),
            _("For ever."),
        ),
    ),
)

VOLUNTEERS = Group(
    "volunteers",
    _("If you volunteer"),
    _("This is the most dangerous thing we keep, so we keep little. You can read, download or erase yours yourself."),
    (
        Promise(
            "account",
            _("Your account"),
            _("What you sign in with, what people here call you, what you may do. An e-mail only if you want."),
            _("While you have an account. If you are not here for a year, we ask you once if you stay."),
        ),
        Promise(
            "erased",
            _("That somebody was erased"),
            _("A mark for the deleted account, so that no backup brings it back. It has no name."),
            format_lazy("{months}.", months=_months(retention.BACKUP_MONTHS + 1)),
        ),
        Promise(
            "signed-in",
            _("Being signed in"),
            _("Sealed, with a day and no hour."),
            _("Until the end of tomorrow at most."),
        ),
        Promise(
            "tries",
            _("How often somebody tried"),
            _(
                "To sign in, to join, to send an idea. We count this, sealed, so that nobody can guess passwords. No "
                "address."
            ),
            format_lazy("{hours}.", hours=_hours(retention.length_of(RateLimit).seconds // 3600)),
        ),
        Promise(
            "shifts",
            _("Your shifts"),
            _("Who is on which shift. Later only the hours in a quarter."),
            format_lazy(
                _(
                    "{after}; {not_there} if you were not there. Your hours while you have an account, the sum of "
                    "all hours for ever."
                ),
                after=_days_of(Signup),
                not_there=_days(retention.sooner_of(Signup).days),
            ),
        ),
        Promise(
            "availability",
            _("When you can come, and places we offered you"),
            _("What you answered for a rota that we are making."),
            _("Until we publish that rota, or the shift begins."),
        ),
        Promise(
            "letters",
            _("Invitations and e-mails"),
            _("E-mails are sealed until we send them. They do not say what they are about."),
            format_lazy(
                _("{days} at most."),
                days=_days(max(retention.length_of(Letter), retention.length_of(Invitation)).days),
            ),
        ),
        Promise(
            "lists",
            _("Lists that somebody took in from a file"),
            _("We do not keep the file. What is in it is sealed, until we take it in."),
            _("Until the end of the next day at most. What each line became: 30 days, so that it can be undone."),
        ),
        Promise(
            "form-keys",
            _("Forms you sent"),
            _("So that a form sent twice is done once. Sealed: only the page you sent it from could open it."),
            format_lazy(_("For {hours}."), hours=_hours(retention.length_of(FormKey) // dt.timedelta(hours=1))),
        ),
        Promise(
            "stock-books",
            _("Who wrote something in the stock records"),
            _("For deliveries, counts, orders, recalls and money. Never for what we gave to people."),
            format_lazy(
                _("Your name while you have an account; what you counted, {days} at most. The records stay."),
                days=_days_of(CountLine),
            ),
        ),
        Promise(
            "history",
            _("Who changed what we agreed on"),
            _(
                "Lists, texts, settings and qualifications: who changed them and when, so that we can correct "
                "them. If you erase yourself, your name goes."
            ),
            format_lazy(_("For {days}."), days=_days_of(Event)),
        ),
        Promise(
            "plan",
            _("The plan, and the software"),
            _("When shifts are, what the software still has to do, and its version. Nothing about people."),
            _("The plan for ever. Work until it is done, about 3 days if it keeps failing."),
        ),
    ),
)

# How long copies are kept, for when something breaks.
COPIES = {"days": _days(retention.BACKUP_DAYS), "months": _months(retention.BACKUP_MONTHS)}
PROMISES = (VISITORS, LEARNERS, VOLUNTEERS)
