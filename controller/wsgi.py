"""What granian serves: `/v1` goes to intake, everything else to Django (A6)."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from controller.config import current
from controller.demo import drive_clock
from controller.patience import Patience

os.environ["DJANGO_SETTINGS_MODULE"] = "controller.settings"
# granian serves from a process of its own; a demonstration's driven time must hold in it too.
drive_clock(current().folder)
_pages = get_wsgi_application()
_patience = Patience()

if current().serving:
    # The server's worker: take the writer's lock, and go on at once with what a crash left undone.
    from controller.intake.runtime import intake

    intake()
    _patience.start()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One request."""
    _patience.guard(environ)
    if environ.get("PATH_INFO", "").startswith("/v1/"):
        # Its models can be imported only now that Django is set up.
        from controller.intake.runtime import intake

        return intake()(environ, start_response)
    return _pages(environ, start_response)
