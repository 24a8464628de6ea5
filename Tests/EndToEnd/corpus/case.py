"""One malformed request and what may come of it."""

import enum


class Expect(enum.Enum):
    # A 4xx in the caller's envelope: the framing is sound, so the caller can be told.
    REFUSED = "refused"
    # A 4xx, with or without a body, or a close without a word: the framing cannot be trusted.
    REFUSED_OR_CLOSED = "refused or closed"
    # The same, but what precedes the malformed part may be answered well.
    ANSWERED_THEN_REFUSED = "answered, then refused or closed"


class Case:
    """`after` is what the sender does when all is said: keep waiting, or finish its side."""

    def __init__(self, name, data, expect, dialect="chat", finish=False, statuses=None):
        self.name = name
        self.data = data
        self.expect = expect
        self.dialect = dialect
        self.finish = finish
        self.statuses = statuses

    def __repr__(self):
        return self.name
