"""Form tokens: a signed number on each public page, in place of Django's CSRF token and its cookie.

A token carries a random number and the time the page was made; we store neither. A machine fills in a form too
soon, and a form that returns very late may be a copy. The number gives the id of the row that the form creates, so one
form sent twice creates one row. Nobody can work out the id from the page.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.core import signing
from django.utils.crypto import salted_hmac

SALT = "hub.page_tokens"
MIN_TOKEN_AGE = dt.timedelta(seconds=2)
TOKEN_TTL = dt.timedelta(hours=12)


class TokenTooYoung(ValueError):
    """The form came back faster than a person reads and writes."""


class InvalidToken(ValueError):
    """The token has expired, or we did not sign it."""


def make_token() -> str:
    """A token for one page, valid from `MIN_TOKEN_AGE` until `TOKEN_TTL` from now."""
    return signing.TimestampSigner(salt=SALT).sign(uuid.uuid4().hex)


def read_token(token: str, *, at_any_age: bool = False) -> uuid.UUID:
    """The number in a valid token; raises InvalidToken or TokenTooYoung. A single tap may come `at_any_age`."""
    try:
        number = uuid.UUID(hex=signing.TimestampSigner(salt=SALT).unsign(token, max_age=TOKEN_TTL))
    except (signing.BadSignature, ValueError):
        raise InvalidToken from None
    if not at_any_age and MIN_TOKEN_AGE and _is_younger(token, MIN_TOKEN_AGE):
        raise TokenTooYoung
    return number


def _is_younger(token: str, age: dt.timedelta) -> bool:
    try:
        signing.TimestampSigner(salt=SALT).unsign(token, max_age=age)
    except signing.SignatureExpired:
        return False
    return True


def derive_id(number: uuid.UUID, about: object = "") -> uuid.UUID:
    """The id of the row that a form creates: one number gives one id, and the page does not tell it."""
    digest = salted_hmac(SALT, f"{number.hex}:{about}", algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)
