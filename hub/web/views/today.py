"""Everybody's own day."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.core.hub import Hub
from hub.core.pending_rewrites import PendingRewrite
from hub.desk.models.openings import Opening
from hub.directory.models.emergency_cards import EmergencyCard
from school.models.glance import SchoolGlance
from supplies.models import Glance, Item
from volunteers.eligibility import SCHOOL
from volunteers.models import Shift, User
from volunteers.shared.letters import mail_queue_status
from volunteers.shared.registries import asking
from volunteers.shared.requests import SignedInRequest

BACKUP_DAYS = 2


@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """The state of the desk, and the one thing this person should do next."""
    person, now = request.user, timezone.now()
    desks = list(Opening.objects.open().order_by("pk")) if person.has_perm("hub.staff_desk") else []
    opening = next((desk for desk in desks if desk.is_open), None)
    next_shift, gaps = Shift.objects.all().at_a_glance(person, now)
    unwelcomed, admins_are_few = [], False
    if person.has_perm("volunteers.view_user"):
        unwelcomed, admins_are_few = User.objects.at_a_glance(timezone.localdate(now))
    done = not person.is_welcomed and person.holds(SCHOOL, timezone.localdate(now))
    shelf = Glance.at(Item.objects.active()) if person.has_perm("supplies.manage_orders") else None
    return render(
        request,
        "hub/web/today/today.html",
        {
            "opening": opening,
            "totals": opening.totals() if opening else None,
            # Who runs all of it finds theirs on the School's own pages; this page costs them enough.
            "school": None if person.has_perm("volunteers.view_user") else SchoolGlance.of(person, now, done=done),
            "asks": asking.list_asks(person),
            "shelf": shelf,
            "overdue": not all(desk.is_open for desk in desks),
            "next_shift": next_shift,
            "first_shift": not next_shift and _may_take_first_shift(person, now),
            "done": done,
            "unwelcomed": unwelcomed,
            "gaps": gaps if person.has_perm("volunteers.plan_rota") else 0,
            "to_set_up": list(_to_set_up(shelf, person, admins_are_few=admins_are_few))
            if person.has_perm("volunteers.view_user")
            else [],
        },
    )


def _may_take_first_shift(person: User, now: dt.datetime) -> bool:
    # Who runs all of it knows how one takes a shift, and this page costs them enough.
    if person.has_perm("volunteers.view_user"):
        return False
    return bool(User.objects.may_take_a_first_shift(timezone.localdate(now)).filter(pk=person.pk).exists())


def _to_set_up(shelf: Glance | None, person: User, *, admins_are_few: bool) -> Iterator[str]:
    """Things that keep this place from running well, for people who can see to them."""
    # Both in one question: this page asks enough of them.
    late = PendingRewrite.objects.late().order_by("since").values("since")[:1]
    hub = Hub.objects.annotate(untidy_since=late).first() or Hub(pk=1)
    if not hub.address:
        yield _("The hub has no address yet. People who call 999 need it. An admin can add it.")
    if not hub.words_agreed_on:
        yield _("Your union has not checked the words for 999 yet. An admin enters the day when it did.")
    if not hub.usual_hours:
        yield _("The front page does not say when you are usually open. An admin can add a few words.")
    if not hub.show_address and not hub.ask_where:
        yield _("The front page does not say where you are, or how to ask. An admin can choose which.")
    if admins_are_few:
        yield _("There is only one admin. Ask a second person, so that you are never locked out.")
    if not EmergencyCard.objects.are_all_agreed():
        yield _("Nobody has checked some of the emergency cards yet. Do it together. Then an admin enters the date.")
    if not (shelf.has_tiles if shelf is not None else Item.objects.on_the_desk().exists()):
        yield _("Nothing has a place on the desk yet. An admin can choose what has a tile.")
    yield from _describe_mail_queue()
    if untidy_since := getattr(hub, "untidy_since", None):
        yield _(
            "Since %(day)s we could not tidy the database after an evening. Until it is tidy, a person who gets "
            "the database can see what was given out together. The person who runs the server finds help in "
            "docs/when-it-breaks.md."
        ) % {"day": date_format(untidy_since, _("l j F"))}
    if person.has_perm("hub.change_hub") and (settings.BACKUP_KEY or not settings.DEMO):
        yield from _describe_backups(hub.backed_up_on)


def _describe_mail_queue() -> Iterator[str]:
    """Warnings when nobody sends letters, or one of them stays."""
    queue = mail_queue_status()
    if not queue.worker_is_alive:
        yield _(
            "The worker is not running. It sends e-mails and closes forgotten desks. Nothing is lost. The "
            "person who runs the server can start it."
        )
    if queue.waiting_since and queue.waiting_since < timezone.localdate():
        yield _(
            "An e-mail has been waiting since %(day)s. If nobody gets e-mails, sign-in codes do not arrive either. "
            "The person who runs the server finds help in docs/when-it-breaks.md."
        ) % {"day": date_format(queue.waiting_since, _("l j F"))}


def _describe_backups(last: dt.date | None) -> Iterator[str]:
    """A warning for an admin when the last backup is too long ago, or there is none."""
    days = (timezone.localdate() - last).days if last else None
    if days is None:
        yield _("There is no backup yet. The person who runs the server finds in docs/backups.md how to make one.")
    elif days > BACKUP_DAYS:
        yield _("The last backup is %(days)d days old. The person who runs the server should check it today.") % {
            "days": days
        }
