"""Licences of a school's software, held against what is installed."""
