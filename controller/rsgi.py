"""What granian serves: `/v1` goes to intake, everything else to Django (A6, ADR 6).

Traps: granian serves from a process of its own, so whatever must hold there (a demonstration's
driven time, the writer's lock) is settled here, at import and before the event loop runs.
"""

import asyncio
import os
import warnings
from typing import Final

from django.core.asgi import get_asgi_application
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # meant to be taken there

from controller.config import current
from controller.data.datafolder import INCOMING
from controller.data.demo import drive_clock
from controller.intake.reading import Request
from controller.serving import deaf, prefix, uploads
from controller.serving.pages import Pages
from controller.serving.patience import CutError, LargeError, Patience, Proto, Scope, SlowError
from controller.serving.uploads import BusyError, FullError, Uploads

os.environ["DJANGO_SETTINGS_MODULE"] = "controller.settings"
drive_clock(current().folder)
_incoming = current().folder / INCOMING
_pages = Pages(get_asgi_application(), _incoming)
_patience = Patience(ProtocolClosed)
_proxied = current().trusted_proxies > 0

BUSY: Final = b"Several files are on their way in already. Try again in a minute."
LARGE: Final = b"That is more than is taken here. Go back, and choose a smaller file."
FULL: Final = b"The disk of the school's Caretaker has no room for files. Tell who looks after it."
LISTENS_SECONDS: Final = 0.05
"""After which to look again whether the server has its sockets."""

# Static files are small and come from a generator without `await`; Django reads them whole and says
# so each time.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

if current().serving:
    # The server's worker: take the writer's lock, and go on at once with what a crash left undone.
    from controller.intake.runtime import intake

    uploads.prepare(_incoming)
    intake()


def _is_somebodys(cookie: str) -> bool:
    # Its tables can be imported only now that Django is set up.
    from controller.people.sessions import is_somebodys

    return is_somebodys(cookie)


_uploads = Uploads(_is_somebodys, _incoming)


async def application(scope: Scope, proto: Proto) -> None:
    """One request."""
    try:
        if _proxied and prefix.is_behind_one(scope.headers.items()):
            hang_up(proto, 421, prefix.SENTENCE)
        elif scope.path.startswith("/v1/"):
            # Its models can be imported only now that Django is set up.
            from controller.intake.runtime import intake

            body = _patience.guard(scope, proto)
            head = (scope.method, scope.path, scope.headers, scope.client)
            answer = await intake().answer(Request(*head, body, scope.query_string))
            proto.response_bytes(answer.status, answer.headers, answer.body)
        else:
            async with _uploads.begin(scope) as allowance:
                await _pages(scope, _patience.guard(scope, proto, allowance), proto)
    except CutError:
        hang_up(proto, 400)
    except SlowError:
        hang_up(proto, 408)
    except LargeError:
        hang_up(proto, 413, LARGE)
    except BusyError:
        hang_up(proto, 503, BUSY)
    except FullError:
        hang_up(proto, 507, FULL)
    except ProtocolClosed:
        pass  # the client has gone; there is nobody to tell


def hang_up(proto: Proto, status: int, sentence: bytes = b"") -> None:
    """Say why, and end the connection: the rest of a body can no longer be told from a request."""
    headers = [("connection", "close")]
    if sentence:
        headers.append(("content-type", "text/plain; charset=utf-8"))
    proto.response_bytes(status, headers, sentence)


def begin(loop: asyncio.AbstractEventLoop) -> None:
    """Called by the server before it listens; its sockets are there a moment later."""

    def look() -> None:
        if deaf.can() and not deaf.let_go():
            loop.call_later(LISTENS_SECONDS, look)

    look()


application.__rsgi_init__ = begin  # type: ignore[attr-defined]  # how the server wants to be told
