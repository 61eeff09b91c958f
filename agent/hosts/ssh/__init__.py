"""The door to another machine over SSH: it installs nothing there and leaves nothing behind."""
