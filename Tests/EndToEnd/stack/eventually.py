"""Waiting for something to become true, with a deadline and never a fixed sleep."""

import threading
import time

# How much slower than a quiet machine one may be that still passes. Only a test that fails waits for so long.
PATIENCE = 3


def eventually(check, within, every=0.02, saying="it did not happen"):
    """Calls `check` until it returns something true, which is returned; fails after `within` seconds, as a quiet
    machine counts them.

    An AssertionError or OSError of `check` counts as not yet.
    """
    deadline = time.monotonic() + within * PATIENCE
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
            raise AssertionError(f"{saying} within {within * PATIENCE} s; last: {last!r}")
        time.sleep(every)


class Lateness:
    """Seconds by which this process was woken too late, summed up from its start: what a busy machine adds to every
    step of whatever a test measures, and what is not the gateway's."""

    PAUSE = 0.005

    def __init__(self):
        self.sum = 0.0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            before = time.monotonic()
            time.sleep(self.PAUSE)
            self.sum += max(0.0, time.monotonic() - before - self.PAUSE - 0.001)


LATENESS = Lateness()


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self):
        self.start = time.monotonic()
        self._late = LATENESS.sum

    @property
    def seconds(self):
        return time.monotonic() - self.start

    @property
    def due(self):
        """Seconds since it was made, less those that the machine was late by: for the figures that are promised."""
        return self.seconds - (LATENESS.sum - self._late)
