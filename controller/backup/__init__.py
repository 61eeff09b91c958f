"""Backups of the whole controller, and bringing one back (O5, O25).

Nothing here knows the command line; the commands `backup`, `restore` and `migrate` do.
"""
