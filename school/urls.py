"""Addresses of the School, below /school/: the public ones, everybody's own, and those of whoever runs it."""

from django.urls import path

from school.views import (
    before,
    cohorts,
    curriculum,
    enrolling,
    feedback,
    front,
    joining,
    manage,
    mine,
    outcomes,
    places,
    progress,
    proposals,
    registers,
    sessions,
)

app_name = "school"

public = [
    path("", front.front, name="front"),
    path("sessions/<int:pk>/sheet/", front.sheet, name="sheet"),
    path("join/", joining.join, name="join"),
    path("join/sent/", joining.sent, name="join-sent"),
    path("feedback/thanks/", feedback.thanks, name="feedback-thanks"),
    path("feedback/<uuid:key>/", feedback.feedback, name="feedback"),
]

of_mine = [
    path("mine/", mine.mine, name="mine"),
    path("mine/<int:pk>/certificate/", mine.certificate, name="certificate"),
    path("sessions/<int:pk>/", places.session, name="session"),
    path("sessions/<int:pk>/place/", places.take, name="place-take"),
    path("sessions/<int:pk>/leave/", places.leave, name="place-leave"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:pk>/pick-up/", proposals.pick_up, name="proposal-pick-up"),
    path("proposals/<int:pk>/not-now/", proposals.not_now, name="proposal-not-now"),
]

the_curriculum = [
    path("manage/curriculum/", curriculum.curriculum, name="curriculum"),
    path("manage/curriculum/begin/", curriculum.begin, name="curriculum-begin"),
    path("manage/courses/add/", curriculum.add_course, name="course-add"),
    path("manage/courses/<int:pk>/", curriculum.course, name="course"),
    path("manage/courses/<int:pk>/modules/add/", curriculum.add_module, name="module-add"),
    path("manage/courses/<int:pk>/before/", before.before, name="before"),
    path("manage/modules/<int:pk>/", curriculum.module, name="module"),
    path("manage/modules/<int:pk>/materials/", curriculum.add_material, name="material-add"),
    path("manage/modules/<int:pk>/materials/<int:material>/", curriculum.remove_material, name="material-remove"),
]

of_a_session = [
    path("manage/sessions/", sessions.sessions, name="sessions"),
    path("manage/sessions/add/", sessions.add, name="session-add"),
    path("manage/sessions/<int:pk>/", sessions.session, name="session-manage"),
    path("manage/sessions/<int:pk>/change/", sessions.change, name="session-change"),
    path("manage/sessions/<int:pk>/announce/", sessions.announce, name="session-announce"),
    path("manage/sessions/<int:pk>/call-off/", sessions.call_off, name="session-call-off"),
    path("manage/sessions/<int:pk>/poster/", sessions.poster, name="session-poster"),
    path("manage/sessions/<int:pk>/feedback/", feedback.answers, name="feedback-answers"),
    path("manage/sessions/<int:pk>/people/", enrolling.enrol_one, name="enrol-one"),
    path("manage/sessions/<int:pk>/people/several/", enrolling.enrol_several, name="enrol-several"),
    path("manage/sessions/<int:pk>/people/<int:enrolment>/withdraw/", enrolling.withdraw, name="enrolment-withdraw"),
    path("manage/sessions/<int:pk>/people/<int:enrolment>/accept/", enrolling.accept, name="enrolment-accept"),
    path("manage/sessions/<int:pk>/people/<int:enrolment>/first/", enrolling.go_first, name="enrolment-first"),
    path("manage/sessions/<int:pk>/register/", registers.register, name="register"),
    path("manage/sessions/<int:pk>/register/<int:enrolment>/", registers.mark, name="register-mark"),
    path("manage/sessions/<int:pk>/register/walk-in/", registers.walk_in, name="register-walk-in"),
    path("manage/sessions/<int:pk>/register/close/", registers.close, name="register-close"),
    path("manage/sessions/<int:pk>/register/reopen/", registers.reopen, name="register-reopen"),
    path("manage/sessions/<int:pk>/outcomes/", outcomes.outcomes, name="outcomes"),
]

of_people = [
    path("manage/progress/", progress.grid, name="progress"),
    path("manage/people/<int:pk>/", progress.person, name="person"),
    path("manage/people/<int:pk>/courses/<int:course>/", progress.say, name="person-say"),
    path("manage/people/<int:pk>/email/", progress.email, name="person-email"),
    path("manage/cohorts/", cohorts.cohorts, name="cohorts"),
    path("manage/cohorts/<int:pk>/", cohorts.cohort, name="cohort"),
    path("manage/cohorts/<int:pk>/people/<int:person>/leave/", cohorts.leave, name="cohort-leave"),
]

urlpatterns = [
    *public,
    *of_mine,
    path("manage/", manage.manage, name="manage"),
    *the_curriculum,
    *of_a_session,
    *of_people,
]
