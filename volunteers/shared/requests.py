"""The request of somebody signed in, for views that only such people reach."""

from django.http import HttpRequest

from volunteers.models import User


class SignedInRequest(HttpRequest):
    """Behind the login middleware the person is always one of ours."""

    user: User
