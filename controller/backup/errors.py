"""What a backup or a restore says when it cannot be done."""


class BackupError(Exception):
    """The sentence says why, and what to do instead. Nothing was changed."""
