"""What a token may be allowed, and what its owner must be allowed for that."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from controller.people.roles import Ability


class Scope(StrEnum):
    """Closed set."""

    REGISTER_READ = "register:read"
    REGISTER_WRITE = "register:write"
    PEOPLE_READ = "people:read"
    LOANS_READ = "loans:read"


NEEDS: Final[Mapping[Scope, Ability]] = {
    Scope.REGISTER_READ: Ability.SEE_COMPUTERS,
    Scope.REGISTER_WRITE: Ability.EDIT_REGISTER,
    Scope.PEOPLE_READ: Ability.EDIT_REGISTER,
    Scope.LOANS_READ: Ability.EDIT_REGISTER,
}
"""A token never does more than its owner may do at the moment it is used."""
TOLD: Final[Mapping[Scope, str]] = {
    Scope.REGISTER_READ: "Read what we have, with rooms, sets and history",
    Scope.REGISTER_WRITE: "Add entries and change them",
    Scope.PEOPLE_READ: "Read the names of people who have something",
    Scope.LOANS_READ: "Read who has what, and until when",
}
