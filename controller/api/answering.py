"""What all addresses have in common: a token and no cookie, JSON in and out, problems in a
sentence."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from controller import clock
from controller.api import problems, tokens
from controller.api.problems import ProblemError
from controller.api.scopes import Scope
from inventory.assets.errors import RegisterError

T = TypeVar("T")
Handler = Callable[..., HttpResponse]
View = Callable[..., HttpResponse]
MOST_BYTES: Final = 128 * 1024
"""Of a body: one entry with its notes is a few thousand."""


class Way(NamedTuple):
    """One method of an address; `scope` None: any token will do."""

    scope: Scope | None
    handler: Handler


def address(**ways: Way) -> View:
    """A view of the ways given by method."""
    allowed = sorted({*ways, *({"HEAD"} if "GET" in ways else ())})

    def view(request: HttpRequest, **names: str) -> HttpResponse:
        try:
            way = ways.get("GET" if request.method == "HEAD" else request.method or "")
            if way is None:
                raise _no_way(allowed)
            caller = tokens.caller(request.headers.get("Authorization", ""), clock.now())
            if way.scope is not None and way.scope not in caller.scopes:
                sentence = f"This token may not do that: it needs {way.scope}."
                raise ProblemError(403, "no_scope", sentence, scope=way.scope)
            return way.handler(request, caller, **names)
        except RegisterError as refused:
            return problems.of(refused).answer()
        except ProblemError as problem:
            return problem.answer()

    # Nothing here looks at a cookie, so no other site's page can make a browser ask.
    return csrf_exempt(login_not_required(view))


@csrf_exempt
@login_not_required
def nothing(request: HttpRequest, **_names: str) -> HttpResponse:
    """Every other address below `/api/`."""
    return ProblemError(404, "not_found", "There is no such address.").answer()


def told(value: Any, status: int = 200, **headers: str) -> HttpResponse:
    """A value as JSON."""
    body = msgspec.json.encode(value)
    return HttpResponse(body, "application/json", status=status, headers=headers)


def body(request: HttpRequest, kind: type[T]) -> T:
    """What was sent. Raises ProblemError 400, 413 and 415."""
    if request.content_type != "application/json":
        raise ProblemError(415, "not_json", "Send JSON: Content-Type: application/json.")
    try:
        data = request.body
    except RequestDataTooBig as error:
        raise _large() from error
    except UnreadablePostError as error:
        raise ProblemError(400, "cut", "The request ended before its end.") from error
    if len(data) > MOST_BYTES:
        raise _large()
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemError(400, "bad_json", f"The JSON does not fit: {error}."[:300]) from error


def parameters(request: HttpRequest, known: Mapping[str, int]) -> dict[str, str]:
    """The address's parameters; `known`: name → longest value. Raises ProblemError 400: a filter
    that was not understood would list everything."""
    given = {}
    for name in request.GET:
        values = request.GET.getlist(name)
        if name not in known:
            names = ", ".join(known) or "none"
            sentence = f"There is no parameter {name[:40]!r} here; there are: {names}."
            raise ProblemError(400, "bad_parameter", sentence)
        if len(values) > 1 or len(values[0]) > known[name] or "\0" in values[0]:
            raise bad(name)
        given[name] = values[0]
    return given


def bad(name: str) -> ProblemError:
    """A parameter whose value is none that there is."""
    return ProblemError(400, "bad_parameter", f"The value of {name} is none that there is.")


def _no_way(allowed: list[str]) -> ProblemError:
    problem = ProblemError(405, "no_method", f"This address answers {' and '.join(allowed)}.")
    problem.headers["Allow"] = ", ".join(allowed)
    return problem


def _large() -> ProblemError:
    return ProblemError(413, "too_large", f"A body has {MOST_BYTES >> 10} KB at most.")
