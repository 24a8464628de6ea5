"""Directives: what a user's text tells the demo provider to do."""

import base64
import json


def call(tools, *arguments):
    """The model calls `tools` in turn, one name or several with commas, once with each of `arguments`, at once.

    An argument is an object or a text.
    """
    return f"[[demo tool={tools} tools={len(arguments)} args={encoded(*arguments)}]]"


def calls_one_by_one(tools, *arguments):
    """As `call`, but each call waits for the result of the one before."""
    return f"[[demo tool={tools} steps={len(arguments)} args={encoded(*arguments)}]]"


def answer(text):
    """The model answers with `text`, of several lines perhaps."""
    return f"[[demo text={encoded(text)}]]"


def encoded(*values):
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    return ",".join(base64.b64encode(text.encode()).decode() for text in texts)
