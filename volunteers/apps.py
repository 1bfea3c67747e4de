"""Names the app for Django."""

from django.apps import AppConfig
from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """See the package's own words."""

    name = "volunteers"
    verbose_name = _("People")

    def ready(self) -> None:
        """Let no mail name this machine, neither in its id nor where the next server notes who handed it in."""
        DNS_NAME._fqdn = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or "localhost"  # noqa: SLF001 -- Django offers no other place for it
