"""Names the app for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchoolConfig(AppConfig):
    """See the package's own words."""

    name = "school"
    verbose_name = _("School")
