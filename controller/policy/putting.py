"""What a page does with a policy that a register would change: put it in force, or give it to
whoever signs (O20, O21)."""

from collections.abc import Sized
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from checks.policy import Policy
from controller.config import current
from controller.data.datafolder import DataFolderError
from controller.fleet.models import SitePolicy
from controller.policy import publishing
from controller.policy.publishing import PublishError
from controller.policy.standing import signers
from controller.roots import files
from wire import policy as signed


class Shown(Protocol):
    """A change of the policy as a page showed it; `digest` names the policy it makes."""

    @property
    def changes(self) -> Sized:
        """What changes."""
        ...

    @property
    def digest(self) -> str:
        """Of the policy."""
        ...


def is_what_was_seen(request: HttpRequest, now: Shown) -> bool:
    """Whether what would be done now is what was on the screen, and something at all; if not it is
    said."""
    if len(now.changes) and request.POST.get("digest") == now.digest:
        return True
    messages.error(request, "The list changed since you looked. Read it again, then decide.")
    return False


def put(site: str, policy: Policy, *, actor: str, at: int) -> SitePolicy:
    """Signed by this controller and in force at once. Raises PublishError, whose sentence says
    why not."""
    try:
        rules = publishing.draft(site, policy, at)
        return publishing.use(current().folder, rules, actor=actor, at=at)
    except DataFolderError as error:
        raise PublishError(str(error)) from error


def to_sign(site: str, policy: Policy, at: int) -> HttpResponse:
    """A file for whoever signs. Raises PublishError."""
    rules = publishing.draft(site, policy, at)
    answer = HttpResponse(signed.payload_of(rules), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="policy-{rules.version}.json"'
    return answer


def signing() -> dict[str, object]:
    """Whether the controller may sign, and who else does; for a page."""
    data = current().folder
    try:
        return {"delegated": files.current(data).delegated, "signers": signers(data)}
    except DataFolderError:
        return {"delegated": False, "signers": []}
