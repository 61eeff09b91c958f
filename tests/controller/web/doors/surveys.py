"""Network → Rounds: scopes and credentials."""

from controller.fleet.models import Device, Scanner, SurveyScope
from controller.people.roles import Role
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import HANDS_ON, READERS, Door
from tests.wire import samples
from wire import dsse

RUNNERS = HANDS_ON | {Role.SLT, Role.BUSINESS_MANAGER}


def survey_scope(place: Place) -> str:
    """One that is in use."""
    held = SurveyScope.objects.filter(site=place.site).first()
    if held is None:
        device = Device.objects.filter(site=place.site).order_by("id")[0]
        envelope = samples.SCOPE_SIGNED + place.site.id.encode()
        held = SurveyScope.objects.create(
            site=place.site,
            device=device,
            version=2,
            envelope=samples.SCOPE_SIGNED,
            envelope_digest=dsse.digest(envelope),
            signer="SHA256:1",
            separate=True,
            issued_at=school.NOW,
            expires_at=school.NOW + 300 * 86_400,
            set_at=school.NOW,
            set_by="system",
        )
        Scanner.objects.create(device=device, site=place.site, sealing=samples.SEALING)
    return str(held.pk)


_ALL = "/register/network/scopes/"
_GONE = (("scanner", "dev_1"), ("name", "switches"))
DOORS = {
    "survey_rounds": Door(_ALL, READERS),
    "survey_scope_new": Door(f"{_ALL}new/", RUNNERS),
    "survey_scope_signed": Door(f"{_ALL}signed/", RUNNERS, "post"),
    "survey_scope_end": Door(_ALL + "{survey_scope}/end/", RUNNERS, "post", names_a_thing=True),
    "survey_credential": Door(f"{_ALL}credentials/snmp-v3/", RUNNERS),
    "survey_credential_remove": Door(f"{_ALL}credentials/remove/", RUNNERS, "post", data=_GONE),
}

NAMES = {"survey_scope": survey_scope}
