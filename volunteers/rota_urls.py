"""Addresses of the rota, below /rota/."""

from django.urls import path

from volunteers.views import cover, patterns, rota, shifts, signups

app_name = "rota"

to_look_at = [
    path("", rota.week, name="week"),
    path("weeks/<day:day>/", rota.week, name="week-of"),
    path("weeks/<day:day>/wall/", rota.wall, name="wall"),
    path("months/", rota.month, name="month"),
    path("months/<month:month>/", rota.month, name="month-of"),
    path("gaps/", rota.gaps, name="gaps"),
    path("take/", rota.take, name="take"),
    path("mine/", rota.mine, name="mine"),
    path("mine/break/", rota.take_a_break, name="break"),
    path("publish/", rota.publish, name="publish"),
]

of_shifts = [
    path("shifts/new/", shifts.new, name="shift-new"),
    path("shifts/<int:pk>/", shifts.shift, name="shift"),
    path("shifts/<int:pk>/edit/", shifts.edit, name="shift-edit"),
    path("shifts/<int:pk>/publish/", shifts.publish, name="shift-publish"),
    path("shifts/<int:pk>/cancel/", shifts.cancel, name="shift-cancel"),
    path("shifts/<int:pk>/restore/", shifts.restore, name="shift-restore"),
    path("shifts/<int:pk>/delete/", shifts.delete, name="shift-delete"),
    path("shifts/<int:pk>/sheet/", shifts.sheet, name="shift-sheet"),
]

of_signups = [
    path("posts/<int:pk>/signup/", signups.take, name="signup"),
    path("posts/<int:pk>/suggestions/", signups.people, name="post-people"),
    path("signups/<int:pk>/withdraw/", signups.withdraw, name="signup-withdraw"),
    path("signups/<int:pk>/stay/", signups.stay, name="signup-stay"),
    path("signups/<int:pk>/cover/", cover.cover, name="signup-cover"),
    path("signups/<int:pk>/move/", signups.move, name="signup-move"),
    path("signups/<int:pk>/came/", signups.mark, name="signup-mark"),
]

of_offers = [
    path("offers/<int:pk>/", cover.offer, name="offer"),
    path("offers/<int:pk>/accept/", cover.accept, name="offer-accept"),
    path("offers/<int:pk>/decline/", cover.decline, name="offer-decline"),
    path("offers/<int:pk>/take-back/", cover.take_back, name="offer-take-back"),
]

of_patterns = [
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/new/", patterns.new, name="pattern-new"),
    path("patterns/<int:pk>/", patterns.pattern, name="pattern"),
    path("patterns/<int:pk>/edit/", patterns.edit, name="pattern-edit"),
    path("patterns/<int:pk>/preview/", patterns.preview, name="pattern-preview"),
    path("patterns/<int:pk>/make/", patterns.make, name="pattern-make"),
    path("patterns/<int:pk>/line/", patterns.bring_in_line, name="pattern-line"),
    path("patterns/<int:pk>/delete/", patterns.delete, name="pattern-delete"),
    path("batches/<int:pk>/take-back/", patterns.take_back, name="batch-take-back"),
]

urlpatterns = to_look_at + of_shifts + of_signups + of_offers + of_patterns
