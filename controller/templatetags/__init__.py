"""Template tags of the controller."""
