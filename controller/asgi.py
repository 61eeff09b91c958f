"""What granian serves: `/v1` goes to intake, everything else to Django (A6, ADR 6).

Traps: granian serves from a process of its own, so whatever must hold there (a demonstration's
driven time, the writer's lock) is settled here, at import and before the event loop runs.
"""

import os
import warnings

from django.core.asgi import get_asgi_application

from controller import prefix
from controller.config import current
from controller.demo import drive_clock
from controller.pages import Pages
from controller.patience import LargeError, Patience, Receive, Scope, Send, SlowError

os.environ["DJANGO_SETTINGS_MODULE"] = "controller.settings"
drive_clock(current().folder)
_pages = Pages(get_asgi_application())
_patience = Patience()
_proxied = current().trusted_proxies > 0

# Static files are small and come from a generator without `await`; Django reads them whole and says
# so each time.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

if current().serving:
    # The server's worker: take the writer's lock, and go on at once with what a crash left undone.
    from controller.intake.runtime import intake

    intake()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One request."""
    body = _patience.guard(receive)
    try:
        if _proxied and prefix.is_behind_one(scope.get("root_path", ""), scope["headers"]):
            await hang_up(send, 421, prefix.SENTENCE)
        elif scope["path"].startswith("/v1/"):
            # Its models can be imported only now that Django is set up.
            from controller.intake.runtime import intake

            await intake()(scope, body, send)
        else:
            await _pages(scope, body, send)
    except SlowError:
        await hang_up(send, 408)
    except LargeError:
        await hang_up(send, 413)


async def hang_up(send: Send, status: int, sentence: bytes = b"") -> None:
    """Say why, and end the connection: the rest of a body can no longer be told from a request."""
    headers = [(b"content-length", b"%d" % len(sentence)), (b"connection", b"close")]
    if sentence:
        headers.append((b"content-type", b"text/plain; charset=utf-8"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence})
