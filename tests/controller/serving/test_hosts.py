"""Which names the controller answers to."""

import socket

import pytest

from controller.config import Config
from controller.serving import hosts


def test_only_this_machine_by_default() -> None:
    names = hosts.allowed(Config())
    assert {"localhost", "127.0.0.1", "[::1]", socket.gethostname().lower()} <= set(names)
    assert "*" not in names
    assert "" not in names


def test_listening_everywhere_answers_to_the_machines_own_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {socket.AF_INET: "10.20.30.40", socket.AF_INET6: "fd00::7"}
    monkeypatch.setattr(hosts, "own_address", lambda family: found[family])
    for everywhere in hosts.EVERYWHERE:
        names = hosts.allowed(Config(listen=everywhere))
        assert {"10.20.30.40", "[fd00::7]"} <= set(names)
        assert everywhere not in names


def test_a_school_adds_its_own_names() -> None:
    config = Config(listen="10.1.1.1", hosts=["safe.school"], https_name="Caretaker.School")
    assert {"10.1.1.1", "safe.school", "caretaker.school"} <= set(hosts.allowed(config))


def test_a_machine_without_a_network_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert hosts.own_address(socket.AF_INET) == ""
    for everywhere in hosts.EVERYWHERE:
        assert everywhere not in hosts.allowed(Config(listen=everywhere))
