"""Holds a person at "choose your own password" until the first one is changed (O23)."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

_ALLOWED: Final = frozenset({"change_password", "account_logout"})


class FirstPasswordMiddleware:
    """Sends everybody whose password was given to them to the page that changes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next step."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        """Redirect unless the page asked for is one of the allowed ones."""
        must_change = request.user.is_authenticated and request.user.must_change_password
        name = request.resolver_match.url_name if request.resolver_match else None
        return redirect("change_password") if must_change and name not in _ALLOWED else None
