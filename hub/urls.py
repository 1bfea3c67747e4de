"""The sitemap. Every view below is in `tests/project/doors.py`: public with a reason, or for whom."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from hub.views import desk, emergency, erasure, feeds, health, held, home, styleguide, visits
from volunteers.views import letters

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Its sidebar remembers in the browser whether it is open; we keep nothing there.
admin.site.enable_nav_sidebar = False

pages = [
    path("", home.front, name="front"),
    path("today/", home.today, name="today"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/dialog/", styleguide.styleguide_dialog, name="styleguide-dialog"),
]

the_desk = [
    path("desk/", desk.desk, name="desk"),
    path("desk/open/", desk.start, name="desk-open"),
    path("desk/<int:pk>/close/", desk.close, name="desk-close"),
    path("desk/undo/", desk.undo, name="desk-undo"),
    path("desk/again/", desk.again, name="desk-again"),
    path("desk/session/", visits.session, name="desk-session"),
    path("desk/visits/", visits.visits, name="desk-visits"),
]

# About people, but of all the apps at once.
of_people = [
    path("people/me/held/", held.held, name="held"),
    path("people/me/held.json", held.held_as_json, name="held-json"),
    path("people/me/held.txt", held.held_as_text, name="held-text"),
    path("people/me/calendar/", feeds.calendar, name="calendar"),
    path("people/me/calendar/revoke/", feeds.revoke, name="calendar-revoke"),
    path("rota/feed/<str:token>.ics", feeds.feed, name="feed"),
    path("people/me/leave/", erasure.leave, name="leave"),
    path("people/<int:pk>/erase/", erasure.erase_person, name="erase"),
    path("people/<int:pk>/merge/", erasure.merge_people, name="merge"),
]

machine = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]

urlpatterns = [
    path("", include((pages + the_desk + of_people + machine, "hub"))),
    path("l/<str:sealed>/", letters.follow, name="letter"),
    path("people/", include("volunteers.urls")),
    path("rota/periods/", include("volunteers.period_urls")),
    path("rota/", include("volunteers.rota_urls")),
    path("stock/", include("supplies.urls")),
    path("accounts/", include("volunteers.account_urls")),
    path("admin/", admin.site.urls),
]
