"""How long a Linux machine has been up, and for how much of that it was awake.

/proc/uptime counts sleep. A machine that cannot sleep (/sys/power/state offers neither `mem` nor
`freeze`) or never did (/sys/power/suspend_stats/success is 0; Linux 5.4 and later) was awake
throughout. Otherwise `now at N nsecs` in /proc/timer_list is the clock that stops in sleep; only
root may read it. Trap: hibernation is not in suspend_stats and counts as awake.
"""

import re

from checks.host import CannotLook, Host, read_text

TIMER_LIST_LIMIT = 8 << 20
_NOW = re.compile(r"^now at (\d{1,20}) nsecs$", re.MULTILINE)


def up_seconds(host: Host) -> int:
    """Seconds since the last start. Raises CannotLook."""
    text = read_text(host, "/proc/uptime") or ""
    first = text.partition(".")[0]
    if not first.isdecimal() or len(first) > 12:
        raise CannotLook("parse-error", "/proc/uptime")
    return int(first)


def awake_seconds(host: Host) -> int:
    """Seconds awake since the last start. Raises CannotLook."""
    states = (read_text(host, "/sys/power/state") or "").split()
    if not {"mem", "freeze", "standby"} & set(states):
        return up_seconds(host)
    slept = read_text(host, "/sys/power/suspend_stats/success")
    if slept is not None and slept.strip() == "0":
        return up_seconds(host)
    now = _NOW.search(read_text(host, "/proc/timer_list", TIMER_LIST_LIMIT) or "")
    if now is None:
        raise CannotLook("parse-error", "/proc/timer_list")
    return int(now[1]) // 1_000_000_000
