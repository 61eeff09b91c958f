"""Importing: a sheet that waits, a list that was taken in."""

from inventory.assets.writing import By
from inventory.imports.sheets import read
from inventory.managed import services
from inventory.managed.adapters import adapters, guess
from inventory.models import ManagedSheet
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, Door
from tests.inventory.managed.sheets import JAMF

_GONE = "0" * 32
"""Sheets are whoever sent them's: everybody else is led back."""
DOORS = {
    "register_import": Door("/register/import/", KEEPERS),
    "import_look": Door(f"/register/import/{_GONE}/", KEEPERS),
    "import_let_go": Door(f"/register/import/{_GONE}/let-go/", KEEPERS, "post"),
    "managed_list": Door("/register/lists/{managed_list}/", KEEPERS, names_a_thing=True),
    "managed_list_undo": Door(
        "/register/lists/{managed_list}/undo/", KEEPERS, "post", names_a_thing=True
    ),
}


def _list(place: Place) -> str:
    found = ManagedSheet.objects.filter(site=place.site, undone_at=None).first()
    if found is not None:
        return found.id
    sheet = read(JAMF.encode())
    columns = guess(adapters()["jamf-school"], sheet.headers)
    wanted, by = services.Wanted(add=True), By("system", school.NOW)
    return services.take(place.site.id, sheet, "jamf-school", columns, wanted, by=by).sheet


NAMES = {"managed_list": _list}
