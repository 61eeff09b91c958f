"""The names of formats on the command line, and the function that reads each.

A name is a tool's own, with dashes; one module may read several. Functions are named and not
imported, so that listing the names costs nothing. A module's name is taken too, with underscores or
dashes: that was the only name there was.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Final

FORMATS: Final[dict[str, str]] = {
    "airport": "airport.parse",
    "apt-config": "apt_config.parse",
    "apt-simulation": "apt_simulation.parse",
    "arp-table": "arp_table.parse",
    "auditpol": "auditpol.parse",
    "bduitool": "bduitool.parse",
    "beacons": "checks.surveys.captures.parse",
    "blancco-xml": "blancco_xml.parse",
    "browser-json": "browser_json.parse",
    "busctl-values": "busctl_values.parse",
    "clamd-conf": "clamd_conf.parse",
    "clamscan-log": "clamscan_log.parse",
    "cpuinfo": "cpuinfo.parse",
    "crypttab": "crypttab.parse",
    "cvd-header": "clamav_database.parse",
    "deb-changelog": "deb_changelog.parse",
    "deb-index": "deb_index.parse",
    "deb-release": "deb_release.parse",
    "diskutil-apfs": "diskutil_apfs.parse",
    "dmidecode": "dmidecode.parse",
    "dmsetup-table": "dmsetup_table.parse",
    "dnf-advisories": "dnf_advisories.parse",
    "dnf-advisory-dates": "dnf_advisory_dates.parse",
    "dpkg-l": "dpkg_list.parse",
    "dpkg-log": "dpkg_log.parse",
    "dpkg-status": "dpkg_status.parse",
    "dsregcmd": "dsregcmd.parse",
    "edid": "edid.parse",
    "eset-state": "eset_state.parse",
    "firefox-prefs": "firefox_prefs.parse",
    "firewalld": "firewalld.parse",
    "flatpak-list": "flatpak_list.parse",
    "group": "unix_accounts.parse_group",
    "gsettings": "gsettings.parse",
    "hdparm": "hdparm.parse",
    "hive": "hive.parse",
    "hive-log": "hive_log.parse",
    "homebrew-receipt": "homebrew_receipt.parse",
    "icacls-save": "icacls_save.parse",
    "ifcfg": "ifcfg.parse",
    "ifupdown": "ifupdown.parse",
    "ip-link": "ip_link.parse",
    "iptables-save": "iptables_save.parse",
    "iw-link": "iw.parse_link",
    "iw-scan": "iw.parse",
    "iwd-profile": "iwd_profile.parse",
    "journal-json": "journal_json.parse",
    "kernel-log": "kernel_log.parse",
    "keyfile": "keyfile.parse",
    "loginctl": "loginctl.parse",
    "loginctl-list": "loginctl.parse_list",
    "lsblk-json": "lsblk.parse",
    "manage-bde": "manage_bde.parse",
    "mdatp-health": "mdatp.parse",
    "meminfo": "meminfo.parse",
    "modprobe-config": "modprobe_config.parse",
    "mounts": "mounts.parse",
    "net-localgroup": "net_localgroup.parse",
    "netsh-interfaces": "netsh_interfaces.parse",
    "netsh-networks": "netsh_networks.parse",
    "netsh-profiles": "netsh_profiles.parse",
    "netstat-routes": "netstat_routes.parse",
    "nft-ruleset": "nft_ruleset.parse",
    "nm-keyfile": "nm_keyfile.parse",
    "nmcli-joined": "nmcli_terse.parse_wifi",
    "nmcli-properties": "nmcli_terse.parse_properties",
    "nmcli-terse": "nmcli_terse.parse",
    "nmcli-wifi": "nmcli_wifi.parse",
    "nvme-sanitize-log": "nvme_sanitize_log.parse",
    "nwipe-log": "nwipe_log.parse",
    "nwipe-pdf": "nwipe_pdf.parse",
    "os-release": "os_release.parse",
    "pam": "pam.parse",
    "passwd": "unix_accounts.parse_passwd",
    "passwd-status": "passwd_status.parse",
    "pcap": "pcap.parse",
    "plist": "plist.parse",
    "powershell-json": "powershell_json.parse",
    "profiles-status": "profiles_status.parse",
    "pwpolicy": "pwpolicy.parse",
    "reg": "reg.parse",
    "repomd": "repomd.parse",
    "resolv-conf": "resolv_conf.parse",
    "rpm-qa": "rpm_query.parse",
    "rsn": "rsn.parse",
    "rsnapshot-log": "rsnapshot_log.parse",
    "santactl-status": "santactl_status.parse",
    "secedit": "secedit.parse",
    "security-descriptor": "security_descriptor.parse",
    "sentinelctl": "sentinelctl.parse",
    "settings-lines": "settings_lines.parse",
    "setupapi-log": "setupapi_log.parse",
    "sid": "security_descriptor.sid",
    "smartctl": "smartctl.parse",
    "snap-list": "snap_list.parse",
    "snapd": "snapd.parse",
    "snmp-device": "checks.snmp.recorded.device",
    "snmp-walk": "snmp_walk.parse",
    "snmprec": "snmprec.parse",
    "sudoers": "sudoers.parse",
    "system-extensions": "system_extensions.parse",
    "system-profiler-json": "system_profiler.parse",
    "system-profiler-text": "system_profiler.parse_text",
    "system-profiler-xml": "system_profiler.parse",
    "task-info": "task_info.parse",
    "ubuntu-pro": "ubuntu_pro.parse",
    "udev-rules": "udev_rules.parse",
    "ufw-status": "ufw_status.parse",
    "usbguard-conf": "usbguard_conf.parse",
    "usbguard-rules": "usbguard_rules.parse",
    "wevtutil-xml": "wevtutil_xml.parse",
    "wlan-profile-xml": "wlan_profile_xml.parse",
    "wmi-list": "wmi_list.parse",
    "wpa-cli-status": "wpa_cli_status.parse",
    "wpa-conf": "wpa_supplicant_conf.parse",
    "xfconf": "xfconf.parse",
    "xprotect-status": "xprotect.parse_status",
    "xprotect-version": "xprotect.parse_version",
    "xresources": "xresources.parse",
}
"""Name → module and function in this package, or from `checks.` on where reading takes what the
package may not import. Each takes bytes and gives a value or ParseError."""


def find(name: str) -> Callable[[bytes], object] | None:
    """The function that reads a format; None: there is no such format."""
    plain = name.lower()
    target = FORMATS.get(plain.replace("_", "-"))
    if target is None:
        module = plain.replace("-", "_") + ".parse"
        target = module if module in FORMATS.values() else None
    if target is None:
        return None
    return function(target)


def function(target: str) -> Callable[[bytes], object]:
    """What a line of the table names."""
    whole = target if target.startswith("checks.") else f"checks.formats.{target}"
    module, _, name = whole.rpartition(".")
    reader: Callable[[bytes], object] = getattr(import_module(module), name)
    return reader
