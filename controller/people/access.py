"""Opens a view only to people with an ability at some school; rows are narrowed by
`queries(actor)`.
"""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from controller.people.actor import actor_of
from controller.people.roles import Ability

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def needs(ability: Ability) -> Callable[[View[P]], View[P]]:
    """Refuse with 403 whoever has the ability nowhere."""

    def wrap(view: View[P]) -> View[P]:
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not actor_of(request).sites(ability):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        functools.update_wrapper(guarded, view)
        return guarded

    return wrap
