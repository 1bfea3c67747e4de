"""Addresses asked in a way they do not answer: a look leads to a page, anything else is told so in words."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

GetResponse = Callable[[HttpRequest], HttpResponse]


def method_middleware(get_response: GetResponse) -> GetResponse:
    """Lead a look at an address that only does something to the page above it.

    People come there after signing in again, from their history, or by a link somebody copied.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        if request.method in ("GET", "HEAD"):
            return redirect(find_page_above(request.path_info))
        told = render(request, "405.html", {"address": request.path}, status=HTTPStatus.METHOD_NOT_ALLOWED)
        told["Allow"] = response["Allow"]
        return told

    return middleware


def find_page_above(path: str) -> str:
    """The next address above this one that there is. If it only does something too, it leads further up."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        above = f"/{'/'.join(parts)}/"
        try:
            resolve(above)
        except Resolver404:
            parts.pop()
        else:
            return above
    return "/"
