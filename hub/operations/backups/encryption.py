"""Sealing backups, so that the machine that makes them cannot read them.

A backup is sealed to a public key, which is all the server has; the private one is with people. RFC 9180 (HPKE) as
`cryptography` does it: X25519, HKDF-SHA256, ChaCha20-Poly1305. What is sealed cannot be changed unnoticed either.
"""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

BEGINS = b"hub-backup-2\n"
BEGAN_UNPADDED = b"hub-backup-1\n"
"""The first bytes of backups that were made before they were filled up; they open as they did."""
SMALLEST = 2**20
"""The size of the smallest backup; each next size is twice as big. A backup that grew by a visit would count visits."""
LENGTH = 8
"""The bytes before the backup that say how long it is."""
PUBLIC, PRIVATE = "hub-public-", "hub-private-"
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class WrongKey(ValueError):
    """That is no key, or does not open this; the message is a sentence for the person who typed it."""


def make_keys() -> tuple[str, str]:
    """A new public and private key, as text for `.env` and for paper."""
    private = X25519PrivateKey.generate()
    return (
        PUBLIC + _written(private.public_key().public_bytes_raw()),
        PRIVATE + _written(private.private_bytes_raw()),
    )


def read_public_key(written: str) -> X25519PublicKey:
    """The key to seal to. Raises WrongKey."""
    if written.strip().startswith(PRIVATE):
        raise WrongKey("That is the private key, which does not belong on this machine. The other one does.")
    return X25519PublicKey.from_public_bytes(_read(written, PUBLIC))


def read_private_key(written: str) -> X25519PrivateKey:
    """The key to open with. Raises WrongKey."""
    return X25519PrivateKey.from_private_bytes(_read(written, PRIVATE))


def seal(plain: bytes, key: X25519PublicKey) -> bytes:
    """Encrypt for the private key alone, as one of a few sizes that tell nothing of what is in it.

    It is all in memory at once: a hub of ten years is a few megabytes.
    """
    return BEGINS + SUITE.encrypt(_pad(plain), key, info=BEGINS)


def unseal(sealed: bytes, key: X25519PrivateKey) -> bytes:
    """Decrypt what `seal` encrypted. Raises WrongKey."""
    begins = next((known for known in (BEGINS, BEGAN_UNPADDED) if sealed.startswith(known)), None)
    if begins is None:
        raise WrongKey("That is no backup of a hub.")
    try:
        plain = SUITE.decrypt(sealed[len(begins) :], key, info=begins)
    except InvalidTag:
        raise WrongKey("That key does not open this backup, or the file is damaged.") from None
    return plain if begins == BEGAN_UNPADDED else plain[LENGTH : LENGTH + int.from_bytes(plain[:LENGTH])]


def _pad(plain: bytes) -> bytes:
    size = SMALLEST
    while size < LENGTH + len(plain):
        size *= 2
    return (len(plain).to_bytes(LENGTH) + plain).ljust(size, b"\0")


def _written(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _read(written: str, kind: str) -> bytes:
    # Small letters and the digits 2 to 7 only, so that it can be read off paper and typed, with spaces or without.
    text = "".join(written.split()).lower()
    try:
        raw = base64.b32decode(text.removeprefix(kind).upper() + "====")
    except ValueError:
        raw = b""
    if not text.startswith(kind) or len(raw) != 32:  # noqa: PLR2004 -- an X25519 key
        raise WrongKey(f"That is not a key. It begins with “{kind}” and 52 letters and digits follow.")
    return raw
