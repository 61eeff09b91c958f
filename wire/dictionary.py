"""The text that deflate reaches back to in a frame of version 2, so that a usual night is written
in a few references.

It is part of that version for ever: change one byte and no frame of any agent in the field opens.
What is usual changes; a better dictionary is version 3.
"""

from typing import Final

_MARKS: Final = str.maketrans({"①": 1, "②": 2, "③": 3, "④": 4, "⑤": 5, "⑥": 6, "⑦": 7})
"""Bytes of `wire.lifting`, which nobody could read here."""

_RESULT: Final = '{"check":"%s","says":"%s","severity":"%s","status":"%s"}'
_REF: Final = '{"schema":%s,"section":"%s","sha256":"sha256:①","size":⑥}'
_NOW: Final = '{"body":"{%s}","schema":%s,"section":"%s_now"}'

_PROGRAMS: Final = (
    "accounts-daemon agetty anacron apt apt-get at-spi-bus-launcher at-spi2-registryd atd "
    "auditd avahi-daemon bash bluetoothd brave bwrap caja chrome chrome_crashpad_handler "
    "chromium chronyd cinnamon cinnamon-session clamd clamdscan clamonacc code colord cron "
    "crond cups-browsed cupsd curl dbus-broker dbus-broker-launch dbus-daemon dconf-service "
    "dhclient discord dnsmasq dockerd eog epoptes-client evince evolution-addressbook-factory "
    "evolution-alarm-notify evolution-calendar-factory evolution-source-registry "
    "fail2ban-server firefox firefox-bin firefox-esr firewalld freshclam fusermount3 fwupd "
    "gdm-session-worker gdm-wayland-session gdm-x-session gdm3 geoclue git gitstatusd gjs "
    "gjs-console gnome-calendar gnome-control-center gnome-keyring-daemon gnome-session-binary "
    "gnome-session-ctl gnome-shell gnome-shell-calendar-server gnome-software "
    "gnome-system-monitor gnome-terminal-server gnome-text-editor goa-daemon "
    "goa-identity-service gsd-a11y-settings gsd-color gsd-datetime gsd-disk-utility-notify "
    "gsd-housekeeping gsd-keyboard gsd-media-keys gsd-power gsd-print-notifications gsd-printer "
    "gsd-rfkill gsd-screensaver-proxy gsd-sharing gsd-smartcard gsd-sound gsd-wacom "
    "gsd-xsettings gvfs-afc-volume-monitor gvfs-goa-volume-monitor gvfs-gphoto2-volume-monitor "
    "gvfs-mtp-volume-monitor gvfs-udisks2-volume-monitor gvfsd gvfsd-fuse gvfsd-http "
    "gvfsd-metadata gvfsd-network gvfsd-trash head ibus-daemon ibus-dconf ibus-engine-simple "
    "ibus-extension-gtk3 ibus-portal ibus-x11 irqbalance java kwin_wayland kwin_x11 less "
    "libreoffice lightdm login make mariadbd mate-panel mate-session modemmanager mousepad "
    "msedge mutter-x11-frames nano nautilus nemo networkd-dispatcher networkmanager nginx "
    "nm-applet node ntpd oosplash packagekitd perl php pipewire pipewire-pulse plasmashell "
    "polkit-gnome-authentication-agent-1 polkitd postgres power-profiles-daemon pulseaudio "
    "python3 python3.11 python3.12 python3.13 qemu-ga rsyslogd rtkit-daemon scratch-desktop "
    "sd-pam sddm sh sleep smartd snapd snapd-desktop-integration soffice.bin spice-vdagent "
    "spotify sshd sshd-session sssd sssd_be sssd_nss steam su sudo switcheroo-control systemd "
    "systemd-journald systemd-logind systemd-networkd systemd-oomd systemd-resolved "
    "systemd-timesyncd systemd-udevd systemd-userdbd systemd-userwork tail teams-for-linux "
    "thermald thunar thunderbird timeout tini tmux touchegg tracker-extract-3 "
    "tracker-miner-fs-3 udisksd unattended-upgr update-notifier upowerd usbguard-daemon "
    "veyon-server veyon-service veyon-worker vim vlc webkitwebprocess wget wireplumber "
    "wpa_supplicant x-terminal-emulator x11vnc xdg-dbus-proxy xdg-desktop-portal "
    "xdg-desktop-portal-gnome xdg-desktop-portal-gtk xdg-document-portal xdg-permission-store "
    "xfce4-panel xfce4-session xfconfd xfwm4 xorg xterm xwayland zoom zsh"
)

