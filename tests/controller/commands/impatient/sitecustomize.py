"""Python loads this by itself where a test puts its folder on PYTHONPATH: a server with less time
for a body and for an answer, so that nobody waits half a minute to see that it does not wait for
ever."""

from controller.serving import deaf, patience

vars(patience)["BODY_SECONDS"] = 6.0
vars(deaf)["TAKES_SECONDS"] = 2
