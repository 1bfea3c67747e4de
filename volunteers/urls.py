"""Addresses about people, below /people/."""

from django.urls import path

from volunteers.views import invitations, me, people

app_name = "volunteers"

of_mine = [
    path("me/", me.edit_me, name="me"),
    path("me/letters/", me.choose_letters, name="me-letters"),
    path("me/sessions/", me.sign_out_everywhere, name="sign-out-everywhere"),
]

of_one = [
    path("<int:pk>/", people.show_person, name="person"),
    path("<int:pk>/roles/", people.set_roles, name="person-roles"),
    path("<int:pk>/welcome/", people.welcome_person, name="person-welcome"),
    path("<int:pk>/holdings/", people.grant_qualification, name="holding-grant"),
    path("<int:pk>/holdings/<int:holding>/end/", people.end_holding, name="holding-end"),
    path("<int:pk>/pause/", people.pause_person, name="person-pause"),
    path("<int:pk>/resume/", people.resume_person, name="person-resume"),
    path("<int:pk>/second-step/", people.reset_second_step, name="second-step-reset"),
    path("<int:pk>/invitation/", invitations.renew_invitation, name="invitation"),
]

urlpatterns = [
    path("", people.list_people, name="people"),
    path("invite/", invitations.invite_person, name="invite"),
    path("invitations/<str:token>/", invitations.accept_invitation, name="invitation-accept"),
    *of_mine,
    *of_one,
]
