"""Whether a browser's cookie is somebody's, asked before anything of a request is read."""

from typing import Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection
from django.http.cookie import parse_cookie

LONGEST: Final = 64
"""Django's keys have 32 characters."""


def is_somebodys(cookie: str) -> bool:
    """By the `Cookie` header; one short question to the database. Made for a thread of its own."""
    key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
    if not key or len(key) > LONGEST:
        return False
    try:
        return bool(SessionStore(key).get(SESSION_KEY))
    except DatabaseError:
        return False
    finally:
        connection.close()
