"""Addresses of the rota, below /rota/."""

from django.urls import path

from volunteers.views import rota

app_name = "rota"

urlpatterns = [
    path("", rota.week, name="week"),
    path("mine/", rota.mine, name="mine"),
    path("shifts/<int:pk>/", rota.shift, name="shift"),
    path("offers/<int:pk>/", rota.offer, name="offer"),
]
