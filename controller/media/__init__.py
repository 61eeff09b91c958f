"""The register of approved drives: its pages, and what it changes in the policy."""
