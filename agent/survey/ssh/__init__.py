"""Switches and access points that have no SNMP, asked over SSH: commands that only show (network
§2.2). What each maker is asked stands in `makers.toml`."""
