"""Whether whoever looks at a label's page is somebody who may see the entry itself."""

from django.http import HttpRequest

from controller.people.actor import actor_of
from controller.people.models import User
from controller.people.roles import Ability


def may_see(request: HttpRequest, site: str) -> bool:
    """Signed in, and of that school's register; it only shows a link, and opens nothing."""
    if not isinstance(request.user, User):
        return False
    return site in actor_of(request).sites(Ability.SEE_COMPUTERS)
