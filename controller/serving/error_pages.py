"""Pages for what went wrong: each says what happened and what to do next, never more.

Trap: these may run before sign-in, so their frame shows nothing of any school.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form token did not match: usually a page left open overnight."""
    return render(request, "errors/form_expired.html", status=HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, for example a name this controller does not answer to."""
    return render(request, "errors/400.html", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but this page is for other roles."""
    return render(request, "errors/403.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: also what a stranger sees of another school's computer."""
    return render(request, "errors/404.html", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, and said so."""
    return render(request, "errors/500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
