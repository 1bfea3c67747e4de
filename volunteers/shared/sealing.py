"""Seals text that has to lie in the database, so that a copy of the database alone does not reveal it.

The key is derived from `SECRET_KEY`, which is in the environment and not in the database.
"""

import base64
import os
from enum import Enum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

NONCE_BYTES = 12


class Age(Enum):
    """The key that a sealed text needs."""

    CURRENT = "the key of now"
    EARLIER = "an earlier key"
    LOST = "a key we no longer have"


class Unsealable(ValueError):
    """The text was not sealed by us for this purpose, or with a key we no longer have."""


def seal(text: str, *, purpose: str) -> str:
    """Seal `text`; only `unseal` with an equal purpose opens it. The result contains no time."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(settings.SECRET_KEY, purpose)).encrypt(nonce, text.encode(), None)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Open text that `seal` made. Raises Unsealable."""
    return _open(sealed, purpose)[0]


def find_age(sealed: str, *, purpose: str) -> Age:
    """The key that opens this text, if we still have it."""
    try:
        secret = _open(sealed, purpose)[1]
    except Unsealable:
        return Age.LOST
    return Age.CURRENT if secret == settings.SECRET_KEY else Age.EARLIER


def _open(sealed: str, purpose: str) -> tuple[str, str]:
    """The text, and the secret that opened it."""
    try:
        raw = base64.b64decode(sealed, altchars=b"-_", validate=True)
    except ValueError:
        raise Unsealable from None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            text = AESGCM(_key(secret, purpose)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()
        except (InvalidTag, ValueError):
            continue
        return text, secret
    raise Unsealable


def _key(secret: str, purpose: str) -> bytes:
    return salted_hmac(f"volunteers.sealing.{purpose}", "", secret=secret, algorithm="sha256").digest()
