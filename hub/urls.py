"""The sitemap. Every view below is in `tests/project/doors.py`: public with a reason, or for whom."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from hub.views import health, home

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

pages = [
    path("", home.front, name="front"),
    path("today/", home.today, name="today"),
]

machine = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]

urlpatterns = [
    path("", include((pages + machine, "hub"))),
    path("people/", include("volunteers.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]
