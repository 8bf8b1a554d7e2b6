"""Bodies as they arrive: unzipped piece by piece, and never more of them than was allowed."""

from __future__ import annotations

import zlib

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's window bits for a gzip member


class BodyError(Exception):
    """A body that cannot be had.

    Attributes:
        outcome: `too-large`, `decode` or `truncated`.
    """

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(outcome, detail)
        self.outcome = outcome
        self.detail = detail


class Body:
    """One response body.

    The limit holds for the wire and for what comes out of it, so a bomb costs `limit` bytes of memory and no more.

    Args:
        coding: the Content-Encoding header; only gzip is ever asked for.
        limit: bytes.
        cut: whether a longer body is cut at the limit, instead of refused.

    Raises:
        BodyError: here and in every method, for a coding other than gzip and a body that does not hold what it says.
    """

    def __init__(self, coding: bytes, limit: int, *, cut: bool = False) -> None:
        names = [name.strip().lower() for name in coding.split(b",")]
        names = [name for name in names if name not in (b"", b"identity")]
        if names not in ([], [b"gzip"], [b"x-gzip"]):
            raise BodyError(
                "decode", f"the server sent {coding[:40].decode('ascii', 'replace')}, gzip was asked for"
            )
        self._member = zlib.decompressobj(_GZIP) if names else None
        self._held = b""
        self._over = False  # whether only padding follows the last gzip member
        self._limit = limit
        self._cut = cut
        self._wire = 0
        self._content = bytearray()

    def add(self, chunk: bytes) -> bool:
        """Take the next piece; False once nothing more is wanted."""
        self._wire += len(chunk)
        if self._member is None:
            self._content += chunk
        else:
            self._gunzip(self._held + chunk)
        if max(self._wire, len(self._content)) <= self._limit:
            return True
        if not self._cut:
            raise BodyError("too-large", f"more than {self._limit} bytes")
        return False

    def finish(self) -> bytes:
        """Return the body, after its last piece."""
        if self._member is not None and self._wire and not self._member.eof:
            raise BodyError("truncated", "the gzip stream ends early")
        return self.start()

    def start(self) -> bytes:
        """Return what has come so far, up to the limit."""
        return bytes(self._content[: self._limit])

    def _gunzip(self, data: bytes) -> None:
        self._held = b""
        try:
            while data and not self._over and len(self._content) <= self._limit:
                data = self._next_member(data)
        except zlib.error as error:
            raise BodyError("decode", f"not gzip: {error}") from error

    def _next_member(self, data: bytes) -> bytes:
        """Unzip up to the end of one member and return what follows it."""
        if self._member is None or self._member.eof:
            if len(data) < len(_GZIP_MAGIC):
                self._held = data
                return b""
            if not data.startswith(_GZIP_MAGIC):
                self._over = True
                return b""
            self._member = zlib.decompressobj(_GZIP)
        self._content += self._member.decompress(data, self._limit + 1 - len(self._content))
        return self._member.unused_data
