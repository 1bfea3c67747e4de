"""Starts the app: roles follow their table on every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HubConfig(AppConfig):
    """The building."""

    name = "hub"
    verbose_name = _("Hub")

    def ready(self) -> None:
        """Keep the roles in step with `hub/core/roles.py`, and samples out of the desk's tables."""
        from hub import checks  # noqa: F401, PLC0415 -- models are not loaded before this
        from hub.core import roles  # noqa: PLC0415 -- models are not loaded before this
        from volunteers.shared.registries import row_order  # noqa: PLC0415 -- the same

        post_migrate.connect(roles.sync_roles, sender=self, dispatch_uid="hub.core.roles.sync")
        post_migrate.connect(row_order.keep_no_samples, sender=self, dispatch_uid="row_order.keep_no_samples")
