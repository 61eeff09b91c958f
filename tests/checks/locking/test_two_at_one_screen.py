"""Two people signed in at one computer: what is locked for one is not locked for the other."""

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.locking.facts import LockingNow
from checks.locking.linux import SESSION_FOLDERS, read_now
from checks.unseen import Unseen, known

_SHOWN = (
    "Id={id}\nName={name}\nUser={uid}\nType=x11\nClass=user\nDesktop=i3\nState=active\nSeat=seat0\n"
    "Remote=no\nIdleHint=no\nIdleSinceHint=0\nLockedHint=no\n"
    "Timestamp=Sun 2026-11-22 08:05:10 UTC\n"
)


def test_a_locker_speaks_for_its_own_account_only() -> None:
    listed = (
        '[{"session":"c1","uid":1000,"user":"ada","seat":"seat0","tty":""},'
        '{"session":"c2","uid":1001,"user":"ben","seat":"seat0","tty":""}]\n'
    )
    shown = "\n".join(
        _SHOWN.format(id=number, name=name, uid=uid)
        for number, name, uid in (("c1", "ada", 1000), ("c2", "ben", 1001))
    )
    folder = {"kind": "folder", "size": 40, "mode": 493, "uid": 0, "gid": 0, "mtime": 1}
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="written for this test",
        platform="linux",
        os="none",
        build="none",
        date="2026-11-22",
        at=1_795_336_200,
        privileged=True,
        answers=[
            *(Answer(ask=["list", place], gives=["i3.desktop"]) for place in SESSION_FOLDERS),
            Answer(ask=["stat", "/run/systemd/system"], gives=folder),
            Answer(
                ask=["run", "loginctl", "list-sessions", "-o", "json"],
                gives={"code": 0, "out": listed},
            ),
            Answer(
                ask=["run", "loginctl", "show-session", "c1", "c2"],
                gives={"code": 0, "out": shown},
            ),
        ],
    )
    host = RecordedHost(recording, strict=False)
    locker = {"pid": 7, "name": "i3lock", "exe": "/usr/bin/i3lock"}
    locker["user"] = host.alias("user", "ben")
    recording.answers.append(Answer(ask=["processes"], gives=[locker]))
    now = read_now(RecordedHost(recording, strict=False))
    assert isinstance(now, LockingNow)
    ada, ben = known(now.sessions)
    assert isinstance(ada.locked, Unseen)
    assert ben.locked is True
