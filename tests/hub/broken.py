"""Our addresses, and a few behind which everything goes wrong, for the pages that say so."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.urls import path

from hub.urls import urlpatterns as ours


@login_not_required
def forbidden(request):
    raise PermissionDenied


@login_not_required
def garbled(request):
    raise SuspiciousOperation


@login_not_required
def broken(request):
    raise RuntimeError


@login_not_required
def away(request):
    raise OperationalError


urlpatterns = [
    path("away/", away),
    path("forbidden/", forbidden),
    path("garbled/", garbled),
    path("broken/", broken),
    *ours,
]
