"""Several people at the same moment, each in a thread with a connection of their own."""

import threading
from collections.abc import Callable

from django.db import connection

from inventory.assets.errors import RegisterError


def at_once(
    *works: Callable[[], object],
    said: Callable[[RegisterError], str] = lambda error: type(error).__name__,
) -> list[str]:
    """What came of each, sorted: "done", or what is `said` of its refusal."""
    found: list[str] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
            found.append("done")
        except RegisterError as error:
            found.append(said(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)
