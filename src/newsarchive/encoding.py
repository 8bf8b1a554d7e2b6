"""Bytes to text, for feeds and pages whose servers are wrong about their encoding.

What the bytes show is believed before what anybody says: a byte order mark, then valid UTF-8, then an Arabic
encoding in which the words come out as Arabic words; only then the charset of the HTTP header, the document's own
declaration, and last windows-1256, which reads French as well as windows-1252 does.

No function here raises on outside data; no result contains a NUL or a lone surrogate.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

_BOMS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Python's codecs that are charsets of documents; others (idna, unicode_escape, rot13 ...) raise or do worse.
_CHARSETS = re.compile(
    r"cp\d+|iso8859-\d+|utf-8|ascii|koi8-\w|mac-\w+|gb\w+|big5\w*|shift_jis\w*|euc_\w+|tis-620"
)
_ALIASES = {  # as browsers read these names, not as Python does
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso-8859-8-i": "iso8859-8",
    "x-mac-arabic": "mac-arabic",
    "gb2312": "gb18030",
    "x-sjis": "shift_jis",
}
_ARABIC_CHARSETS = ("cp1256", "iso8859-6")
_SINGLE_BYTE_WORDS = re.compile(rb"[\x80-\xff]{3,}")
_NOT_ASCII = bytes(range(0x80, 0x100))
# Read rightly, real Arabic, Persian and Urdu feeds show .97 and more; Hebrew, Russian and Greek ones read as Arabic .52 and less.
_ARABIC_SHARE = 0.8
_SAMPLE = 100_000
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w:.-]{1,40})", re.IGNORECASE)
_META_REACH = 16_384  # bytes; browsers look at 1,024, but some pages put a style sheet before their charset


def decode(
    content: bytes,
    *,
    charset: str | None = None,
    http_charset: str | None = None,
    declared: str | None = None,
) -> str:
    """Return `content` as text.

    Args:
        content: the document's bytes.
        charset: overrides everything but a byte order mark; an unknown name is ignored.
        http_charset: what the HTTP header says.
        declared: what the document says of itself.
    """
    for mark, codec in _BOMS:
        if content.startswith(mark):
            return _read(content[len(mark) :], codec)
    while content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
    claims = [known for known in map(_codec, (http_charset, declared)) if known is not None]
    return _read(content, _codec(charset) or _utf16(content) or _shown(content, claims))


def decode_html(content: bytes, *, content_type: str | None = None, charset: str | None = None) -> str:
    """Return an HTML page as text.

    Args:
        content: the page's bytes.
        content_type: the HTTP header of that name.
        charset: overrides everything but a byte order mark.
    """
    head = content[:_META_REACH]
    found = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    declared = found[1].decode("ascii", "replace") if found else None
    return decode(content, charset=charset, http_charset=charset_of(content_type), declared=declared)


def content_type_of(headers: Mapping[str, str] | None) -> str | None:
    """Return the Content-Type among headers, whatever case its name is in."""
    return next((value for key, value in (headers or {}).items() if key.lower() == "content-type"), None)


def charset_of(content_type: str | None) -> str | None:
    """Return the charset that a Content-Type header names, in lower case, or None."""
    found = re.search(r"charset\s*=\s*[\"']?\s*([\w:.-]+)", content_type or "", re.IGNORECASE)
    return found[1].lower() if found else None


def xml_encoding(content: bytes) -> str | None:
    """Return the encoding that an XML declaration near the start of `content` names, or None."""
    found = _XML_ENCODING.search(content[:_META_REACH])
    return found[1].decode("ascii", "replace") if found else None


def _read(content: bytes, codec: str) -> str:
    return content.decode(codec, "replace").replace("\x00", "").removeprefix("\ufeff")


def _codec(label: str | None) -> str | None:
    """Return Python's name of a charset label, None if there is none that could be meant."""
    name = re.sub(r"^(windows|win|cp|ansi)[-_]?(?=\d)", "cp", (label or "").strip(" \t\r\n\"';").lower())
    name = "utf-8" if name.startswith("utf8") else name
    try:
        known = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return _ALIASES.get(known, known) if _CHARSETS.fullmatch(known) else None


def _utf16(content: bytes) -> str | None:
    """Return the UTF-16 that lacks its mark: markup is ASCII, so every other byte of its head is NUL."""
    head = content[:60]
    even, odd, half = head[::2].count(0), head[1::2].count(0), len(head) // 2
    if odd > half / 2 and not even:
        return "utf-16-le"
    if even > half / 2 and not odd:
        return "utf-16-be"
    return None


def _shown(content: bytes, claims: list[str]) -> str:
    if _is_utf8(content):
        return "utf-8"
    claims = [claim for claim in claims if claim != "utf-8"]  # just found untrue
    words = b" ".join(_SINGLE_BYTE_WORDS.findall(content))[:_SAMPLE]
    best = max((*claims, *_ARABIC_CHARSETS), key=lambda codec: _arabic_share(words, codec))
    if _arabic_share(words, best) >= _ARABIC_SHARE:
        return best
    return claims[0] if claims else "cp1256"


def _is_utf8(content: bytes) -> bool:
    """Whether `content` is UTF-8, or was until a few bytes were damaged.

    In windows-1256 a letter before a comma looks like one UTF-8 character, so well-formed ones must outnumber the
    broken bytes; two to one is far from both kinds of text.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        whole = len(text) - len(content.translate(None, _NOT_ASCII)) - broken
        return whole > 2 * broken
    return True


def _arabic_share(words: bytes, codec: str) -> float:
    """Return how much of the words' letters are Arabic if read as `codec`, 0 to 1."""
    text = words.decode(codec, "replace")
    # A control between letters is a letter of another encoding: windows-1256 has پ چ ژ گ where ISO 8859-6 has none.
    letters = sum(char.isalpha() or char == "\ufffd" or "\x80" <= char <= "\x9f" for char in text)
    marks = sum("\u064b" <= char <= "\u0652" for char in text)
    arabic = sum("\u0620" <= char <= "\u064a" or "\u0671" <= char <= "\u06d3" for char in text)
    return arabic / (letters + marks) if letters else 0.0
