"""Carries signed reports to the controller and lays its
signed answers beside them; holds no key (O13)."""
