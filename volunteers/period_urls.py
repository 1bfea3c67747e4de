"""Addresses of asking people when they can and filling the rota, below /rota/periods/."""

from django.urls import path

from volunteers.views import answers, periods, proposals

app_name = "periods"

urlpatterns = [
    path("", periods.periods, name="list"),
    path("<int:pk>/", periods.period, name="period"),
    path("<int:pk>/answers/", answers.answers, name="answers"),
    path("<int:pk>/remind/", periods.remind, name="remind"),
    path("<int:pk>/publish/", periods.publish, name="publish"),
    path("<int:pk>/finish/", periods.finish, name="finish"),
    path("<int:pk>/proposal/", proposals.proposal, name="proposal"),
    path("<int:pk>/proposal/accept/", proposals.accept, name="accept"),
    path("<int:pk>/proposal/discard/", proposals.discard, name="discard"),
]
