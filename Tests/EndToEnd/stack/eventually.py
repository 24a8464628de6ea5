"""Waiting for something to become true, with a deadline and never a fixed sleep."""

import time


def eventually(check, within, every=0.02, saying="it did not happen"):
    """Calls `check` until it returns something true, which is returned; fails after `within` seconds.

    An AssertionError or OSError of `check` counts as not yet.
    """
    deadline = time.monotonic() + within
    last = None
    while True:
        try:
            result = check()
            if result:
                return result
            last = result
        except (AssertionError, OSError) as error:
            last = error
        if time.monotonic() >= deadline:
            raise AssertionError(f"{saying} within {within} s; last: {last!r}")
        time.sleep(every)


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self):
        self.start = time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self.start
