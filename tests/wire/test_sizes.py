"""How large a night is on the way. Run with -s to see the figures."""

import msgspec

from tests.wire import samples
from wire import dsse, frame, itself, packing, report

QUIET_NOW = [
    report.NowSection(
        section="antivirus_now",
        schema=1,
        body='{"times":[{"definitions_at":1795269000,"product":"clamav","scan_at":1795227600}],"up_seconds":8123}',
    ),
    report.NowSection(
        section="hardware_now",
        schema=1,
        body='{"volumes":[{"free_bytes":181234567168,"mount":"/","size_bytes":250685575168}]}',
    ),
    report.NowSection(
        section="locking_now",
        schema=1,
        body='{"sessions":[{"idle_seconds":1260,"locked":true,"seat":"seat0","user":"u1"}]}',
    ),
    report.NowSection(
        section="operating_system_now",
        schema=1,
        body='{"lists_at":1795305600,"pending":[],"pending_count":0,"restart_due":false}',
    ),
    itself.say(itself.Cost(cpu_ms=412, wall_ms=2_210, peak_mb=41)),
]


def sizes(now: list[report.NowSection]) -> dict[str, int]:
    """Give the bytes of one unchanged night in each of its forms."""
    night = msgspec.structs.replace(samples.UNCHANGED, now=now, seen=samples.SEEN.seen)
    envelope = report.sign_report(night, samples.DEVICE_KEY)
    return {
        "drifting facts": sum(len(one.body) for one in now),
        "payload": len(dsse.parse(envelope).payload),
        "envelope": len(envelope),
        "envelope, gzip": len(packing.gzip_bytes(envelope)),
        "frame": len(frame.pack(envelope)),
    }


def test_an_unchanged_night_without_drifting_facts_is_under_400_bytes() -> None:
    found = sizes([])
    print(found)
    assert found["envelope, gzip"] <= 840
    assert found["frame"] <= 400


def test_an_unchanged_night_with_a_few_hundred_bytes_of_drifting_facts_is_under_1_kb() -> None:
    found = sizes(QUIET_NOW)
    print(found)
    assert found["drifting facts"] > 300
    assert found["frame"] <= 640
    assert sizes(samples.NOW)["frame"] <= 1_024


def test_a_changed_night_is_a_few_kilobytes_before_its_sections() -> None:
    assert len(frame.pack(samples.FIRST_SIGNED)) <= 1_200
    assert len(packing.gzip_bytes(samples.FIRST_SIGNED)) <= 2_048
