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


def _days_of(model: type[models.Model]) -> Any:
    """The retention of this model's rows, in words."""
    return _days(retention.length_of(model).days)


VISITORS = Group(
    "who-comes",
    _("If you come here"),
    _("We hold nothing about you as a person: there is no place in our records where your name could stand."),
    (
        Promise(
            "visits",
            _("Your visit, while we are open"),
            _("How many came together and what was taken, under a random number. No name, no hour, no words."),
            format_lazy(
                _("Until the desk closes, {six} in the morning at the latest."), six=f"{periods.CLOSES_AT:%H:%M}"
            ),
        ),
        Promise(
            "random-numbers",
            _("Random numbers"),
            _("So that a visit a tablet sends twice is counted once. They stand for nothing else."),
            format_lazy(
                _("For {days}; for something asked for and not there, until the month after next."),
                days=_days_of(SeenVisit),
            ),
        ),
        Promise(
            "totals",
            _("Totals"),
            _("How many came in an evening, what went out in a month. What we publish hides small numbers."),
            _("For good: they are how we show that this place is needed."),
        ),
        Promise(
            "logs",
            _("Naloxone given, overdoses reversed, what a strip showed"),
            _("By the month, and never beside a visit: no evening, no name, nobody who wrote it."),
            _("For good, by the month."),
        ),
        Promise(
            "incidents",
            _("That something happened"),
            _("What kind of thing, which month, whether 999 was called, what our team needs. No words about anybody."),
            format_lazy(_("{days} at most."), days=_days_of(Incident)),
        ),
        Promise(
            "ideas",
            _("What you say under Ideas"),
            _("Your words, once one of us took out names; our answer; how many said so too. Not who, or when."),
            format_lazy(_("For {days} after it was settled; an open one until then."), days=_days_of(Idea)),
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
            _("What is running out, what is broken. Not about people. And which tablet is the desk tonight."),
            format_lazy(_("{days}; the tablet until the desk closes."), days=_days_of(Handover)),
        ),
    ),
)

LEARNERS = Group(
    "school",
    _("If you come to the School"),
    _("A name you chose is enough. There is no legal name anywhere."),
    (
        Promise(
            "join-requests",
            _("Asking to join"),
            _("The name and e-mail you typed, sealed, until you have followed the link we sent."),
            format_lazy(
                _("Until {hours} after the end of the hour you asked in."),
                hours=_hours(retention.length_of(JoinRequest) // dt.timedelta(hours=1)),
            ),
        ),
        Promise(
            "registers",
            _("Having a place, and having been there"),
            _("So that the room knows who comes, and you know what you have done."),
            format_lazy(
                _("Until {settled} after all about the session is settled, {most} after the session at the latest."),
                settled=_days(retention.sooner_of(Enrolment).days),
                most=_days_of(Enrolment),
            ),
        ),
        Promise(
            "learning",
            _("What you have done, and what that lets you do"),
            _("Topics done, what we trust you with on a shift, which group you learn with, what you offered to teach."),
            format_lazy(
                _("While you have an account. That you no longer give a session: {days} after it, for your calendar."),
                days=_days_of(FacilitatorChange),
            ),
        ),
        Promise(
            "feedback",
            _("What people thought of a session"),
            _("Without anybody’s name, and shown only once enough have answered."),
            format_lazy(_("For {days} after the session."), days=_days_of(Feedback)),
        ),
        Promise(
            "sessions-held",
            _("That a session was held, how many came and how many finished"),
            _("Numbers, and nobody’s name."),
            _("For good."),
        ),
    ),
)

VOLUNTEERS = Group(
    "volunteers",
    _("If you volunteer"),
    _("It is the most dangerous thing we hold, so we hold little. You can read, take away or erase yours yourself."),
    (
        Promise(
            "account",
            _("Your account"),
            _("What you sign in with, what people here call you, what you may do; an e-mail only if you like."),
            _("While you have an account. Quiet for a year, and you are asked once whether you stay."),
        ),
        Promise(
            "erased",
            _("That somebody was erased"),
            _("A mark of the account that is gone, so that no backup brings it back. It names nobody."),
            format_lazy("{months}.", months=_months(retention.BACKUP_MONTHS + 1)),
        ),
        Promise(
            "signed-in",
            _("Being signed in"),
            _("Sealed, and with a day instead of an hour."),
            _("Until the end of tomorrow at most."),
        ),
        Promise(
            "tries",
            _("How often somebody tried"),
            _("To sign in, to join, to say something: counted, sealed, so that nobody guesses passwords. No address."),
            format_lazy("{hours}.", hours=_hours(retention.length_of(RateLimit).seconds // 3600)),
        ),
        Promise(
            "shifts",
            _("Your shifts"),
            _("Who is on when. Afterwards only how many hours in a quarter of a year."),
            format_lazy(
                _("{after}; {not_there} if you were not there. Hours while you have an account, their sum for good."),
                after=_days_of(Signup),
                not_there=_days(retention.sooner_of(Signup).days),
            ),
        ),
        Promise(
            "availability",
            _("When you can, and places you were offered"),
            _("What you said for a rota that is being made."),
            _("Until that rota is out, or the shift begins."),
        ),
        Promise(
            "letters",
            _("Invitations and letters"),
            _("Letters are sealed until they are sent, and say nothing of what they are about."),
            format_lazy(
                _("{days} at most."),
                days=_days(max(retention.length_of(Letter), retention.length_of(Invitation)).days),
            ),
        ),
        Promise(
            "lists",
            _("Lists that somebody took in from a file"),
            _("The file is not kept. What stands in it is sealed, until it is taken in."),
            _("Until the end of the next day at most. What each line became: 30 days, so that it can be undone."),
        ),
        Promise(
            "form-keys",
            _("Forms you sent"),
            _("So that one sent twice is done once. Sealed: only the page you sent it from could open it."),
            format_lazy(_("For {hours}."), hours=_hours(retention.length_of(FormKey) // dt.timedelta(hours=1))),
        ),
        Promise(
            "stock-books",
            _("Who wrote something in the books of the stock"),
            _("For deliveries, counts, orders, recalls and money: never for what was given out."),
            format_lazy(
                _("Who it was, while they have an account; what they counted, {days} at most. The books stay."),
                days=_days_of(CountLine),
            ),
        ),
        Promise(
            "history",
            _("Who changed what we agreed on"),
            _(
                "Lists, texts, settings and who holds what: who changed it, and when, so that it can be put right. "
                "Erasing yourself blanks who it was."
            ),
            format_lazy(_("For {days}."), days=_days_of(Event)),
        ),
        Promise(
            "plan",
            _("The plan, and the machinery"),
            _("When shifts are, what the software has yet to do, which version of it this is. About nobody by itself."),
            _("The plan for good; work until it is done, about 3 days if it keeps failing."),
        ),
    ),
)

# How long copies are kept, for when something breaks.
COPIES = {"days": _days(retention.BACKUP_DAYS), "months": _months(retention.BACKUP_MONTHS)}
PROMISES = (VISITORS, LEARNERS, VOLUNTEERS)
