"""Unpacks gzip, never further than a limit: a file of 10 MB can unpack to 10 GB. And what is raised
by a zip that is damaged."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib

from bluelamp.evidence.opening.table import CannotOpen

CHUNK = 1 << 20
# What zipfile raises for a damaged archive, an unknown or encrypted member, a name in no encoding,
# a member that begins before the file does.
DAMAGED_ZIP = (
    zipfile.BadZipFile,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)


def is_gzip(data: bytes) -> bool:
    return data[:2] == b"\x1f\x8b"


def unpack(data: bytes, most: int) -> bytes:
    """The bytes inside gzip bytes; raises CannotOpen where they are damaged or over `most`."""
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while part := stream.read(CHUNK):
                size += len(part)
                if size > most:
                    raise CannotOpen(
                        f"the .gz file unpacks to more than {most / (1 << 20):,.0f} MB, which no "
                        "table read here does; check that it is the right file, and if it is, "
                        "split it by year"
                    )
                parts.append(part)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise CannotOpen(
            "the .gz file is damaged or was cut off; download it again from its publisher"
        ) from error
    return b"".join(parts)
