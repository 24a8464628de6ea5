"""Moments of the calendar, as the admin API takes them."""

import datetime


def rfc3339(seconds):
    """The moment `seconds` from now, to the millisecond: one cut to whole seconds may have passed already."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
