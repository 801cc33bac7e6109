"""Files that lie sealed on the disk, chunk by chunk, and are opened into a file without a name."""

import tempfile
from contextlib import contextmanager

from .sealed import opened_bytes, seal_bytes


def write_sealed(target, chunks):
    """Write chunks of bytes to a binary file, each under the first key, one a line."""
    for chunk in chunks:
        target.write(seal_bytes(chunk) + b"\n")


@contextmanager
def open_sealed(path):
    """Yield the bytes of a sealed file as an open one, which no directory names; None when no key opens them."""
    with tempfile.TemporaryFile() as file:
        with path.open("rb") as sealed:
            chunks = (opened_bytes(line.rstrip(b"\n")) for line in sealed)
            whole = all(chunk is not None and file.write(chunk) is not None for chunk in chunks)
        file.seek(0)
        yield file if whole else None
