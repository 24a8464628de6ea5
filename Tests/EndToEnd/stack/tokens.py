"""Caller tokens, made here from their description."""

import secrets
import zlib

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def checksum(text):
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = DIGITS[digit] + digits
    return digits


def issue_token(deployment, user, project, environment, key):
    text = f"rtr_{deployment}_{user}_{project}_{environment}_{key}_" + "".join(
        secrets.choice(DIGITS) for _ in range(43)
    )
    return text + checksum(text)


def forged(token):
    """A well-formed token of the same id whose secret is another one."""
    head, secret = token.rsplit("_", 1)
    text = f"{head}_{'A' if secret[0] != 'A' else 'B'}{secret[1:43]}"
    return text + checksum(text)
