"""Hashing passwords: strong enough, and never so many at once that the server suffers."""

import threading
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    check_password,
    make_password,
)
from django.utils.module_loading import import_string

from controller.people import passwords


def test_passwords_are_hashed_with_argon2id_at_owasps_figures() -> None:
    assert [import_string(name) for name in settings.PASSWORD_HASHERS] == [passwords.TurnsHasher]
    encoded = make_password("correct horse battery")
    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert check_password("correct horse battery", encoded)
    assert not check_password("correct horse batterz", encoded)


def test_attempts_to_sign_in_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    counting = threading.Lock()
    meet = threading.Event()

    def slow(*_: Any) -> bool:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        meet.wait(0.05)
        with counting:
            running -= 1
        return False

    monkeypatch.setattr(Argon2PasswordHasher, "verify", slow)
    monkeypatch.setattr(Argon2PasswordHasher, "encode", slow)
    hasher = passwords.TurnsHasher()
    threads = [threading.Thread(target=hasher.verify, args=("x", "y")) for _ in range(8)]
    threads += [threading.Thread(target=hasher.encode, args=("x", "y")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == passwords.AT_ONCE
