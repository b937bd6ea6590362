"""What a page needs beside its words: names for places in it, and the digest by which its policy knows its script."""

from __future__ import annotations

import base64
import hashlib
import re

_UNSAFE = re.compile(r"[^A-Za-z0-9_]")


def anchor(key: str) -> str:
    """Return a key as a part of an id, without spaces or signs; different keys give different ids.

    >>> anchor("dW1"), anchor("a b"), anchor("a-b")
    ('dW1', 'a-20-b', 'a-2d-b')
    """
    return _UNSAFE.sub(lambda found: f"-{ord(found[0]):x}-", key)


def digest(script: str) -> str:
    """Return the source expression of a content security policy for exactly this script.

    >>> digest("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
