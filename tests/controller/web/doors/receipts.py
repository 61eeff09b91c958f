"""What comes back after a collection: receipts, certificates, differences."""

from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.collections import certificates, receipts
from inventory.collections.certificates import Line
from inventory.collections.typed import Received
from inventory.disposal.proof import storing
from inventory.models import Certificate, Collection, CollectionDifference
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import READERS, Door
from tests.inventory.collections.collected import CLAUSE, FILE, Away, away

CAME = "2026-11-20"
RECEIVERS = frozenset({Role.SLT, Role.BUSINESS_MANAGER, Role.ADMIN})
ENTERERS = RECEIVERS | {Role.TECHNICIAN, Role.PROVIDER}


def gone(place: Place) -> Away:
    """Two laptops that were collected four days ago."""
    things = {"OUT-1": ("WD-WX12345", "S3Z9NB0K"), "OUT-2": ("STICK-0001",)}
    return away(place.site.id, things, at=school.NOW - 4 * school.DAY)


def collected(place: Place) -> str:
    """A collection with a receipt that lacks a drive, and a certificate to compare."""
    found = Collection.objects.filter(site=place.site, collected_at__isnull=False).first()
    if found is not None:
        return found.id
    one = gone(place)
    by = By("user_office", school.NOW - 2 * school.DAY)
    given = receipts.Given(
        contractor=one.contractor,
        day=CAME,
        accepts=True,
        clause=CLAUSE,
        lines=(Received("OUT-1", ("WD-WX12345",)), Received("OUT-2", ("STICK-0001",))),
        evidence=FILE,
    )
    receipts.take_in(one.site, one.collection, given, seen=0, by=by)
    data = b"Serial,Status\nWD-WX12345,destroyed\n"
    file = storing.keep(one.site, "certificate", "list.csv", data, by=by)
    line = Line(serial="WD-WX12345", level="destroy", day=CAME)
    paper = certificates.Given(
        contractor=one.contractor, day=CAME, lines=(line,), evidence=file.sha256
    )
    certificates.enter(one.site, one.collection, paper, by=by)
    return one.collection


def certificate(place: Place) -> str:
    """The one that waits."""
    return Certificate.objects.get(collection=collected(place)).id


def file(place: Place) -> str:
    """Its file."""
    return Certificate.objects.get(collection=collected(place)).evidence


def difference(place: Place) -> str:
    """The drive that the receipt lacks."""
    return CollectionDifference.objects.get(collection=collected(place)).id


_ONE = "/register/collections/{collected}/"
_DIFFERENCE = "/register/collections/differences/{difference}/"
DOORS = {
    "differences": Door("/register/collections/differences/", READERS),
    "difference": Door(_DIFFERENCE, READERS, names_a_thing=True),
    "difference_settle": Door(
        f"{_DIFFERENCE}settle/",
        ENTERERS,
        "post",
        names_a_thing=True,
        data=(("then", "own"), ("seq", "1")),
    ),
    "collection_papers": Door(f"{_ONE}papers/", READERS, names_a_thing=True),
    "collection_go_on": Door(
        f"{_ONE}papers/go-on/", RECEIVERS, "post", names_a_thing=True, data=(("seen", ""),)
    ),
    "collection_receipt": Door(f"{_ONE}receipt/", RECEIVERS, names_a_thing=True),
    "certificate_new": Door(f"{_ONE}certificate/", ENTERERS, names_a_thing=True),
    "certificate": Door(f"{_ONE}certificates/{{certificate}}/", READERS, names_a_thing=True),
    "certificate_decide": Door(
        f"{_ONE}certificates/{{certificate}}/decide/",
        RECEIVERS,
        "post",
        names_a_thing=True,
        data=(("decision", "refused"), ("reason", "Not ours"), ("seq", "1")),
    ),
    "collection_file": Door(f"{_ONE}files/{{certificate_file}}/", READERS, names_a_thing=True),
}

NAMES = {
    "collected": collected,
    "certificate": certificate,
    "certificate_file": file,
    "difference": difference,
}
