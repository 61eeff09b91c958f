"""What scanners are sent, without signatures: kept apart from `samples` for its length alone."""

import msgspec

from wire import credentials, scope

SITE = "site_01JD9YBXRZ8QK2M4N6P8R0S2T4"
PLACES = ["10.20.0.0/28", "10.20.0.20"]


def scope_of(device: str, at: int) -> scope.Scope:
    """One that uses every field."""
    return scope.Scope(
        site=SITE,
        version=2,
        issued_at=at,
        expires_at=at + 300 * 86_400,
        authorised_by="Anna Müller",
        role="Head teacher",
        contact="01632 960123",
        scanner=device,
        subnets=["10.20.0.0/24", "10.20.4.0/22", "fd12:3456:789a::/64"],
        exclude=["10.20.0.9", "10.20.4.0/28", "00:1b:63", "00:04:f2:aa:bb:cc"],
        hours=scope.Hours(begins_minute=1_080, ends_minute=360, timezone="Europe/London"),
        dhcp=True,
        listens=True,
        services=[scope.Service(name="telnet", port=23)],
        credentials=[
            scope.Credential(
                id="switches", kind="snmp-v3", addresses=["10.20.0.0/28", "10.20.0.20"]
            )
        ],
        air="wlan0",
        equipment_of_others=[
            scope.Others(
                what="Tills", by="Caterer", statement_on="2026-09-01", addresses=["10.20.0.64/27"]
            )
        ],
    )


def small(large: scope.Scope) -> scope.Scope:
    """One with little in it, to be damaged at every byte."""
    return msgspec.structs.replace(
        large,
        subnets=["10.20.0.0/24"],
        exclude=[],
        services=[],
        credentials=[],
        air="",
        equipment_of_others=[],
    )


def held(large: scope.Scope, at: int) -> credentials.Credentials:
    """Sealed once, by `credentials.seal`, for the scanner whose key is the bytes 0 to 31."""
    return credentials.Credentials(
        site=large.site,
        device=large.scanner,
        at=at,
        sealed=[
            credentials.SealedSecret(
                id="switches",
                kind="snmp-v3",
                sealed=(
                    "cb88JyojLfbXB1TPNjMv9LzSv6uJy6k/uBBCRuYJBmYya380Jp0mPSahSLGcML2t4AUrF28uh+2t"
                    "6xyT7rAOUOzNjwnaJFRzdrScnvryIt0MwEWgAFjRuPOd13WQvR7MaZZICalBpD14LBUt5j/BP8Q6"
                    "2RP9Zy5T/vg6AWCJ+uQa+3bsE5O7mVAL0/axkO4J0yaYlYjoqX4QleuHkLjzrrM+iFbreeqqISnM"
                    "S09XLHD9qqODSIPNjyd5B1Y="
                ),
            )
        ],
    )
