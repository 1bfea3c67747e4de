"""Health checks for machines: whether the process is alive, and whether it can serve."""

import pkgutil
from collections.abc import Callable

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


def health_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer both before anything asks for the host: a machine asks by whatever name or number it knows us."""

    def middleware(request: HttpRequest) -> HttpResponse:
        view = {"/healthz": alive, "/readyz": ready}.get(request.path_info)
        return view(request) if view else get_response(request)

    return middleware


@login_not_required
@require_safe
@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database does not get it restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; otherwise 503 and which of the two."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if not applied.keys() >= _all_migrations():
        return HttpResponse("migrations are waiting\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def _all_migrations() -> set[tuple[str, str]]:
    """Each by its app and name. By the names of the files alone: loaded, they would stay in a worker's memory."""
    return {
        (app.label, file.name)
        for app in apps.get_app_configs()
        for file in pkgutil.iter_modules([f"{app.path}/migrations"])
    }
