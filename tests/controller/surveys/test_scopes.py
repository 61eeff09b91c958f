"""A scope comes into use when somebody signed it who may, reaches the one scanner it names and
nobody else, and is over when somebody ends it."""

import msgspec
import pytest

from controller.fleet import services
from controller.fleet.models import Device, Scanner, SurveyScope
from controller.intake import scanners
from controller.roots.recovery import Recovery
from controller.surveys import publishing, standing
from controller.surveys.publishing import ScopeError
from inventory.ledger import log
from inventory.places.services import create_site
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.surveys.conftest import by_hand, drafted, separate, tells, use
from wire import canonical, dsse, scope, types

DAY = 86_400


@pytest.fixture(autouse=True)
def looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in use is looked up each time, and not every two seconds."""
    monkeypatch.setattr(scanners, "_FRESH_SECONDS", 0.0)


def asked(controller: Controller, digest: str, what: str = "scope") -> bytes:
    reply = controller.door.ask("GET", f"/v1/{what}?named={digest.removeprefix('sha256:')}")
    assert (reply.status == 200) is bool(reply.body)
    return reply.body


def test_the_scanner_is_told_and_fetches_it(controller: Controller, scanner: Machine) -> None:
    row = use(controller, scanner)
    assert (row.version, row.separate, row.expires_at) == (2026112301, False, NOW + 300 * DAY)
    named = controller.door.post(scanner.report()).receipt.scope
    assert named == row.envelope_digest
    envelope = asked(controller, row.envelope_digest)
    assert dsse.digest(envelope) == named
    assert dsse.parse(envelope).payload_type == types.SCOPE


def test_no_other_computer_hears_of_it(controller: Controller, scanner: Machine) -> None:
    other = controller.machine("lab-1")
    use(controller, scanner)
    receipt = controller.door.post(other.report()).receipt
    assert receipt.scope is msgspec.UNSET
    assert b"scope" not in canonical.encode(receipt)


@pytest.mark.parametrize(
    "query",
    ["", "?named=", "?named=" + "0" * 64, "?named=" + "G" * 64, "?site={site}", "?named={digest}x"],
)
def test_it_is_given_to_nobody_who_cannot_name_it(
    controller: Controller, scanner: Machine, query: str
) -> None:
    row = use(controller, scanner)
    query = query.replace("{site}", controller.site)
    query = query.replace("{digest}", row.envelope_digest.removeprefix("sha256:"))
    for what in ("scope", "credentials"):
        reply = controller.door.ask("GET", f"/v1/{what}{query}")
        assert reply.status in (204, 404)
        assert bytes(row.envelope) not in reply.body


def test_a_newer_one_replaces_it_and_an_older_one_never_comes_back(
    controller: Controller, scanner: Machine
) -> None:
    first = use(controller, scanner)
    second = use(controller, scanner, dhcp=True)
    assert second.version == first.version + 1
    assert controller.door.post(scanner.report()).receipt.scope == second.envelope_digest
    with pytest.raises(ScopeError, match="ended or replaced"):
        publishing.take(controller.data, bytes(first.envelope), actor="system", at=NOW)
    again = publishing.take(controller.data, bytes(second.envelope), actor="user_1", at=NOW + 9)
    assert (again.pk, again.set_by) == (second.pk, "system")


def test_ending_it_is_on_record_and_tells_the_scanner_at_its_next_report(
    controller: Controller, scanner: Machine
) -> None:
    row = use(controller, scanner)
    before = log.extent(controller.site).size
    publishing.end(row, actor="system", at=NOW + 60)
    publishing.end(row, actor="system", at=NOW + 90)
    (line,) = log.lines(controller.site, before)
    assert f" scope.end {scanner.device} system sha256:" in line
    assert controller.door.post(scanner.report()).receipt.scope is msgspec.UNSET
    assert asked(controller, row.envelope_digest) == b""
    with pytest.raises(ScopeError, match="ended or replaced"):
        publishing.take(controller.data, bytes(row.envelope), actor="system", at=NOW + 99)


def test_one_past_its_day_is_still_named_so_that_the_scanner_says_so(
    controller: Controller, scanner: Machine
) -> None:
    use(controller, scanner, NOW - 300 * DAY + 1)
    assert controller.door.post(scanner.report()).receipt.scope is not msgspec.UNSET
    over = publishing.sign(controller.data, drafted(controller, scanner, NOW - 300 * DAY))
    with pytest.raises(ScopeError, match="ended before"):
        publishing.take(controller.data, over, actor="system", at=NOW)


def test_a_person_signs_where_the_controller_may_not(
    controller: Controller, scanner: Machine, recovery: Recovery
) -> None:
    person = separate(controller, recovery)
    made = drafted(controller, scanner)
    with pytest.raises(ScopeError, match="may not sign"):
        publishing.sign(controller.data, made)
    envelope = publishing.join(controller.data, scope.payload_of(made), by_hand(made, person))
    row = publishing.take(controller.data, envelope, actor="system", at=NOW)
    assert row.separate
    assert controller.door.post(scanner.report()).receipt.scope == row.envelope_digest
    with pytest.raises(ScopeError, match="Nobody whom"):
        publishing.join(controller.data, scope.payload_of(drafted(controller, scanner, NOW + 1)),
                        by_hand(made, person))  # fmt: skip


def test_a_scope_whose_signer_left_is_said_to_be_believed_by_nobody(
    controller: Controller, scanner: Machine, recovery: Recovery
) -> None:
    use(controller, scanner)
    separate(controller, recovery)
    (found,) = standing.standings(controller.site, controller.data, NOW)
    assert found.stands == "disbelieved"


def test_only_the_schools_own_reporting_computer_may_be_the_scanner(
    controller: Controller, scanner: Machine
) -> None:
    other = create_site(name="Valley School", at=NOW)
    Device.objects.filter(id=scanner.device).update(site_id=other)
    with pytest.raises(ScopeError, match="one of the school's computers"):
        use(controller, scanner)
    Device.objects.filter(id=scanner.device).update(site_id=controller.site, state="revoked")
    with pytest.raises(ScopeError, match="one of the school's computers"):
        use(controller, scanner)
    assert not SurveyScope.objects.exists()


def test_a_page_takes_no_scope_of_another_school(controller: Controller, scanner: Machine) -> None:
    other = create_site(name="Valley School", at=NOW)
    envelope = publishing.sign(controller.data, drafted(controller, scanner))
    with pytest.raises(ScopeError, match="another school"):
        publishing.take(controller.data, envelope, actor="user_1", at=NOW, site=other)


def test_with_a_new_controller_key_it_is_signed_again(
    controller: Controller, scanner: Machine
) -> None:
    first = use(controller, scanner)
    assert publishing.resign(controller.data, actor="system", at=NOW) == []
    SurveyScope.objects.update(signer="SHA256:another")
    assert publishing.resign(controller.data, actor="system", at=NOW + 5) == [scanner.device]
    newest = publishing.newest(controller.site, scanner.device)
    assert newest is not None
    assert (newest.version, newest.expires_at) == (first.version + 1, first.expires_at)


def test_what_the_scanner_says_of_itself_is_kept_and_shown(
    controller: Controller, scanner: Machine
) -> None:
    row = use(controller, scanner)
    (found,) = standing.standings(controller.site, controller.data, NOW)
    assert (found.taken, found.stands, found.scanner) == (False, "good", "office-1")
    controller.door.post(tells(scanner, scope=row.envelope_digest))
    (found,) = standing.standings(controller.site, controller.data, NOW + 270 * DAY)
    assert (found.taken, found.stands) == (True, "soon")
    controller.door.post(tells(scanner, refused="not-signed"))
    (found,) = standing.standings(controller.site, controller.data, NOW + 300 * DAY)
    assert (found.taken, found.stands) == (False, "over")
    assert "may not" in found.refused
    assert Scanner.objects.count() == 1


def test_a_computer_that_was_let_go_is_told_nothing(
    controller: Controller, scanner: Machine
) -> None:
    use(controller, scanner)
    services.revoke(scanner.device, actor="system", at=NOW)
    assert controller.door.post(scanner.report()).problem.code == "revoked"
