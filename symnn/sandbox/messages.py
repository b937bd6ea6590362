"""What goes over the pipes of a child: a length and as much JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, BinaryIO

from symnn.errors import InputError

_LENGTH = 8


def packed(message: dict[str, Any]) -> bytes:
    """Return a message as the bytes to send.

    >>> packed({"call": "grad"})
    b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x10{"call": "grad"}'
    """
    text = json.dumps(message, allow_nan=False).encode("ascii")
    return len(text).to_bytes(_LENGTH, "big") + text


def unpacked(read: Callable[[int], bytes], most: int) -> bytes | None:
    """Return the JSON of the next message, read by ``read(n)``, or None where the other side has closed.

    Raises InputError for a message longer than ``most`` bytes, before it is read.
    """
    header = _exactly(read, _LENGTH)
    if header is None:
        return None
    length = int.from_bytes(header, "big")
    if length > most:
        raise InputError(f"a message of {length} bytes is longer than {most}")
    return _exactly(read, length)


def parsed(text: bytes) -> dict[str, Any]:
    """Return the object that JSON stands for. Raises ValueError, or RecursionError, for anything else."""
    message = json.loads(text)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    return message


def _exactly(read: Callable[[int], bytes], size: int) -> bytes | None:
    parts, missing = [], size
    while missing:
        part = read(min(missing, 2**20))
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def send(stream: BinaryIO, message: bytes) -> None:
    """Write a packed message and see that it leaves. Raises OSError where nobody reads."""
    stream.write(message)
    stream.flush()
