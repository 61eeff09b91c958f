"""Computers, the queue, the policy, evidence and accounts."""

from tests.controller.web.doors.door import (
    ANSWERERS,
    EVERYBODY,
    HANDS_ON,
    READERS,
    WITNESSES,
    Door,
)

DOORS = {
    "overview": Door("/", EVERYBODY),
    "area": Door("/areas/locking/", EVERYBODY),
    "checks": Door("/checks/", EVERYBODY),
    "check": Door("/checks/lock-idle-timeout/", EVERYBODY),
    "policy": Door("/policy/", EVERYBODY),
    "computers": Door("/computers/", READERS),
    "computers_csv": Door("/computers.csv", READERS),
    "computer": Door("/computers/{device}/", READERS, names_a_thing=True),
    "computer_purpose": Door(
        "/computers/{device}/purpose/",
        HANDS_ON,
        "post",
        names_a_thing=True,
        data=(("profile", "pupil"),),
    ),
    "computer_withdraw": Door(
        "/computers/{device}/withdraw/",
        HANDS_ON,
        "post",
        names_a_thing=True,
        data=(("reason", "sold"),),
    ),
    "computer_fork": Door(
        "/computers/{device}/fork/",
        HANDS_ON,
        "post",
        names_a_thing=True,
        data=(("said", "one"),),
    ),
    "computer_known": Door(
        "/computers/{device}/known/",
        HANDS_ON,
        "post",
        names_a_thing=True,
        data=(("reason", "in the office"),),
    ),
    "computer_proof": Door("/computers/{device}/proof.zip", READERS, names_a_thing=True),
    "waiting": Door("/waiting/", HANDS_ON),
    "let_in": Door("/waiting/let-in/", HANDS_ON, "post", data=(("device", "{waiting}"),)),
    "let_in_delivered": Door(
        "/waiting/delivered/", HANDS_ON, "post", data=(("arrival", "{waiting}:asset_1"),)
    ),
    "let_in_back": Door(
        "/waiting/back/", HANDS_ON, "post", data=(("arrival", "{waiting}:asset_1:dev_1"),)
    ),
    "refuse": Door(
        "/waiting/{waiting}/refuse/",
        HANDS_ON,
        "post",
        names_a_thing=True,
        data=(("reason", "not ours"),),
    ),
    "join_codes": Door("/join-codes/", HANDS_ON),
    "join_code": Door("/join-codes/{code}/", HANDS_ON, names_a_thing=True),
    "join_code_end": Door("/join-codes/{code}/end/", HANDS_ON, "post", names_a_thing=True),
    "evidence": Door("/evidence/", WITNESSES),
    "evidence_answer": Door(
        "/evidence/answer/",
        ANSWERERS,
        "post",
        data=(("reason", "a disk failed"), ("through", "7")),
    ),
    "evidence_export": Door("/evidence/export/", ANSWERERS, "post"),
    "evidence_checkpoint": Door("/evidence/checkpoint/", WITNESSES, "post"),
    "change_password": Door("/account/password/", EVERYBODY),
    # allauth's own, the same for everybody
    "account_login": Door("/sign-in/", EVERYBODY),
    "account_logout": Door("/sign-out/", EVERYBODY, "post"),
    "account_inactive": Door("/account/inactive/", EVERYBODY),
}
NAMES = {
    "device": lambda place: place.device.id,
    "waiting": lambda place: place.waiting.id,
    "code": lambda place: place.code.id,
}
