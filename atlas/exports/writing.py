"""Files put in their place in one step: written beside, then renamed, so that nobody ever finds half a file."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
"""Numbers of the errors that say that a disk, or one's part of it, is full."""


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`. A file that stood there stays until the new one is whole. Raises OSError; nothing is left behind then."""
    handle, name = tempfile.mkstemp(prefix=".atlas-", suffix=".part", dir=path.absolute().parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
