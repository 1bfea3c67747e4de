"""Messages that the next page shows, in a cookie named like our others; in the session where they are too long."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class PrefixedCookieStorage(CookieStorage):
    """Django's cookie, under a name that only this very host can set."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class MessageStorage(FallbackStorage):
    """The cookie first, then the session."""

    storage_classes = (PrefixedCookieStorage, SessionStorage)
