"""The version of this agent, as every report says it.

A constant, because asking the installed package for it costs a tenth of an audit's processor time.
`tests/agent` holds it to `pyproject.toml`.
"""

from typing import Final

RELEASE: Final = "0.1.0"
