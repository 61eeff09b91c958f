"""Photographs and papers on an entry's page: shown, added, taken off."""
