"""A computer that answers what a test gives it, and nothing else."""

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.host import Platform


def blank(platform: Platform, *answers: Answer) -> RecordedHost:
    """Constructed, never a recording; what is not answered cannot be seen."""
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="written after lsblk's and the kernel's manual pages",
        platform=platform,
        os="none",
        build="none",
        date="2026-11-22",
        at=1_795_336_200,
        privileged=True,
        answers=[*answers],
    )
    return RecordedHost(recording, strict=False)
