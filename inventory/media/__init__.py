"""Approved drives: entered, decided about by somebody else, named to computers, ended."""
