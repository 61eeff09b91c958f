"""Who may have the network looked at, where, with what: scopes, and what is sealed for scanners."""
