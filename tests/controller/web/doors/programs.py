"""The page on which programs are let in; what they then open has a table of its own
(tests/controller/api)."""

from controller.api import tokens
from controller.api.scopes import Scope
from controller.api.tokens import Wanted
from controller.people.models import User
from controller.people.roles import Role
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import Door

ADMINS = frozenset({Role.ADMIN})
_WANTED = Wanted("MIS", [Scope.REGISTER_READ], 30)


def _token(place: Place) -> str:
    name = f"maker-{place.site.id}"
    found = User.objects.filter(username=name).first()
    user = found or school.make_person(place.site, Role.ADMIN, name)
    return tokens.make(place.site.id, _WANTED, actor=user.id, at=school.NOW).id


DOORS = {
    "programs": Door("/register/programs/", ADMINS),
    "program_end": Door("/register/programs/{token}/end/", ADMINS, "post"),
}
NAMES = {"token": _token}
