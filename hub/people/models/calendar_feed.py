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
from volunteers.shared.ical import Entry

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
    """An address that tells one person's shifts to whoever has it. Only what the secret hashes to is kept."""

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

    def entries(self, now: dt.datetime) -> list[Entry]:
        """What they are on, and what they no longer are, from two weeks ago on; two statements."""
        return [*self._shifts(now), *sessions_of(self.person, now - BACK)]

    def _shifts(self, now: dt.datetime) -> Iterator[Entry]:
        # Nobody is told of a draft, or of having been marked as not there.
        known = [Shift.State.PUBLISHED, Shift.State.CANCELLED]
        mine = Signup.objects.filter(person=self.person_id, shift__state__in=known, during__endswith__gt=now - BACK)
        for one in mine:
            off = one.state == Signup.State.WITHDRAWN
            yield Entry(str(one.uid), one.during.lower, one.during.upper, _now("Shift"), one.revision, cancelled=off)


def address_of(token: str) -> str:
    """The whole address, to put into a calendar."""
    return str(settings.SITE_URL).rstrip("/") + reverse("hub:feed", args=[token])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
