"""The roots over HTTP: for anybody, whole, and nothing when nothing is newer."""

import pytest

from controller.roots import changing, files
from controller.roots.recovery import Recovery
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from wire import dsse, roots


def test_anybody_gets_the_roots_as_the_recovery_key_signed_them(controller: Controller) -> None:
    reply = controller.door.ask("GET", "/v1/roots")
    assert (reply.status, reply.body) == (200, files.envelope(controller.data))
    code = controller.code()
    assert roots.open_first(dsse.parse(reply.body), code.pin).version == 1


def test_who_holds_the_newest_is_told_nothing(controller: Controller) -> None:
    for version in (1, 2, 999_999_999):
        reply = controller.door.ask("GET", f"/v1/roots/{version}")
        assert (reply.status, reply.body) == (204, b"")


def test_a_change_is_served_at_once_without_a_restart(controller: Controller) -> None:
    new = changing.replace_lost_recovery(controller.data, NOW)
    changing.set_addresses(controller.data, new, NOW, ["https://b"])
    reply = controller.door.ask("GET", "/v1/roots/1")
    assert roots.open_held(reply.body).addresses == ["https://b"]
    assert isinstance(new, Recovery)


@pytest.mark.parametrize("rest", ["/", "/x", "/1/2", "/-1", "/1e3", "/../keys", "extra", "/٣"])
def test_any_other_path_is_not_found(controller: Controller, rest: str) -> None:
    assert controller.door.ask("GET", f"/v1/roots{rest}").problem.code == "not_found"
