"""Labels: what to print, the sheets, and making lost ones void."""

from controller import clock
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.labels.services import codes_for
from inventory.models import Job
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import EVERYBODY, KEEPERS, READERS, Door

DOORS = {
    "labels": Door("/register/labels/", KEEPERS),
    "labels_sheet": Door("/register/labels/sheet/", KEEPERS, "post", data=(("entry", "{entry}"),)),
    "label": Door("/l/{label}/", EVERYBODY),
    "jobs": Door("/register/jobs/", READERS),
    "job_done": Door(
        "/register/jobs/{job}/done/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("note", "ok"),),
    ),
    "labels_void": Door("/register/labels/void/", KEEPERS, "post", data=(("entry", "{entry}"),)),
}


def _label(place: Place) -> str:
    by = By("system", clock.now())
    return codes_for(place.site.id, [place.entry], by=by)[place.entry]


def _job(place: Place) -> str:
    """One that is open."""
    found = Job.objects.filter(site=place.site, done_at=None).first()
    made = found or Job.objects.create(
        id=new_id("job", clock.now()),
        site=place.site,
        asset_id=place.entry,
        kind="broken",
        told_at=clock.now(),
    )
    return made.id


NAMES = {"label": _label, "job": _job}
