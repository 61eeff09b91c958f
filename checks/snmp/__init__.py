"""What is asked of switches, access points, controllers, printers and UPSs over SNMP, and what is
made of their answers.

Pure: `asking.Snmp` is the door, opened by a recording here or by the network in `agent.survey`.
Every identifier that may ever be asked for stands in `columns`, `wireless_columns` or
`answers.toml`; every column that holds a key, a password or a person's name stands in `denied`, and
is refused before anything is sent (network §1.2, §4).
"""
