"""Starts the app: roles follow their table on every migrate."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HubConfig(AppConfig):
    """The building."""

    name = "hub"
    verbose_name = _("Hub")

    def ready(self) -> None:
        """Keep the roles in step with their table, samples out of the desk's tables, and clocks by the hub's zone."""
        from hub import checks  # noqa: F401, PLC0415 -- models are not loaded before this
        from hub.core import roles  # noqa: PLC0415 -- models are not loaded before this
        from hub.web import today_lines  # noqa: F401, PLC0415 -- it registers what it knows of
        from volunteers.shared import locality  # noqa: PLC0415 -- the same
        from volunteers.shared.registries import row_order  # noqa: PLC0415 -- the same

        post_migrate.connect(roles.sync_roles, sender=self, dispatch_uid="hub.core.roles.sync")
        post_migrate.connect(row_order.keep_no_samples, sender=self, dispatch_uid="row_order.keep_no_samples")
        connection_created.connect(locality.refresh, dispatch_uid="locality.refresh")