_SEEN: Final = (
    ("account-autologon", "off", "high", "pass"),
    ("account-guest", "off", "medium", "pass"),
    ("account-local-admins", "only-agreed", "high", "pass"),
    ("account-lockout", "never", "high", "fail"),
    ("account-password-policy", "no-rule", "high", "fail"),
    ("account-role-separation", "apart", "high", "pass"),
    ("account-shared", "none", "medium", "pass"),
    ("account-stale", "all-used", "medium", "pass"),
    ("os-supported", "good", "high", "pass"),
    ("os-patches", "nothing-waits", "critical", "pass"),
    ("lock-idle-timeout", "no-desktop", "high", "not-applicable"),
    ("lock-on-resume", "asks", "medium", "pass"),
    ("session-overnight", "nobody", "low", "pass"),
    ("session-unattended", "nobody", "medium", "pass"),
    ("autorun-off", "never", "medium", "pass"),
    ("auto-update", "installs", "high", "pass"),
    ("av-active", "no-antivirus", "critical", "fail"),
    ("av-active", "runs", "critical", "pass"),
    ("av-definitions-fresh", "fresh", "high", "pass"),
    ("av-realtime", "watches", "high", "pass"),
    ("av-removable-scan", "scans-drives", "medium", "pass"),
    ("av-scan-recent", "no-record", "medium", "unknown"),
    ("disk-encrypted", "not-encrypted", "critical", "fail"),
    ("exec-control", "not-pupils", "high", "not-applicable"),
    ("share-permissions", "closed", "medium", "pass"),
    ("software-filter-bypass", "none", "high", "pass"),
    ("software-games", "not-pupils", "medium", "not-applicable"),
    ("software-messaging", "not-pupils", "medium", "not-applicable"),
    ("software-p2p", "none", "high", "pass"),
    ("software-remote-access", "none", "critical", "pass"),
    ("software-supported", "none-ended", "high", "pass"),
    ("software-unapproved", "old-stranger", "medium", "warn"),
    ("usb-storage-control", "sticks-open", "high", "fail"),
    ("usb-storage-seen", "none", "medium", "pass"),
    ("wifi-client-profiles", "no-radio", "medium", "not-applicable"),
)
_STEADY: Final = (
    (1, "accounts"),
    (2, "antivirus"),
    (3, "antivirus_now"),
    (1, "encryption"),
    (1, "hardware"),
    (1, "hardware_now"),
    (2, "locking"),
    (1, "locking_now"),
    (2, "operating_system"),
    (2, "operating_system_now"),
    (2, "operating_system_seldom"),
    (1, "removable_media"),
    (1, "removable_media_now"),
    (1, "software"),
    (1, "software_now"),
    (1, "wireless"),
    (1, "wireless_now"),
)

_FREE: Final = '{"free_bytes":⑥,"place":"%s","size_bytes":⑥}'
_STICK: Final = (
    '{"first_at":⑤,"id":"⑦","kind":"usb-storage","last_at":⑤,"name":"","serial":true,'
    '"size_bytes":null,"usb":""}'
)
_DISK: Final = (
    '{"make":"SanDisk","model":"Ultra","name":"sda","removable":true,"rotational":true,'
    '"serial":null,"size_bytes":⑥,"transport":"usb","wwn":null}'
)
_CARD: Final = '{"kind":"wired","mac":"","name":"enx","permanent":false}'
_UPDATE: Final = '{"name":"openssl","released_at":⑤,"severity":"high","version":"1:3.2.2-6"}'
_STRETCH: Final = '{"begins_at":⑤,"ends_at":⑤,"seconds":⑥}'
_UNSUPPORTED: Final = '{"unseen":"unsupported"}'
_PORT: Final = '{"local":%s,"port":⑥,"protocol":"%s"}'
_TIMES: Final = (
    '{"checked_at":%s,"definitions_at":%s,"definitions_version":%s,"full_scan_at":%s,'
    '"product":"%s","quick_scan_at":%s}'
)

_RARE: Final = (
    '{"unseen":"too-large"}{"unseen":"crashed"}{"unseen":"stale"}{"unseen":"withheld"}',
    '{"unseen":"deferred"}{"unseen":"parse-error"}{"unseen":"timeout"}{"unseen":"tool-missing"}',
    '"attached":[' + _STICK + '],"log_since":{"unseen":"denied"},"logged":{"unseen":"denied"},',
    '"attached_cards":[' + _CARD + '],"attached_disks":[' + _DISK + '],"volumes":[',
    ",".join(_FREE % place for place in ("boot", "home", "other", "system")),
    '{"idle_seconds":0,"locked":false,"logon_at":⑤,"remote":false,"user":"⑦"},',
    '"locked":' + _UNSUPPORTED,
    ",".join(_PORT % one for one in (("true", "udp"), ("true", "tcp"), ("false", "udp"))),
    '"pending":[' + _UPDATE + "," + _UPDATE + '],"pending_count":⑥,"restart_since":⑤,'
    '"memory_at":' + _UNSUPPORTED + ',"automatic_at":null,"security_at":',
    "},".join(
        _TIMES % one
        for one in (
            (*[_UNSUPPORTED] * 4, "sentinelone", _UNSUPPORTED),
            (_UNSUPPORTED, "⑤", '"1.', _UNSUPPORTED, "defender", _UNSUPPORTED),
            (*["null"] * 3, _UNSUPPORTED, "clamav", _UNSUPPORTED),
            ("⑤", "⑤", '"⑥"', "⑤", "clamav", "⑤"),
        )
    ),
    "," + _STRETCH + "," + _STRETCH,
    '"security":"wpa2-psk""security":"wpa3-sae""security":"wpa3-transition"',
)

