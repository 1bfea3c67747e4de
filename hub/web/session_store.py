"""Sessions whose rows say neither who is signed in nor when they last did anything.

Django signs a session's data with the moment it was saved and dates its end to the microsecond. A copy of that
table would be a diary of our volunteers. Here the data is sealed, without a time, and the end is the end of a day.
The name of a session lies open in its row, as Django needs it; without the signed mark on the person's own device
(`hub.web.middleware.idle_timeout_middleware`) it opens nothing.
"""

import datetime as dt
import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from volunteers.shared.sealing import Age, Unsealable, find_age, seal, unseal

SESSION_TTL_DAYS = 1


class SessionStore(DatabaseStore):
    """Django's database sessions, sealed and dated to the day."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Sealed JSON."""
        return seal(json.dumps(session_dict), purpose="session")

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """The data again; a row we cannot open is an empty session. One that an earlier key sealed is saved anew."""
        self.modified = self.modified or find_age(str(session_data), purpose="session") == Age.EARLIER
        try:
            data: dict[str, Any] = json.loads(unseal(str(session_data), purpose="session"))
        except (Unsealable, ValueError):
            return {}
        return data

    def get_expiry_date(self, **_kwargs: Any) -> dt.datetime:
        """Midnight at the end of tomorrow, whenever in the day it is asked."""
        tomorrow = timezone.localdate() + dt.timedelta(days=SESSION_TTL_DAYS)
        midnight = dt.datetime.combine(tomorrow + dt.timedelta(days=1), dt.time.min)
        return timezone.make_aware(midnight)
