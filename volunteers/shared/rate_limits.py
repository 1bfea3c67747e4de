"""Rate limits: how often somebody may try, counted in one table by all processes, and told by it to nobody.

Django's cache interface over a table: allauth and our own pages count in the default cache.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from volunteers.shared.registries import retention, row_order, sealed
from volunteers.shared.sealing import Unsealable, seal, unseal

BUCKET_DIGITS = 5
"""Hexadecimal digits of a bucket: a million for each kind of limit, so that no flood makes the table grow for ever."""
LONGEST_LIMIT = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
SWEEP = 100
PURPOSE = "rate limit"


class RateLimit(models.Model):
    """The tries of one kind that fall into one bucket, sealed. A key of the day decides on the bucket.

    An address or a name cannot be read from a bucket, nor found in it again the next day. Two that share a bucket
    limit each other: that is rare, and never lets anybody guess more often. The table is UNLOGGED: nothing of it
    is in the write-ahead log, and a crash empties it.
    """

    bucket = models.CharField(max_length=120, primary_key=True)
    sealed = models.TextField()
    # A whole minute: when exactly somebody tried is sealed.
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at"], name="ratelimit_expires_at")]

    def __str__(self) -> str:
        return self.bucket

    @property
    def value(self) -> Any:
        """The tries; None under a key we no longer have, which forgets them."""
        try:
            return json.loads(unseal(self.sealed, purpose=PURPOSE))
        except Unsealable:
            return None


class RateLimitCache(BaseCache):
    """A cache that only its clock empties: what has not expired stays, however much comes after it.

    It is made for counting. Another key may answer in a bucket, so it keeps nothing that has to be right.
    """

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        """Take the settings of a cache; there is no location, since there is one table."""
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Store a value where there is none; whether it was stored. Of two processes at once, one succeeds."""
        return self._write(key, value, timeout, only_where_expired=True)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Store a value, and sweep up some of what has expired."""
        self._write(key, value, timeout, only_where_expired=False)
        delete_expired()

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The stored value, or the default once it has expired."""
        row = RateLimit.objects.filter(bucket=find_bucket(key), expires_at__gt=timezone.now()).first()
        value = None if row is None else row.value
        return default if value is None else value

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number, which keeps its end. Raises ValueError if there is none."""
        with transaction.atomic():
            rows = RateLimit.objects.select_for_update().filter(bucket=find_bucket(key), expires_at__gt=timezone.now())
            row = rows.first()
            value = None if row is None else row.value
            if row is None or value is None:
                raise ValueError("Nothing is counted under this key.")
            row.sealed = seal(json.dumps(value + delta), purpose=PURPOSE)
            row.save(update_fields=["sealed"])
        return int(value + delta)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget one value; whether there was one."""
        return bool(RateLimit.objects.filter(bucket=find_bucket(key)).delete()[0])

    def clear(self) -> None:
        """Forget all tries of everybody."""
        RateLimit.objects.all().delete()

    def _write(self, key: str, value: Any, timeout: Any, *, only_where_expired: bool) -> bool:
        now = timezone.now()
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        end = now + min(dt.timedelta(seconds=seconds or 0), LONGEST_LIMIT)
        expires_at = end.replace(second=0, microsecond=0) + MINUTE
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO volunteers_ratelimit AS old (bucket, sealed, expires_at) VALUES (%s, %s, %s)"
                " ON CONFLICT (bucket) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at"
                " WHERE NOT %s OR old.expires_at <= %s",
                [find_bucket(key), seal(json.dumps(value), purpose=PURPOSE), expires_at, only_where_expired, now],
            )
            return bool(cursor.rowcount)


def find_bucket(key: str) -> str:
    """The bucket of a key on this day: the kind of limit, and digits that a keyed hash picks."""
    kind = re.match(r"allauth:rl:[^:]+:[^:]+:[^:]+|[a-z._]*", key)
    lock = ":lock" if key.endswith(":lock") else ""
    digest = salted_hmac(f"volunteers.rate_limits.{timezone.now().date()}", key, algorithm="sha256").hexdigest()
    return f"{kind.group() if kind else ''}{lock} {digest[:BUCKET_DIGITS]}"


def delete_expired() -> None:
    """Delete some rows that have expired. It waits for nobody who does the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM volunteers_ratelimit WHERE bucket IN (SELECT bucket FROM volunteers_ratelimit"
            " WHERE expires_at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)",
            [timezone.now(), SWEEP],
        )


retention.keep(
    RateLimit,
    length=LONGEST_LIMIT,
    promise="tries",
    every=retention.Every.TEN_MINUTES,
    overdue=lambda now: RateLimit.objects.filter(expires_at__lte=now),
    in_backups=retention.InBackups.NEVER,
)
row_order.rewrite(RateLimit)
sealed.leave(RateLimit, "sealed", because="a new key forgets the tries of the last hour, and breaks nothing")
