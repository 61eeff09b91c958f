"""How large a night is on the way. Run with -s to see the figures."""

import msgspec

from tests.wire import samples
from wire import dsse, frame, itself, packing, report

QUIET_NOW = [
    itself.say(itself.Cost(cpu_ms=412, wall_ms=2_210, peak_mb=41)),
    report.NowSection(
        section="antivirus_now",
        schema=3,
        body='{"awake_seconds":8123,"online":[{"begins_at":1795301977,"ends_at":1795310100,'
        '"seconds":8123}],"times":'
        '[{"checked_at":1795308033,"definitions_at":1795269000,"definitions_version":"27835",'
        '"full_scan_at":{"unseen":"unsupported"},"product":"clamav","quick_scan_at":'
        '{"unseen":"unsupported"}}],"up_seconds":8123}',
    ),
    report.NowSection(
        section="hardware_now",
        schema=1,
        body='{"attached_cards":[],"attached_disks":[],"volumes":[{"free_bytes":181234565120,'
        '"place":"system","size_bytes":250685575168}]}',
    ),
    report.NowSection(
        section="locking_now",
        schema=1,
        body='{"sessions":[{"idle_seconds":1260,"locked":true,"logon_at":1795303033,'
        '"remote":false,"user":"6a3f0f1d8637c753"}]}',
    ),
    report.NowSection(
        section="operating_system_now",
        schema=2,
        body='{"automatic_at":1795284033,"lists_at":1795305600,"up_since":1795301977}',
    ),
    report.NowSection(
        section="removable_media_now",
        schema=1,
        body='{"attached":[],"log_since":1795137311,"logged":[],"watching_since":1788137311}',
    ),
    report.NowSection(
        section="wireless_now",
        schema=1,
        body='{"links":[{"interface":"wlp0s20f3","security":"wpa2-enterprise",'
        '"ssid":"6de8888270d4925e"}]}',
    ),
]
"""A laptop with ClamAV whose screen is locked, on the school's wireless network; it runs what the
dictionary knows."""
PROGRAMS = (
    "accounts-daemon agetty avahi-daemon bash clamd cron cupsd dbus-daemon firefox-esr freshclam "
    "gdm-session-worker gdm3 gnome-keyring-daemon gnome-shell gsd-color gsd-power gvfsd "
    "kidsruby login modemmanager nautilus networkmanager packagekitd pipewire polkitd rsyslogd "
    "scratchux sd-pam soffice.bin systemd systemd-journald systemd-logind systemd-udevd "
    "udisksd upowerd wireplumber wpa_supplicant xdg-desktop-portal xwayland"
)
RUNNING = report.NowSection(
    section="software_now",
    schema=1,
    body='{"hidden":0,"listening":[{"local":true,"port":631,"protocol":"tcp"}],"running":["'
    + '","'.join(PROGRAMS.split())
    + '"]}',
)


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
        "frame of the first version": len(frame.pack(envelope, frame.FIRST)),
    }


def test_an_unchanged_night_without_drifting_facts_is_under_320_bytes() -> None:
    found = sizes([])
    print(found)
    assert found["envelope, gzip"] <= 840
    assert found["frame of the first version"] <= 400
    assert found["frame"] <= 320


def test_an_unchanged_night_with_the_drifting_facts_of_a_laptop_is_under_400_bytes() -> None:
    found = sizes(QUIET_NOW)
    print(found)
    assert found["drifting facts"] > 750
    assert found["frame"] <= 400


def test_what_runs_on_a_desktop_costs_an_unchanged_night_less_than_200_bytes_more() -> None:
    found = sizes([*QUIET_NOW, RUNNING])
    print(found)
    assert found["frame"] <= 600


def test_a_changed_night_is_a_few_kilobytes_before_its_sections() -> None:
    assert len(frame.pack(samples.FIRST_SIGNED)) <= 800
    assert len(packing.gzip_bytes(samples.FIRST_SIGNED)) <= 2_048
