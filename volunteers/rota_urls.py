"""Addresses of the rota, below /rota/."""

from django.urls import path

from volunteers.views import cover, patterns, rota, shifts, signups

app_name = "rota"

to_look_at = [
    path("", rota.show_week, name="week"),
    path("weeks/<day:day>/", rota.show_week, name="week-of"),
    path("weeks/<day:day>/wall/", rota.show_wall, name="wall"),
    path("months/", rota.show_month, name="month"),
    path("months/<month:month>/", rota.show_month, name="month-of"),
    path("gaps/", rota.list_gaps, name="gaps"),
    path("take/", rota.list_places, name="take"),
    path("mine/", rota.show_mine, name="mine"),
    path("mine/break/", rota.take_a_break, name="break"),
    path("publish/", rota.publish_days, name="publish"),
]

of_shifts = [
    path("shifts/new/", shifts.create_shift, name="shift-new"),
    path("shifts/<int:pk>/", shifts.show_shift, name="shift"),
    path("shifts/<int:pk>/edit/", shifts.edit_shift, name="shift-edit"),
    path("shifts/<int:pk>/copy/", shifts.copy_shift, name="shift-copy"),
    path("shifts/<int:pk>/publish/", shifts.publish_shift, name="shift-publish"),
    path("shifts/<int:pk>/cancel/", shifts.cancel_shift, name="shift-cancel"),
    path("shifts/<int:pk>/restore/", shifts.restore_shift, name="shift-restore"),
    path("shifts/<int:pk>/delete/", shifts.delete_shift, name="shift-delete"),
    path("shifts/<int:pk>/sheet/", shifts.show_sheet, name="shift-sheet"),
]

of_signups = [
    path("posts/<int:pk>/signup/", signups.take_place, name="signup"),
    path("posts/<int:pk>/suggestions/", signups.list_candidates, name="post-people"),
    path("signups/<int:pk>/withdraw/", signups.withdraw_signup, name="signup-withdraw"),
    path("signups/<int:pk>/stay/", signups.keep_place, name="signup-stay"),
    path("signups/<int:pk>/cover/", cover.ask_for_cover, name="signup-cover"),
    path("signups/<int:pk>/move/", signups.move_signup, name="signup-move"),
    path("signups/<int:pk>/came/", signups.mark_signup, name="signup-mark"),
]

of_offers = [
    path("offers/<int:pk>/", cover.show_offer, name="offer"),
    path("offers/<int:pk>/accept/", cover.accept_offer, name="offer-accept"),
    path("offers/<int:pk>/decline/", cover.decline_offer, name="offer-decline"),
    path("offers/<int:pk>/take-back/", cover.take_back_offer, name="offer-take-back"),
]

of_patterns = [
    path("patterns/", patterns.list_patterns, name="patterns"),
    path("patterns/new/", patterns.create_pattern, name="pattern-new"),
    path("patterns/<int:pk>/", patterns.show_pattern, name="pattern"),
    path("patterns/<int:pk>/edit/", patterns.edit_pattern, name="pattern-edit"),
    path("patterns/<int:pk>/preview/", patterns.preview_pattern, name="pattern-preview"),
    path("patterns/<int:pk>/make/", patterns.make_batch, name="pattern-make"),
    path("patterns/<int:pk>/line/", patterns.bring_shifts_in_line, name="pattern-line"),
    path("patterns/<int:pk>/delete/", patterns.delete_pattern, name="pattern-delete"),
    path("batches/<int:pk>/take-back/", patterns.take_back_batch, name="batch-take-back"),
]

urlpatterns = to_look_at + of_shifts + of_signups + of_offers + of_patterns
