"""Addresses about supplies, below /stock/."""

from django.urls import path

from supplies.views import shelf

app_name = "supplies"
urlpatterns = [
    path("", shelf.shelf, name="shelf"),
]
