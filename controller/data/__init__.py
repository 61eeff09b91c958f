"""The folder a controller lives in, and what lies in it that is no database and no key (O23)."""
