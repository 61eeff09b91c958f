"""Nothing of hardware is judged yet: its facts feed the register, the key and disposal."""

from checks.judging import Judge

JUDGES: tuple[Judge, ...] = ()
