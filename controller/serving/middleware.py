"""Security headers on every answer of the web pages, static files included.

No inline script or style is allowed anywhere, so a hostile string that slipped through escaping
still cannot run (T12). `img-src data:` is for the vendored style sheet, whose form arrows are data
images.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_RULES: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
_POLICY: Final = "; ".join(_RULES)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_HSTS: Final = "max-age=31536000"


class SecurityHeadersMiddleware:
    """Adds the headers; the outermost middleware, so that no answer leaves without them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next step; decide once whether HSTS is safe to send (O30: never under a
        self-signed certificate).
        """
        self._get_response = get_response
        self._hsts = bool(settings.SECURE_HSTS_NAME)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers set; pages about people and computers are never kept by a
        cache. A view that hands out what somebody sent has a stricter policy of its own.
        """
        response = self._get_response(request)
        # Only a view that needs the camera says so itself; everything else it cannot loosen.
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        if self._hsts and request.is_secure():
            response.headers["Strict-Transport-Security"] = _HSTS
        response.headers.setdefault("Cache-Control", "no-store")
        return response
