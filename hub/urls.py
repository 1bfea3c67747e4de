"""The sitemap. Every view below is in `tests/project/access_matrix.py`: public with a reason, or for whom."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, register_converter

from hub.desk.views import desk, devices, emergency, offline, openings, paper_sheet, shortfalls, visits
from hub.desk.views import settings as desk_settings
from hub.directory.views import alerts, hsds, services
from hub.ideas import meeting_views, moderation_views, public_views
from hub.imports import views as import_views
from hub.languages.views import languages, translations
from hub.logs.views import base as log_views
from hub.logs.views import choices, incidents, naloxone, reversals, sent, sheets, strips
from hub.months import views as month_views
from hub.operations import lockdown_views
from hub.people.views import calendar_feed, data_export, erasure
from hub.public.views import front, front_editor, leaflets, posters, public_calendar, texts
from hub.reports.views import charts, funders, grains, numbers, reports
from hub.web.views import health, search, styleguide, today
from hub.web.views import settings as settings_views
from school.views import joining
from volunteers.shared.url_converters import DayConverter, MonthConverter
from volunteers.views import letters

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Its sidebar remembers in the browser whether it is open; we keep nothing there.
admin.site.enable_nav_sidebar = False

register_converter(DayConverter, "day")
register_converter(MonthConverter, "month")

pages = [
    path("", front.front, name="front"),
    path("today/", today.today, name="today"),
    path("settings/", settings_views.show_settings, name="settings"),
    path("settings/<slug:slug>/", settings_views.change_group, name="settings-group"),
    path("search/", search.search, name="search"),
    path("emergency/", emergency.show_emergency_cards, name="emergency"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/dialog/", styleguide.styleguide_dialog, name="styleguide-dialog"),
]

public_urls = [
    path("supplies/", front.supplies, name="supplies"),
    path("literature/", leaflets.literature, name="literature"),
    path("literature/<slug:slug>.pdf", leaflets.file, name="literature-file"),
    path("why/", texts.why, name="why"),
    path("confidentiality/", texts.confidentiality, name="confidentiality"),
    path("safe-online/", texts.safe_online, name="safe-online"),
    path("calendar.ics", public_calendar.show_calendar, name="public-calendar"),
    path("robots.txt", front.robots, name="robots"),
]

behind_the_front = [
    path("front/", front_editor.behind, name="front-behind"),
    path("front/notices/", front_editor.add_notice, name="notice-add"),
    path("front/notices/<int:pk>/off/", front_editor.remove_notice, name="notice-remove"),
    path("front/picture/", front_editor.take_picture, name="picture-take"),
    path("front/posters/", posters.list_posters, name="posters"),
    path("front/posters/<slug:code>/<slug:size>.svg", posters.show_poster, name="poster"),
    path("front/words/<slug:slug>/", texts.change, name="text"),
]

the_desk = [
    path("desk/", desk.show_desk, name="desk"),
    path("desk/open/", openings.open_desk, name="desk-open"),
    path("desk/<int:pk>/ready/", openings.show_checklist, name="desk-ready"),
    path("desk/<int:pk>/here/", openings.choose_desk, name="desk-here"),
    path("desk/<int:pk>/close/", openings.close_desk, name="desk-close"),
    path("desk/<int:pk>/ring/", openings.show_whom_to_ring, name="evening-ring"),
    path("desk/shifts/<int:pk>/cancel/", openings.cancel_evening, name="evening-cancel"),
    path("desk/missing/", shortfalls.log_shortfall, name="missing"),
    path("desk/missing/undo/", shortfalls.undo_shortfall, name="missing-undo"),
    path("desk/missing/sent/", shortfalls.log_sent_shortfall, name="missing-sent"),
    path("desk/catch-up/", paper_sheet.choose_evening, name="catch-up"),
    path("desk/catch-up/sheet/", paper_sheet.print_sheet, name="catch-up-sheet"),
    path("desk/<int:pk>/catch-up/", paper_sheet.add_sheet, name="catch-up-evening"),
    path("desk/setup/", desk_settings.change_settings, name="desk-setup"),
    path("desk/setup/tiles/", desk_settings.change_tiles, name="desk-tiles"),
    path("desk/setup/questions/<slug:kind>/", desk_settings.change_question, name="desk-question"),
    path("desk/undo/", desk.undo_visit, name="desk-undo"),
    path("desk/again/", desk.log_again, name="desk-again"),
    path("desk/session/", visits.get_session, name="desk-session"),
    path("desk/visits/", visits.log_visits, name="desk-visits"),
    path("desk/shell/", offline.show_shell, name="desk-shell"),
    path("desk/no-wifi/", offline.show_no_wifi, name="desk-no-wifi"),
    path("desk/sw.js", offline.serve_worker, name="desk-worker"),
    path("desk/manifest.json", offline.serve_manifest, name="desk-manifest"),
    path("desk/devices/", devices.list_devices, name="devices"),
    path("desk/devices/new/", devices.invite_device, name="device-invite"),
    path("desk/devices/<int:pk>/off/", devices.revoke_device, name="device-revoke"),
    path("desk/pair/", devices.pair_device, name="device-pair"),
    path("desk/emergency/", emergency.show_emergency_cards_at_desk, name="desk-emergency"),
]

# About people, but of all the apps at once.
of_people = [
    path("people/me/held/", data_export.held, name="held"),
    path("people/me/held.json", data_export.held_as_json, name="held-json"),
    path("people/me/held.txt", data_export.held_as_text, name="held-text"),
    path("people/me/calendar/", calendar_feed.calendar, name="calendar"),
    path("people/me/calendar/revoke/", calendar_feed.revoke, name="calendar-revoke"),
    path("rota/feed/<str:token>.ics", calendar_feed.feed, name="feed"),
    path("people/me/leave/", erasure.leave, name="leave"),
    path("people/lockdown/", lockdown_views.lockdown, name="lockdown"),
    path("people/<int:pk>/erase/", erasure.erase_person, name="erase"),
    path("people/<int:pk>/merge/", erasure.merge_people, name="merge"),
]

the_logs = [
    path("desk/naloxone/", naloxone.log_naloxone, name="naloxone"),
    path("desk/reversals/", reversals.log_reversal, name="reversals"),
    path("desk/strips/", strips.list_strips, name="strips"),
    path("desk/strips/<int:pk>/", strips.log_result, name="strip-result"),
    path("desk/incidents/", incidents.log_incident, name="incidents"),
    path("desk/sheets/", sheets.show_sheets, name="desk-sheets"),
    path("desk/logs/sent/", sent.log_sent_entry, name="log-sent"),
    path("desk/logs/undo/", log_views.undo_rows, name="log-undo"),
    path("lists/", choices.list_choices, name="lists"),
    path("lists/<slug:of>/", choices.add_choice, name="list-add"),
    path("lists/answers/<int:pk>/", choices.change_choice, name="answer"),
    path("lists/strips/new/", strips.add_strip, name="strip-new"),
    path("lists/strips/<int:pk>/", strips.change_strip, name="strip"),
]

the_months = [
    path("months/", month_views.list_months, name="months"),
    path("months/<month:first>/", month_views.show_month, name="month"),
    path("months/<month:first>/complete/", month_views.complete_month, name="month-complete"),
    path("months/<month:first>/correct/", month_views.correct_totals, name="month-correct"),
    path("months/<month:first>/<slug:name>/", month_views.show_log, name="month-log"),
    path("months/<month:first>/<slug:name>/take-out/", month_views.take_out_row, name="month-take-out"),
]

lists_from_files = [
    path("imports/", import_views.list_imports, name="imports"),
    path("imports/<int:pk>/", import_views.show_import, name="import"),
    path("imports/<int:pk>/lines/", import_views.choose_lines, name="import-choose"),
    path("imports/<int:pk>/undo/", import_views.undo_import, name="import-undo"),
    path("imports/<int:pk>/drop/", import_views.drop_import, name="import-drop"),
    path("imports/<int:pk>/to-put-right.csv", import_views.download_unclear, name="import-unclear"),
    path("imports/new/<slug:kind>/", import_views.bring_list, name="import-new"),
    path("imports/new/<slug:kind>/template.<slug:format>", import_views.download_template, name="import-template"),
]

to_point_people_to = [
    path("pathways/", services.pathways, name="pathways"),
    path("pathways/hsds/", hsds.show_directory, name="hsds"),
    path("pathways/hsds/services", hsds.list_services, name="hsds-services"),
    path("pathways/hsds/services/<uuid:reference>", hsds.show_service, name="hsds-service"),
    path("pathways/manage/", services.manage, name="pathways-manage"),
    path("pathways/new/", services.new, name="pathway-new"),
    path("pathways/<int:pk>/", services.change, name="pathway"),
    path("pathways/<int:pk>/checked/", services.check, name="pathway-checked"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/feed.xml", alerts.alerts_feed, name="alerts-feed"),
    path("alerts/manage/", alerts.manage, name="alerts-manage"),
    path("alerts/new/", alerts.new, name="alert-new"),
    path("alerts/<int:pk>/", alerts.alert, name="alert"),
    path("alerts/<int:pk>/change/", alerts.change, name="alert-change"),
    path("alerts/<int:pk>/publish/", alerts.publish, name="alert-publish"),
    path("alerts/<int:pk>/withdraw/", alerts.withdraw, name="alert-withdraw"),
    path("alerts/<int:pk>/show/", alerts.show, name="alert-show"),
    path("alerts/<int:pk>/hide/", alerts.hide, name="alert-hide"),
]

what_people_say = [
    path("ideas/", public_views.ideas, name="ideas"),
    path("ideas/thanks/", public_views.thanks, name="ideas-thanks"),
    path("ideas/counted/", public_views.counted, name="ideas-counted"),
    path("ideas/held/", moderation_views.queue, name="ideas-queue"),
    path("ideas/held/throw-away/", moderation_views.reject, name="ideas-reject"),
    path("ideas/meeting/", meeting_views.show_agenda, name="ideas-meeting"),
    path("ideas/meeting/clear/", meeting_views.close_meeting, name="ideas-meeting-clear"),
    path("ideas/meeting/points/", meeting_views.add_point, name="agenda-add"),
    path("ideas/meeting/points/<uuid:pk>/", meeting_views.decide_point, name="agenda-point"),
    path("ideas/meeting/points/<uuid:pk>/remove/", meeting_views.remove_point, name="agenda-point-remove"),
    path("ideas/<uuid:pk>/decide/", meeting_views.decide_idea, name="idea-decide"),
    path("ideas/<uuid:pk>/", moderation_views.publish, name="idea"),
    path("ideas/<uuid:pk>/me-too/", public_views.me_too, name="idea-me-too"),
    path("ideas/<uuid:pk>/same/", moderation_views.merge, name="idea-merge"),
    path("ideas/<uuid:pk>/answer/", moderation_views.answer, name="idea-answer"),
    path("ideas/<uuid:pk>/hold/", moderation_views.unpublish, name="idea-unpublish"),
    path("ideas/<uuid:pk>/delete/", moderation_views.delete, name="idea-delete"),
    path("ideas/<uuid:pk>/meeting/", moderation_views.set_for_meeting, name="idea-meeting"),
]

in_other_languages = [
    path("language/", languages.choose_page_language, name="language"),
    path("words/", translations.languages, name="translations"),
    path("words/<slug:code>/", translations.language, name="translations-language"),
    path("words/<slug:code>/on/", translations.switch_on, name="translations-on"),
    path("words/<slug:code>/off/", translations.switch_off, name="translations-off"),
    path("words/<slug:code>/<str:of>/<str:key>/", translations.translate, name="translation"),
]

the_reports = [
    path("reports/", reports.reports, name="reports"),
    path("reports/grains/", grains.grains, name="report-grains"),
    path("reports/charts/", charts.charts, name="report-charts"),
    path("reports/charts/file.csv", charts.download_charts, name="report-charts-file"),
    path("reports/<str:written_period>/", reports.report, name="report"),
    path("reports/<str:written_period>/share/", reports.share, name="report-share"),
    path("reports/<str:written_period>/words/", reports.save_words, name="report-words"),
    path("reports/<str:written_period>/publish/", reports.publish, name="report-publish"),
    path("reports/<str:written_period>/<int:number>/funder/", funders.show_funder_sheet, name="report-funder"),
    path("reports/<str:written_period>/<int:number>/withdraw/", reports.withdraw, name="report-withdraw"),
    path("reports/<str:written_period>/<int:number>/show-again/", reports.show_again, name="report-show-again"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/<str:written_period>/", numbers.latest, name="numbers-latest"),
    path("numbers/<str:written_period>/<int:number>/", numbers.edition, name="edition"),
    path("numbers/<str:written_period>/<int:number>/print/", numbers.sheet, name="edition-print"),
    path("numbers/<str:written_period>/<int:number>/<str:format>/", numbers.download, name="edition-file"),
]

machine = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]

ours = [
    *pages,
    *public_urls,
    *behind_the_front,
    *the_desk,
    *the_logs,
    *the_months,
    *the_reports,
    *lists_from_files,
    *to_point_people_to,
    *what_people_say,
    *in_other_languages,
    *of_people,
    *machine,
]

urlpatterns = [
    path("", include((ours, "hub"))),
    path("l/<str:sealed>/", letters.follow_link, name="letter"),
    path("c/<str:token>/", joining.confirm, name="join-confirm"),
    path("people/", include("volunteers.urls")),
    path("rota/periods/", include("volunteers.period_urls")),
    path("rota/", include("volunteers.rota_urls")),
    path("stock/", include("supplies.urls")),
    path("school/", include("school.urls")),
    path("accounts/", include("volunteers.account_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "hub.web.views.error_views.bad_request"
handler500 = "hub.web.views.error_views.server_failure"
