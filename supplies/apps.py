"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliesConfig(AppConfig):
    """See the package's own words."""

    name = "supplies"
    verbose_name = _("Supplies")
