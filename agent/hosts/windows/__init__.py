"""The door to this machine where it runs Windows.

Nobody ran it on a Windows machine: it was written after Microsoft's documentation, and what needs
no Windows (scripts, answers, paths, values) is tested against stand-ins for `winreg`, PowerShell
and the file system, which say so.
"""
