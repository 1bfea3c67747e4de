"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """See the package's own words."""

    name = "volunteers"
    verbose_name = _("People")