_COST: Final = ('"cpu_ms":⑥,"peak_mb":⑥,"wall_ms":⑥', 1, "agent")
_VOLUMES: Final = '"attached_cards":[],"attached_disks":[],"volumes":['
_AWAKE: Final = '"awake_seconds":⑥,"online":[' + _STRETCH + '],"times":['
_CLAMAV: Final = _TIMES % ("⑤", "⑤", '"⑥"', _UNSUPPORTED, "clamav", _UNSUPPORTED)
_NEVER: Final = _TIMES % ("null", "null", "null", _UNSUPPORTED, "clamav", _UNSUPPORTED)
_MEDIA: Final = '"attached":[],"log_since":⑤,"logged":[],"watching_since":⑤'
_HEARS: Final = '"hidden":0,"listening":['
_LOCKED: Final = (
    '"sessions":[{"idle_seconds":⑥,"locked":true,"logon_at":⑤,"remote":false,"user":"⑦"}]'
)
_LINK: Final = '"links":[{"interface":"wlp0s20f3","security":"wpa2-enterprise","ssid":"⑦"}]'

_SERVER: Final = (
    _COST,
    ('"awake_seconds":⑥,"online":[],"times":[' + _NEVER + '],"up_seconds":⑥', 3, "antivirus"),
    (_VOLUMES + _FREE % "boot" + "," + _FREE % "system" + "]", 1, "hardware"),
    ('"automatic_at":null,"lists_at":⑤,"up_since":⑤', 2, "operating_system"),
    (
        _HEARS + _PORT % ("true", "tcp") + "," + _PORT % ("false", "tcp") + '],"running":["bash"]',
        1,
        "software",
    ),
    ('"links":[]', 1, "wireless"),
)
_DESKTOP: Final = (
    _COST,
    (_AWAKE + '],"up_seconds":⑥', 3, "antivirus"),
    (_VOLUMES + _FREE % "system" + "]", 1, "hardware"),
    ('"sessions":[]', 1, "locking"),
    ('"automatic_at":⑤,"lists_at":⑤,"up_since":⑤', 2, "operating_system"),
    (_MEDIA, 1, "removable_media"),
    (_HEARS + '],"running":["accounts-daemon"]', 1, "software"),
)
_LAPTOP: Final = (
    _COST,
    (_AWAKE + _CLAMAV + '],"up_seconds":⑥', 3, "antivirus"),
    ('"ahead_seconds":⑥', 1, "clock"),
    (_VOLUMES + _FREE % "system" + "]", 1, "hardware"),
    (_LOCKED, 1, "locking"),
    ('"automatic_at":⑤,"lists_at":⑤,"up_since":⑤', 2, "operating_system"),
    (_MEDIA, 1, "removable_media"),
    (_HEARS + _PORT % ("true", "tcp") + '],"running":["bash"]', 1, "software"),
    (_LINK, 1, "wireless"),
)


def _in_a_body(text: str) -> str:
    """As it stands in a report, where the body is JSON inside JSON."""
    return text.replace('"', '\\"')


def _report(content: str, now: str) -> str:
    return (
        "application/vnd.caretaker.report.v1+json\n"
        '{"agent":"0.1.0","binding":"sha256:①","boot":"③","content":'
        + content
        + ',"created_at":⑤,"device":"dev_④","echo":"②","nonce":"②","now":['
        + now
        + '],"prev":"sha256:①","roots":"","seen":{"root":"sha256:①","size":⑥},"seq":⑥,'
        '"uptime_seconds":⑥,"v":1}'
    )


def _sections(now: tuple[tuple[str, int, str], ...]) -> str:
    return ",".join(_NOW % (_in_a_body(body), schema, name) for body, schema, name in now)


SECOND: Final = (
    (
        _in_a_body('","'.join(_PROGRAMS.split()) + "".join(_RARE))
        + _report(
            '{"catalogue":"sha256:①","policy":"sha256:①","profile":"pupil","results":['
            + ",".join(_RESULT % one for one in _SEEN)
            + '],"ruled":"expired","sections":['
            + ",".join(_REF % one for one in _STEADY)
            + "]}",
            "",
        )
        + _sections(_DESKTOP)
        + _sections(_SERVER)
        + _report('"sha256:①"', _sections(_LAPTOP))
    )
    .translate(_MARKS)
    .encode("ascii")
)
"""The most usual last: deflate reaches back most cheaply to the end."""
