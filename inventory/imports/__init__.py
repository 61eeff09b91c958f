"""Sheets into the register and out of it: read, understood, tried out row by row, then written."""
