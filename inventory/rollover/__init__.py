"""September: classes, trolleys and people move in one step, with a preview and an undo (S24)."""
