"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step, with the rights that any new file has; raise `OSError` and leave nothing behind."""
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
        try:
            file.write(content)
        except OSError:
            os.unlink(file.name)
            raise
    try:
        # A temporary file is private; a report is a file like any other.
        os.chmod(file.name, 0o666 & ~_umask())
        os.replace(file.name, path)
    except OSError:
        os.unlink(file.name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
