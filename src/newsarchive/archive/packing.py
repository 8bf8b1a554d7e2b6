"""How a page is packed: with zstd, and another page as raw dictionary, so that what an outlet prints on every page is kept once.

    content -> choose -> Packed -> (the pages file) -> unpack -> content

The figures are of 55 saved pages of 11 Arabic outlets (`python bench/storage.py` measures any others). A page packed with another of its source
took .07 to .65 of what it takes alone, with one of another source or design .78 to 1. Level 15 takes 4 % less room than 10 and ten times as
long. The dictionary is given as a prefix, which needs no digesting; zstd's long matching made pages with a dictionary up to 25 times larger.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

SIZES = (4 << 10, 1 << 20)
"""Bytes of a page that others may be packed with: a smaller one is a bare notice; a larger one makes all of them slow to read."""

_LEVEL = 10
_FIT = 0.75  # of what a page takes alone; one that takes more shares no furniture with its dictionary
_SHORTEST = 8  # bytes: zstd takes no shorter dictionary, and it would be of no use
_WINDOWS = (10, 27)  # zstd's own bounds, as a power of 2: within them a reader takes no more than 128 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A page as it is stored.

    Attributes:
        content: a zstd frame.
        dictionary: hash of the page whose bytes are its raw dictionary, or None if it stands alone.
    """

    content: bytes
    dictionary: str | None = None


def choose(content: bytes, dictionaries: Mapping[str, bytes]) -> Packed:
    """Pack a page in the way that takes the least room.

    One that could be a dictionary and fits none of them stands alone: after a redesign it is the first of its kind.

    Args:
        content: the page's bytes.
        dictionaries: pages that may be its dictionary, by their hashes.
    """
    alone = Packed(content=pack(content))
    others = (Packed(content=pack(content, raw), dictionary=key) for key, raw in dictionaries.items())
    best = min((alone, *others), key=lambda packed: len(packed.content))
    fits = len(best.content) <= _FIT * len(alone.content)
    return best if fits or not suitable(content) else alone


def suitable(content: bytes) -> bool:
    """Say whether other pages may be packed with this one: a whole HTML page of a fair size, so no feed's full text."""
    return SIZES[0] <= len(content) <= SIZES[1] and b"<html" in content[:1024].lower()


def few(keys: Sequence[str]) -> list[str]:
    """Return which of a month's dictionaries are worth trying, of all of them, newest first: the last two and the first.

    The last two, because a source may have changed its design or have two; the first, so that some odd pages do not displace it.
    """
    return [*keys[:2], *keys[2:][-1:]]


def pack(content: bytes, dictionary: bytes = b"") -> bytes:
    """Compress bytes to a zstd frame, with others as its raw dictionary if they are given."""
    # The window must reach over the whole page: behind its end zstd does not see the dictionary any more.
    window = min(max(len(content).bit_length(), _WINDOWS[0]), _WINDOWS[1])
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: _LEVEL,
        zstd.CompressionParameter.window_log: window,
    }
    return zstd.compress(content, options=options, zstd_dict=_prefix(dictionary))


def unpack(frame: bytes, *, key: str, length: int, dictionary: bytes = b"") -> bytes:
    """Give back what was packed, never anything else, in no more memory than `length` and the window.

    Args:
        frame: what `pack` returned.
        key: SHA-256 of the bytes that were packed, as hexadecimal text.
        length: how many they were.
        dictionary: what they were packed with.

    Raises:
        ValueError: damaged, or another dictionary.
    """
    try:
        content = _decompress(frame, length, dictionary)
    except zstd.ZstdError as error:
        raise ValueError(f"page {key} cannot be unpacked") from error
    if hashlib.sha256(content).hexdigest() != key:
        raise ValueError(f"page {key} is not what was packed")
    return content


def _decompress(frame: bytes, length: int, dictionary: bytes) -> bytes:
    if zstd.get_frame_info(frame).decompressed_size != length:
        raise zstd.ZstdError("another length")
    return zstd.ZstdDecompressor(zstd_dict=_prefix(dictionary)).decompress(frame, max_length=length)


def _prefix(dictionary: bytes) -> tuple[zstd.ZstdDict, int] | None:
    return zstd.ZstdDict(dictionary, is_raw=True).as_prefix if len(dictionary) >= _SHORTEST else None
