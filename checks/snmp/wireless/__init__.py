"""Wireless networks as controllers and access points have them set up, maker by maker.

Each maker's module names its columns one by one; the columns beside them hold keys, and are in
`checks.snmp.denied`.
"""
