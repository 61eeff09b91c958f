"""Who is asking: a person with their roles per school, the only key to any row (O11)."""

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest

from controller.people.models import Membership, User
from controller.people.roles import ABILITIES, TECHNICAL, Ability, Role
from controller.wording.words import Audience

_SESSION_SCHOOL: Final = "school"


@dataclass(frozen=True, slots=True)
class School:
    """A school the person belongs to, with what they are there."""

    id: str
    name: str
    timezone: str
    roles: frozenset[Role]

    def allows(self, ability: Ability) -> bool:
        """Whether one of the roles held here has the ability."""
        return any(ability in ABILITIES[role] for role in self.roles)


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person; `schools` are in order of name."""

    id: str
    name: str
    schools: tuple[School, ...]

    def sites(self, ability: Ability) -> frozenset[str]:
        """Ids of the schools where this person has the ability."""
        return frozenset(school.id for school in self.schools if school.allows(ability))

    def school(self, site: str) -> School | None:
        """One of their schools, or None for somebody else's."""
        return next((school for school in self.schools if school.id == site), None)


def actor_for(user: User) -> Actor:
    """Load a person's roles: one query."""
    rows = (
        Membership.objects.filter(user=user)
        .order_by("site__name", "site_id")
        .values_list("site_id", "site__name", "site__timezone", "role")
    )
    roles: dict[tuple[str, str, str], set[Role]] = {}
    for site, name, timezone, role in rows:
        roles.setdefault((site, name, timezone), set()).add(Role(role))
    schools = tuple(School(*key, frozenset(held)) for key, held in roles.items())
    return Actor(id=user.id, name=str(user), schools=schools)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a signed-in request, loaded once per request."""
    found = getattr(request, "actor", None)
    if isinstance(found, Actor):
        return found
    if not isinstance(request.user, User):
        raise Http404
    request.actor = actor_for(request.user)  # type: ignore[attr-defined]  # kept for this request
    return actor_of(request)


def school_of(request: HttpRequest) -> School | None:
    """The school being looked at: `?school=…`, else the one last chosen, else the first.

    Somebody else's school is answered exactly like one that does not exist: Http404.
    """
    actor = actor_of(request)
    asked = request.GET.get("school", "")
    if asked and asked != "all":
        school = actor.school(asked)
        if school is None:
            raise Http404
        request.session[_SESSION_SCHOOL] = school.id
        return school
    kept = actor.school(str(request.session.get(_SESSION_SCHOOL, "")))
    return kept or (actor.schools[0] if actor.schools else None)


def school_for(request: HttpRequest, ability: Ability) -> School:
    """The school being looked at, where this person has the ability there. Raises Http404."""
    school = school_of(request)
    if school is None or not school.allows(ability):
        raise Http404
    return school


def audience_at(school: School | None) -> Audience:
    """Which words the person reads at a school."""
    return "technician" if school and school.roles & TECHNICAL else "everyone"
