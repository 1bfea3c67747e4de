"""Addresses of the School, below /school/: public pages, everybody's own, and those of its organisers."""

from django.urls import path

from school.views import (
    before,
    calling_off,
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
    path("", front.show_front, name="front"),
    path("sessions/<int:pk>/sheet/", front.show_sheet, name="sheet"),
    path("join/", joining.request_to_join, name="join"),
    path("join/sent/", joining.show_sent, name="join-sent"),
    path("feedback/thanks/", feedback.show_thanks, name="feedback-thanks"),
    path("feedback/<uuid:key>/", feedback.give_feedback, name="feedback"),
]

of_mine = [
    path("mine/", mine.show_mine, name="mine"),
    path("mine/<int:pk>/certificate/", mine.show_certificate, name="certificate"),
    path("sessions/<int:pk>/", places.show_session, name="session"),
    path("sessions/<int:pk>/place/", places.take_place, name="place-take"),
    path("sessions/<int:pk>/leave/", places.leave_session, name="place-leave"),
    path("proposals/", proposals.show_proposals, name="proposals"),
    path("proposals/<int:pk>/pick-up/", proposals.pick_up_proposal, name="proposal-pick-up"),
    path("proposals/<int:pk>/not-now/", proposals.decline_proposal, name="proposal-not-now"),
]

the_curriculum = [
    path("manage/curriculum/", curriculum.list_courses, name="curriculum"),
    path("manage/curriculum/begin/", curriculum.create_first_course, name="curriculum-begin"),
    path("manage/courses/add/", curriculum.add_course, name="course-add"),
    path("manage/courses/<int:pk>/", curriculum.change_course, name="course"),
    path("manage/courses/<int:pk>/copy/", curriculum.copy_course, name="course-copy"),
    path("manage/courses/<int:pk>/modules/add/", curriculum.add_module, name="module-add"),
    path("manage/courses/<int:pk>/before/", before.record_before, name="before"),
    path("manage/modules/<int:pk>/", curriculum.change_module, name="module"),
    path("manage/modules/<int:pk>/materials/", curriculum.add_material, name="material-add"),
    path("manage/modules/<int:pk>/materials/<int:material>/", curriculum.remove_material, name="material-remove"),
    path(
        "manage/modules/<int:pk>/materials/<int:material>/leaflet/", curriculum.choose_leaflet, name="material-leaflet"
    ),
]

of_a_session = [
    path("manage/sessions/", sessions.list_sessions, name="sessions"),
    path("manage/sessions/add/", sessions.add_session, name="session-add"),
    path("manage/sessions/<int:pk>/", sessions.show_session, name="session-manage"),
    path("manage/sessions/<int:pk>/change/", sessions.change_session, name="session-change"),
    path("manage/sessions/<int:pk>/announce/", sessions.announce_session, name="session-announce"),
    path("manage/sessions/<int:pk>/call-off/", calling_off.cancel_session, name="session-call-off"),
    path("manage/sessions/<int:pk>/poster/", sessions.show_poster, name="session-poster"),
    path("manage/sessions/<int:pk>/feedback/", feedback.list_feedback, name="feedback-answers"),
    path("manage/sessions/<int:pk>/people/", enrolling.enrol_one, name="enrol-one"),
    path("manage/sessions/<int:pk>/people/several/", enrolling.enrol_several, name="enrol-several"),
    path(
        "manage/sessions/<int:pk>/people/<int:enrolment>/withdraw/",
        enrolling.withdraw_person,
        name="enrolment-withdraw",
    ),
    path("manage/sessions/<int:pk>/people/<int:enrolment>/accept/", enrolling.accept_offer, name="enrolment-accept"),
    path("manage/sessions/<int:pk>/people/<int:enrolment>/first/", enrolling.put_first, name="enrolment-first"),
    path("manage/sessions/<int:pk>/register/", registers.show_register, name="register"),
    path("manage/sessions/<int:pk>/register/<int:enrolment>/", registers.mark_person, name="register-mark"),
    path("manage/sessions/<int:pk>/register/walk-in/", registers.add_walk_in, name="register-walk-in"),
    path("manage/sessions/<int:pk>/register/everybody/", registers.mark_everybody, name="register-everybody"),
    path("manage/sessions/<int:pk>/register/close/", registers.close_register, name="register-close"),
    path("manage/sessions/<int:pk>/register/reopen/", registers.reopen_register, name="register-reopen"),
    path("manage/sessions/<int:pk>/outcomes/", outcomes.record_outcomes, name="outcomes"),
]

of_people = [
    path("manage/progress/", progress.show_grid, name="progress"),
    path("manage/people/<int:pk>/", progress.show_person, name="person"),
    path("manage/people/<int:pk>/courses/<int:course>/", progress.record_outcome, name="person-say"),
    path("manage/people/<int:pk>/email/", progress.change_email, name="person-email"),
    path("manage/cohorts/", cohorts.list_cohorts, name="cohorts"),
    path("manage/cohorts/<int:pk>/", cohorts.show_cohort, name="cohort"),
    path("manage/cohorts/<int:pk>/sessions/", cohorts.attach, name="cohort-attach"),
    path("manage/cohorts/<int:pk>/sessions/<int:session>/out/", cohorts.detach, name="cohort-detach"),
    path("manage/cohorts/<int:pk>/people/<int:person>/leave/", cohorts.remove_member, name="cohort-leave"),
]

urlpatterns = [
    *public,
    *of_mine,
    path("manage/", manage.show_manage, name="manage"),
    *the_curriculum,
    *of_a_session,
    *of_people,
]
