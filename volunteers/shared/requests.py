"""The request of somebody signed in, for views that only such people reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from volunteers.models import User


class SignedInRequest(HttpRequest):
    """A request whose person is a `User`: the login middleware stands before every such view."""

    user: User
