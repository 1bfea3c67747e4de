"""The request of a signed-in user. Supplies asks only for permissions, and signs its rows with the user."""

from typing import Any

from django.http import HttpRequest


class AuthenticatedRequest(HttpRequest):
    """A request behind the login middleware: it always has a user, of the project's own user model."""

    user: Any
