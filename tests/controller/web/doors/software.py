"""Programs, what people want of them, requests, licences."""

from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.licences import services
from inventory.models import Licence, SoftwareRequest, SoftwareTitle
from inventory.software import requests
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door

DECIDERS = frozenset({Role.SLT, Role.BUSINESS_MANAGER, Role.ADMIN})
BY = By("system", school.NOW)


def title(place: Place) -> str:
    """A title of the school's register, made when it is first asked for."""
    row, _ = SoftwareTitle.objects.get_or_create(
        site=place.site,
        key="vlc",
        defaults={
            "id": f"soft_{place.site.id[5:]}",
            "title": "VLC",
            "computers": 1,
            "first_seen_at": school.NOW,
            "last_seen_at": school.NOW,
        },
    )
    return row.id


def request(place: Place) -> str:
    """Something that was asked for."""
    held = SoftwareRequest.objects.filter(site=place.site).first()
    wanted = requests.Wanted("GeoGebra", "maths", 3)
    return held.id if held else requests.ask(place.site.id, wanted, by=BY)


def licence(place: Place) -> str:
    """A licence."""
    held = Licence.objects.filter(site=place.site).first()
    values = {"name": "VLC", "counts": "site"}
    return held.id if held else services.keep(place.site.id, values, [title(place)], by=BY)


DOORS = {
    "software": Door("/register/software/", READERS),
    "software_decide": Door(
        "/register/software/decide/",
        KEEPERS,
        "post",
        data=(("title", "{title}"), ("wish", "later")),
    ),
    "software_proposal": Door("/register/software/proposal/", READERS),
    "software_publish": Door("/register/software/proposal/use/", DECIDERS, "post"),
    "software_payload": Door("/register/software/proposal/file/", DECIDERS, "post"),
    "software_requests": Door("/register/software/requests/", READERS),
    "software_ask": Door("/register/software/requests/new/", READERS),
    "software_request_decide": Door(
        "/register/software/requests/{request}/decide/",
        READERS,
        "post",
        names_a_thing=True,
        data=(("state", "looked_at"), ("seq", "1")),
    ),
    "software_title": Door("/register/software/{title}/", READERS, names_a_thing=True),
    "software_needs": Door(
        "/register/software/{title}/needs/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("needs", "no"),),
    ),
    "licences": Door("/register/licences/", READERS),
    "licence_new": Door("/register/licences/new/", KEEPERS),
    "licence": Door("/register/licences/{licence}/", READERS, names_a_thing=True),
    "licence_proof": Door("/register/licences/{proved}/proof/", READERS, names_a_thing=True),
    "licence_end": Door(
        "/register/licences/{licence}/end/",
        KEEPERS,
        "post",
        names_a_thing=True,
        data=(("seq", "1"),),
    ),
}


def proved(place: Place) -> str:
    """A licence with its invoice."""
    from inventory.documents import services as documents

    held = Licence.objects.filter(site=place.site).exclude(document="").first()
    if held:
        return held.id
    paper = documents.keep(place.site.id, "document", "invoice.txt", b"VLC, 3 copies\n", by=BY)
    values = {"name": "VLC pro", "counts": "site", "document": paper.id}
    return services.keep(place.site.id, values, [title(place)], by=BY)


NAMES = {"title": title, "request": request, "licence": licence, "proved": proved}
