"""Arabic that was encoded twice: UTF-8 bytes once taken for windows-1252 (Ø§Ù„), latin-1 or windows-1256 (ط§ظ„)."""

from __future__ import annotations

import re

_CODECS = ("cp1252", "cp1256")
# «ظ،» may stand in honest Arabic, «Ø§» in no language: how many such pairs a text needs before it is doubted.
_PAIRS_NEEDED = {"cp1252": 2, "cp1256": 5}
_LEADS = range(0xD8, 0xDC)  # first bytes of the UTF-8 of U+0600 to U+06FF
_FOLLOWERS = range(0x80, 0xC0)
_ARABIC = re.compile("[\u0620-\u064a]")


def repaired(text: str) -> str:
    """Return `text` with what was encoded twice as it was meant; unchanged if any of it was lost on the way."""
    for codec in _CODECS:
        if _is_suspicious(text, codec):
            meant = _RUN[codec].sub(lambda run: _decoded(run[0]), text)
            return text if _PAIR[codec].search(meant) else meant
    return text


def is_garbled(text: str) -> bool:
    """Whether `text` is doubly encoded; after `repaired` that means for good."""
    return any(_is_suspicious(text, codec) for codec in _CODECS)


def _is_suspicious(text: str, codec: str) -> bool:
    """Whether pairs that stand for one Arabic letter are too many, and plain Arabic letters too few, for chance."""
    rest, pairs = _PAIR[codec].subn("", text)
    if pairs < _PAIRS_NEEDED[codec]:
        return False
    return codec == "cp1252" or len(_ARABIC.findall(rest)) * 10 <= pairs


def _decoded(run: str) -> str:
    for codec in _CODECS:
        table = _BYTES[codec]
        if all(char in table for char in run):
            try:
                return bytes(table[char] for char in run).decode("utf-8")
            except UnicodeDecodeError:
                continue
    return run


def _high_chars(codec: str) -> dict[str, int]:
    """Return what each byte from 0x80 on can have become; one without a character in windows-1252 stays itself."""
    table = {chr(byte): byte for byte in range(0x80, 0x100)} if codec == "cp1252" else {}
    readings = ((bytes([byte]).decode(codec, "ignore"), byte) for byte in range(0x80, 0x100))
    return table | {char: byte for char, byte in readings if char}


def _chars(codec: str, wanted: range, also: str = "") -> str:
    return (
        "[" + "".join(re.escape(char) for char, byte in _BYTES[codec].items() if byte in wanted) + also + "]"
    )


_BYTES = {codec: _high_chars(codec) for codec in _CODECS}
# A byte that was lost on the way left "?" or U+FFFD.
_PAIR = {
    codec: re.compile(_chars(codec, _LEADS) + _chars(codec, _FOLLOWERS, also="?\ufffd")) for codec in _CODECS
}
_RUN = {codec: re.compile(_chars(codec, range(0x80, 0x100)) + "+") for codec in _CODECS}
