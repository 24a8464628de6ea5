"""What the planes exchange, written a second time from its description, so that both sides can be wrong alone.

Frames: magic | u32 header length | header | u32 body length | body | u8 count | {u8 length, key id, 64 bytes}.
"""

import base64
import gzip
import hashlib
import hmac
import json
import os
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MAGIC = b"RTRS\x01"
SNAPSHOT = "application/vnd.router.snapshot.v1+json"
HEARTBEAT = "application/vnd.router.heartbeat.v1+json"


def pre_authentication_encoding(kind, payload):
    return b"DSSEv1 %d %s %d " % (len(kind), kind.encode(), len(payload)) + payload


class SigningKey:
    def __init__(self):
        self.private = Ed25519PrivateKey.generate()
        self.public = self.private.public_key().public_bytes_raw()
        self.id = hashlib.sha256(self.public).hexdigest()[:16]

    def sign(self, kind, payload):
        return self.private.sign(pre_authentication_encoding(kind, payload))


def frame(header, body, signatures):
    data = MAGIC + struct.pack(">I", len(header)) + header + struct.pack(">I", len(body)) + body
    data += bytes([len(signatures)])
    for key_id, signature in signatures:
        data += bytes([len(key_id)]) + key_id.encode() + signature
    return data


def signed(kind, header, body, *keys):
    return frame(header, body, [(key.id, key.sign(kind, header)) for key in keys])


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def snapshot(body, cluster, version, key, epoch=1, raw=None, compressed=None, kind=SNAPSHOT, header=None):
    """A sealed snapshot; `header` replaces members of its header, and leaves out those that it says are None."""
    raw = compact(body) if raw is None else raw
    compressed = gzip.compress(raw, mtime=0) if compressed is None else compressed
    fields = {
        "schema": {"major": 1, "minor": 0},
        "cluster_id": cluster,
        "epoch": epoch,
        "version": version,
        "previous_sha256": "0" * 64,
        "body_sha256": hashlib.sha256(compressed).hexdigest(),
        "body_length": len(compressed),
        "raw_length": len(raw),
        "encoding": "gzip",
        "issued_at": 1_700_000_000_000,
        "built_by": "hostile-control-plane/1",
        "features": [],
        "counts": {
            name: len(body[name]) if isinstance(body.get(name), list) else 0
            for name in ("providers", "models", "groups", "tokens")
        },
        **(header or {}),
    }
    return signed(kind, compact({k: v for k, v in fields.items() if v is not None}), compressed, key)


def token_code(token, pepper):
    return hmac.new(pepper, token.encode(), hashlib.sha256).hexdigest()


def trust_document(cluster, epoch, *keys):
    return compact({
        "cluster_id": cluster, "epoch": epoch,
        "keys": [
            {"id": key.id, "public_key": base64.b64encode(key.public).decode()}
            for key in sorted(keys, key=lambda key: key.id)
        ],
    })


# ---- HPKE, RFC 9180, base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305 -----------------------------------------

_KEM = b"KEM" + struct.pack(">H", 0x0020)
_SUITE = b"HPKE" + struct.pack(">HHH", 0x0020, 0x0001, 0x0003)


def _extract(salt, key):
    return hmac.new(salt or b"\x00" * 32, key, hashlib.sha256).digest()


def _expand(key, info, length):
    output, block, number = b"", b"", 1
    while len(output) < length:
        block = hmac.new(key, block + info + bytes([number]), hashlib.sha256).digest()
        output, number = output + block, number + 1
    return output[:length]


def _labeled_extract(suite, salt, label, key):
    return _extract(salt, b"HPKE-v1" + suite + label + key)


def _labeled_expand(suite, key, label, info, length):
    return _expand(key, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)


def hpke_seal(public_key, info, associated, plain):
    """The encapsulated key and the ciphertext."""
    ephemeral = X25519PrivateKey.generate()
    encapsulated = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    eae = _labeled_extract(_KEM, b"", b"eae_prk", shared)
    secret = _labeled_expand(_KEM, eae, b"shared_secret", encapsulated + public_key, 32)
    context = b"\x00" + _labeled_extract(_SUITE, b"", b"psk_id_hash", b"")
    context += _labeled_extract(_SUITE, b"", b"info_hash", info)
    key = _labeled_extract(_SUITE, secret, b"secret", b"")
    nonce = _labeled_expand(_SUITE, key, b"base_nonce", context, 12)
    return encapsulated, ChaCha20Poly1305(_labeled_expand(_SUITE, key, b"key", context, 32)).encrypt(
        nonce, plain, associated
    )


def sealed_secrets(public_key, cluster, node, epoch, snapshot_sha256, peppers, provider_secrets):
    plain = compact({
        "peppers": {name: base64.b64encode(value).decode() for name, value in peppers.items()},
        "provider_secrets": provider_secrets,
    })
    info = f"router/secrets/v1|{cluster}|{node}|{epoch}".encode()
    encapsulated, sealed = hpke_seal(public_key, info, bytes.fromhex(snapshot_sha256), plain)
    return b"RTSB\x01" + encapsulated + sealed
