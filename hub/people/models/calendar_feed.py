"""Feeds: somebody's own shifts and sessions as a calendar, at an address only they know."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from school.calendars import list_calendar_entries as sessions_of
from volunteers.models import Shift, Signup, User
from volunteers.shared.ical import CalendarEntry
from volunteers.shared.registries import personal_data, retention, row_order
from volunteers.shared.registries.merging import Join

# As long as the rota itself remembers who had withdrawn.
BACK = dt.timedelta(days=14)


class FeedQuerySet(models.QuerySet["Feed"]):
    """Finding a feed, and making one."""

    def at(self, token: str) -> Feed | None:
        """The feed at this address, if there is one and its person may still sign in."""
        return self.select_related("person").filter(digest=_digest(token), person__is_active=True).first()

    @transaction.atomic
    def renew(self, person: User) -> str:
        """A new secret for this person, whose old address stops working. It is told here and never again."""
        token = secrets.token_urlsafe(24)
        self.update_or_create(person=person, defaults={"digest": _digest(token)})
        return token


class Feed(models.Model):
    """An address that tells one person's shifts to anybody who has it. Only a hash of the secret is kept."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="feed"
    )
    digest = models.CharField(_("what its secret hashes to"), max_length=64, unique=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

    def entries(self, now: dt.datetime) -> list[CalendarEntry]:
        """Shifts they are on, and shifts they have withdrawn from, from two weeks ago on; two statements."""
        return [*self._shifts(now), *sessions_of(self.person, now - BACK)]

    def _shifts(self, now: dt.datetime) -> Iterator[CalendarEntry]:
        # Nobody is told of a draft, or of having been marked as not there.
        known = [Shift.State.PUBLISHED, Shift.State.CANCELLED]
        mine = Signup.objects.filter(person=self.person_id, shift__state__in=known, during__endswith__gt=now - BACK)
        for signup in mine:
            off = signup.state == Signup.State.WITHDRAWN
            start, end = signup.during.lower, signup.during.upper
            yield CalendarEntry(str(signup.uid), start, end, _now("Shift"), signup.revision, cancelled=off)


def address_of(token: str) -> str:
    """The whole address, to put into a calendar."""
    return str(settings.SITE_URL).rstrip("/") + reverse("hub:feed", args=[token])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


retention.keep(Feed, until="until taken back", promise="account")
row_order.leave(Feed, because="one row a person, and it does not say when it was made")
personal_data.hold(
    Feed,
    "person",
    part="shifts",
    merge=Join(
        (),
        name=_("Address of their calendar"),
        becomes=_("the address of the record that stays keeps working, the other stops."),
        turn=100,
    ),
)
