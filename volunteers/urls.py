"""Addresses about people, below /people/."""

from django.urls import path

from volunteers.views import invitations, me, people

app_name = "volunteers"

of_mine = [
    path("me/", me.me, name="me"),
    path("me/letters/", me.letters, name="me-letters"),
    path("me/sessions/", me.sign_out_everywhere, name="sign-out-everywhere"),
]

of_one = [
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/roles/", people.roles, name="person-roles"),
    path("<int:pk>/holdings/", people.grant, name="holding-grant"),
    path("<int:pk>/holdings/<int:holding>/end/", people.end_holding, name="holding-end"),
    path("<int:pk>/pause/", people.pause, name="person-pause"),
    path("<int:pk>/resume/", people.resume, name="person-resume"),
    path("<int:pk>/second-step/", people.reset_second_step, name="second-step-reset"),
    path("<int:pk>/invitation/", invitations.invitation, name="invitation"),
]

urlpatterns = [
    path("", people.people, name="people"),
    path("invite/", invitations.invite, name="invite"),
    path("invitations/<str:token>/", invitations.accept, name="invitation-accept"),
    *of_mine,
    *of_one,
]
