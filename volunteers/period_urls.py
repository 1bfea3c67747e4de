"""Addresses of asking people when they can and filling the rota, below /rota/periods/."""

from django.urls import path

from volunteers.views import answers, periods, proposals

app_name = "periods"

urlpatterns = [
    path("", periods.list_periods, name="list"),
    path("<int:pk>/", periods.show_period, name="period"),
    path("<int:pk>/answers/", answers.edit_answers, name="answers"),
    path("<int:pk>/remind/", periods.remind_people, name="remind"),
    path("<int:pk>/publish/", periods.publish_period, name="publish"),
    path("<int:pk>/finish/", periods.finish_period, name="finish"),
    path("<int:pk>/proposal/", proposals.watch_proposal, name="proposal"),
    path("<int:pk>/proposal/accept/", proposals.accept_proposal, name="accept"),
    path("<int:pk>/proposal/discard/", proposals.discard_proposal, name="discard"),
]
