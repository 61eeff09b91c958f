"""Who does it, and where they may: like places, which stand above the register as care does not."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from controller import clock
from controller.people.actor import School, actor_of, school_of
from controller.people.roles import Ability
from inventory.assets.writing import By


def by(request: HttpRequest) -> By:
    """Whoever is signed in, now."""
    return By(actor_of(request).id, clock.now())


def may_edit(school: School | None) -> bool:
    """Whether they may change the register there."""
    return bool(school and school.allows(Ability.EDIT_REGISTER))


def editing(request: HttpRequest) -> str:
    """The school looked at, where this person may change its register."""
    school = school_of(request)
    if school is None or not may_edit(school):
        raise PermissionDenied
    return school.id
