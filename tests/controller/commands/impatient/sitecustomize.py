"""Python loads this by itself where a test puts its folder on PYTHONPATH: a server with less time
for a body, so that nobody waits twenty seconds to see that it does not wait for ever."""

from controller import patience

vars(patience)["BODY_SECONDS"] = 6.0
