"""Recurring care."""

from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.care import doing, kinds, queries, services
from inventory.care.doing import File, Mark, Told
from inventory.care.kinds import Wanted
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door
from tests.inventory.documents import files

_BY = By("system", school.NOW)
_DAY = "2026-11-20"


def _kind(place: Place) -> str:
    """A kind that did not end."""
    found = queries.kinds([place.site.id])
    return found[0].id if found else kinds.add(place.site.id, Wanted("PAT test", 12), by=_BY)


def _step(place: Place) -> str:
    """Something noted as done, with a certificate."""
    kind, site = _kind(place), place.site.id
    thing = assets.add(site, {"name": "Kettle"}, by=_BY)
    services.begin(site, kind, [thing], _DAY, by=_BY)
    (row,) = queries.of_entry([site], thing)
    paper = File("a.pdf", files.PDF)
    told = Told("Ann", _DAY)
    marks = {row.id: Mark("pass", row.seq)}
    return doing.note_done(site, kind, marks, told, today=_DAY, by=_BY, certificate=paper)


def _certificate(place: Place) -> str:
    done = queries.step([place.site.id], _step(place)) or []
    return done[0].certificate


_KIND = "/register/care/kinds/{care_kind}/"
_STEP = "/register/care/steps/{care_step}/"
DOORS = {
    "care": Door("/register/care/", READERS),
    "care_done": Door("/register/care/done/?kind={care_kind}", KEEPERS, names_a_thing=True),
    "care_begin": Door("/register/care/set/", KEEPERS),
    "care_kinds": Door("/register/care/kinds/", KEEPERS),
    "care_kind": Door(
        _KIND,
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("name", "PAT test"), ("every", "12"), ("unit", "months")),
    ),
    "care_kind_end": Door(_KIND + "end/", KEEPERS, "post", names_a_thing=True),
    "care_step": Door(_STEP, READERS, names_a_thing=True),
    "care_undo": Door(_STEP + "undo/", KEEPERS, "post", names_a_thing=True),
    "care_certificate_add": Door(_STEP + "certificate/", KEEPERS, "post", names_a_thing=True),
    "care_failed": Door(_STEP + "failed/", KEEPERS, "post", names_a_thing=True),
    "care_certificate": Door(
        "/register/care/certificates/{care_certificate}/", READERS, names_a_thing=True
    ),
}
NAMES = {"care_kind": _kind, "care_step": _step, "care_certificate": _certificate}
