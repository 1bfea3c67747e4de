"""A mark that each page gets once: whoever sends a form shows it, and we keep nothing of who they are.

It carries a random number and when the page was made, sealed, on the page and nowhere else. A form that comes back
too soon was filled in by a machine; one that comes back very late may have been copied. From the number comes the id
of whatever the form makes, so that the same form sent twice makes one thing; nobody who has the page can work it out.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.core import signing
from django.utils.crypto import salted_hmac

SALT = "hub.ideas.form_tokens"
SOONEST = dt.timedelta(seconds=2)
LATEST = dt.timedelta(hours=12)


class TooSoon(ValueError):
    """Nobody reads and writes as fast as that."""


class NotOurs(ValueError):
    """The page was open for too long, or was none of ours."""


def new_token() -> str:
    """A mark for one page, good from `SOONEST` until `LATEST` from now."""
    return signing.TimestampSigner(salt=SALT).sign(uuid.uuid4().hex)


def read_token(token: str, *, at_once: bool = False) -> uuid.UUID:
    """The number in a mark of ours; `at_once` is for a tap, which takes no time. Raises TooSoon or NotOurs."""
    try:
        number = uuid.UUID(hex=signing.TimestampSigner(salt=SALT).unsign(token, max_age=LATEST))
    except (signing.BadSignature, ValueError):
        raise NotOurs from None
    if not at_once and SOONEST and _younger(token, SOONEST):
        raise TooSoon
    return number


def _younger(token: str, age: dt.timedelta) -> bool:
    try:
        signing.TimestampSigner(salt=SALT).unsign(token, max_age=age)
    except signing.SignatureExpired:
        return False
    return True


def id_from(number: uuid.UUID, about: object = "") -> uuid.UUID:
    """What the thing is called that this page makes: always the same, and not to be found out from the page."""
    digest = salted_hmac(SALT, f"{number.hex}:{about}", algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)
