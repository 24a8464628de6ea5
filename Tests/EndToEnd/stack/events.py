"""A strict reader of server-sent events: what it accepts is what every client accepts."""

import json


class Event:
    """One event: its name or None, its data as text, and the bytes it came in."""

    def __init__(self, name, data, raw):
        self.name = name
        self.data = data
        self.raw = raw

    def json(self):
        return json.loads(self.data)

    def __repr__(self):
        return f"<{self.name}: {self.data[:120]}>"


def parse_events(body):
    """The events of a whole stream; comments are left out, anything irregular fails."""
    assert body.endswith(b"\n\n"), f"the stream does not end with a whole event: {body[-80:]!r}"
    events = []
    for raw in body[:-2].split(b"\n\n"):
        name, data = None, []
        for line in raw.decode("utf-8").split("\n"):
            if line.startswith(":"):
                continue
            field, colon, value = line.partition(": ")
            assert colon, f"not a field: {line!r}"
            if field == "event":
                assert name is None, "two event fields"
                name = value
            elif field == "data":
                data.append(value)
            else:
                raise AssertionError(f"unexpected field {field!r}")
        if data or name:
            events.append(Event(name, "\n".join(data), raw + b"\n\n"))
    return events
