"""The request of somebody signed in. Supplies knows nobody: it only asks what they may do, and signs rows with them."""

from typing import Any

from django.http import HttpRequest


class AuthenticatedRequest(HttpRequest):
    """Behind the login middleware there is always a person; which model they are is the project's own matter."""

    user: Any
