"""What the rota asks a person: places that are offered to them, and when they can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from volunteers.eligibility import Rules, ShiftSpan, in_words
from volunteers.models.offers import Offer
from volunteers.models.periods import RotaPeriod
from volunteers.shared.clock import format_day_and_time
from volunteers.shared.registries import asking
from volunteers.shared.registries.asking import Ask, as_row, read_moment

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

OFFER = {
    "pk": "pk",
    "until": "until",
    "starts": "post__shift__starts_at",
    "ends": "post__shift__ends_at",
    "title": "post__shift__title",
    "place": "post__shift__place",
    "role": "post__role",
    "covers": "covers",
    "back_starts": "in_return__shift__starts_at",
    "back_ends": "in_return__shift__ends_at",
}


def find_offers(now: dt.datetime) -> QuerySet[Any, Any]:
    """Find what is offered to the person of the query around, and not to everybody."""
    offers = Offer.objects.open(now).filter(to=OuterRef("pk")).exclude(covers__person=OuterRef("pk"))
    return offers.order_by("until", "pk").values(row=as_row(**OFFER))


def read_offer(row: dict[str, Any]) -> Ask:
    """Say what is asked: to swap, to cover, or to take a place; when, where and as what; until when."""
    when = _span(row["starts"], row["ends"])
    facts = {
        "when": when,
        "what": ", ".join(filter(None, [row["title"], row["place"], row["role"]])),
        "back": _span(row["back_starts"], row["back_ends"]) if row["back_starts"] else "",
    }
    if row["back_starts"]:
        title, words = _("Would you swap?"), _("%(when)s (%(what)s), for yours: %(back)s.") % facts
    elif row["covers"]:
        title, words = _("Would you cover?"), _("%(when)s (%(what)s). Somebody cannot come.") % facts
    else:
        title, words = _("Would you take this place?"), _("%(when)s (%(what)s).") % facts
    return Ask(title, words, say_until(row["until"]), reverse("rota:offer", args=[row["pk"]]), _("Look at it"))


def find_periods(now: dt.datetime) -> QuerySet[Any, Any]:
    """Find the periods for which the person of the query around has not said when they can."""
    waiting = RotaPeriod.objects.waiting_for(OuterRef(OuterRef("pk")), timezone.localdate(now))
    return waiting.order_by("first_day").values(row=as_row(pk="pk", first="first_day", last="last_day", by="answer_by"))


def read_period(row: dict[str, Any]) -> Ask:
    """Say for which days they are asked when they can."""
    first, last, by = (read_moment(row[name]) for name in ("first", "last", "by"))
    days = {"first": date_format(first, "MONTH_DAY_FORMAT"), "last": date_format(last, "MONTH_DAY_FORMAT")}
    return Ask(
        _("When can you?"),
        _("Say which shifts from %(first)s to %(last)s you can do. It takes a minute.") % days,
        _("By %(day)s.") % {"day": date_format(by, _("l j F"))},
        reverse("periods:answers", args=[row["pk"]]),
        _("Say when I can"),
    )


def say_until(written: str) -> str:
    """Say until when it can be answered."""
    return _("Until %(moment)s.") % {"moment": format_day_and_time(read_moment(written))}


def _span(starts: str, ends: str) -> str:
    return in_words(ShiftSpan(0, read_moment(starts), read_moment(ends)), Rules(zone=timezone.get_default_timezone()))


asking.register("offer", find_offers, read_offer)
asking.register("period", find_periods, read_period)
