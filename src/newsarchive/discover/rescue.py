"""From what servers send as a feed to a well-formed one that says the same.

Outlets send feeds that no XML parser takes: cut off, a PHP warning in front, tags of HTML in the text, an attribute
twice, entities that XML does not know. So the text is read once from left to right, token by token, and written anew:
a root with every namespace that is used, what stands outside the entries, and each entry by itself, balanced. Text
is decoded by one level and escaped again, so that what it means does not change. There is no document type in the
result, so nothing external can be asked for and no entity expands. Every step is linear in the length of the text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.entities import html5
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from newsarchive.discover.plain import clean

_ENTRIES = frozenset({"item", "entry"})
# In these, tags are the text's own; anywhere else they are the feed's.
_TEXTS = frozenset(
    {
        "title",
        "description",
        "summary",
        "content",
        "content:encoded",
        "subtitle",
        "dc:title",
        "dc:description",
    }
)
# Captions and podcast notes, which feedparser would take for the entry's own text.
_ASIDES = frozenset(
    {"media:title", "media:description", "media:text", "itunes:title", "itunes:subtitle", "itunes:summary"}
)
_NAMES = frozenset({"author", "dc:creator", "name"})
_MAIL_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w.-]{1,255}"
)  # feedparser cuts off only four letters of a top level domain
_RAW = _TEXTS | _ASIDES
_MOST_ATTRIBUTES = 32  # of one tag; a feed needs 10, and feedparser's work grows with their square
_DEEPEST = 32  # a feed needs 6; a flood of open tags would make each end tag a long search

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|rdf|feed|channel)(?=[\s>/])", re.IGNORECASE)
_TAG = re.compile(r"""<(/?)([A-Za-z_][\w:.-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*?)(/?)>""", re.ASCII)
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.ASCII)
_ENTRY_TAG = re.compile(r"</?(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_NEXT_FIELD = re.compile(
    r"<(?:link|guid|pubdate|published|updated|description|summary|content:encoded|category|author|dc:\w+)[\s>/]",
    re.IGNORECASE,
)
_CDATA, _CDATA_END, _COMMENT_END = re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>"), re.compile("-->")
_LESS_THAN, _GREATER_THAN = re.compile("<"), re.compile(">")
_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,8})|(\d{1,9}))|[A-Za-z][A-Za-z0-9]{1,30});")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):|\s([A-Za-z_][\w.-]{0,40}):[\w.-]+\s*=", re.ASCII)
_DECLARATION = re.compile(
    r"""\sxmlns:([A-Za-z_][\w.-]{0,40})\s*=\s*["']\s*([^"'<>\s]{1,200})""", re.ASCII | re.IGNORECASE
)

_ATOM = "http://www.w3.org/2005/Atom"
_RSS1 = "http://purl.org/rss/1.0/"
_NAMESPACES = {
    "atom": _ATOM,
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_RESERVED = ("http://www.w3.org/XML/1998", "http://www.w3.org/2000/xmlns")  # an error under another prefix
_FEEDS_OWN = frozenset({_ATOM, _RSS1, "http://purl.org/atom/ns#"})  # their elements lose their prefix


@dataclass(slots=True)
class Rescued:
    """A feed in pieces, each well-formed.

    Attributes:
        root: the root's start tag; `head` and `entries` belong into it.
        name: the root's name.
        head: everything outside the entries.
        entries: one piece of XML each, in the feed's order; the last one is missing if it was cut off.
        whole: whether the root's end was there.
    """

    root: str
    name: str
    head: str = ""
    entries: list[str] = field(default_factory=list)
    whole: bool = False

    def document(self, entries: list[str]) -> str:
        """Return one well-formed document with these of its entries."""
        return "".join((self.root, self.head, *entries, f"</{self.name}>"))


def root_of(text: str) -> int | None:
    """Return where the feed's first tag begins; what stands before it is no part of the feed."""
    found = _ROOT.search(text)
    return found.start() if found else None


def rescue(text: str) -> Rescued | None:
    """Return the feed in `text`, or None if there is none."""
    start = root_of(text)
    tag = None if start is None else _TAG.match(text, start)
    return None if tag is None else _Rescue(text, tag).run()


class _Rescue:
    """One reading of a feed's text, from the tag after its root to its end."""

    def __init__(self, text: str, root: re.Match[str]) -> None:
        self.text = text
        self.pos = root.end()
        self.ahead: dict[re.Pattern[str], tuple[int, re.Match[str] | None]] = {}
        attributes = _attributes(root[3])
        self.namespaces = _namespaces(text)
        self.name = self.local_name(root[2])
        self.result = Rescued(
            root=_root_tag(self.name, attributes, self.namespaces), name=self.name, whole=bool(root[4])
        )
        self.head = _Balanced()
        self.entry: _Balanced | None = None

    def run(self) -> Rescued:
        while self.pos < len(self.text) and not self.result.whole:
            self.step()
        if self.result.whole:
            self.finish_entry()
        self.result.head = self.head.closed()
        return self.result

    def step(self) -> None:
        """Read one token and write what it means."""
        text, start = self.text, self.pos
        if text[start] != "<":
            self.pos = self.before(_LESS_THAN, start)
            self.text_between(_decoded(text[start : self.pos]))
        elif text.startswith("<![CDATA[", start):
            self.pos = self.after(_CDATA_END, start)
            self.text_between(clean(text[start + len("<![CDATA[") : self.pos].removesuffix("]]>")))
        elif text.startswith(("<!", "<?"), start):
            self.pos = self.after(_COMMENT_END if text.startswith("<!--", start) else _GREATER_THAN, start)
        elif tag := _TAG.match(text, start):
            self.pos = tag.end()
            self.tag(tag)
        else:
            self.pos = start + 1
            self.out.text("<")

    def text_between(self, text: str) -> None:
        is_name = bool(self.out.stack) and self.out.stack[-1] in _NAMES
        self.out.text(_MAIL_ADDRESS.sub(" ", text) if is_name else text)

    @property
    def out(self) -> _Balanced:
        return self.head if self.entry is None else self.entry

    def tag(self, tag: re.Match[str]) -> None:
        name, is_empty = self.local_name(tag[2]), bool(tag[4])
        if tag[1]:
            self.end_tag(name)
        elif name in _RAW and not is_empty:
            self.text_element(name, tag)
        else:
            if name in _ENTRIES:
                self.finish_entry()
                self.entry = _Balanced()
            self.out.open(name, self.attributes(tag))
            if is_empty:
                self.out.shut(name)

    def text_element(self, name: str, tag: re.Match[str]) -> None:
        """Read an element of text with all that stands in it; XHTML becomes HTML, since it is written as text."""
        raw, attributes = self.raw_text(tag[2]), self.attributes(tag)
        is_xhtml = attributes.get("type") in ("xhtml", "application/xhtml+xml")
        if name not in _ASIDES:
            self.out.open(name, attributes | {"type": "html"} if is_xhtml else attributes)
            self.out.text(clean(raw) if is_xhtml else _meaning(raw))
            self.out.shut(name)

    def attributes(self, tag: re.Match[str]) -> dict[str, str]:
        pairs = _attributes(tag[3])
        return {self.local_name(key): value for key, value in pairs.items() if "xmlns" not in key.lower()}

    def end_tag(self, name: str) -> None:
        if name == self.name:
            self.result.whole = True
        elif self.entry is not None and self.entry.shut(name):
            if not self.entry.stack:
                self.finish_entry()
        elif name in self.head.stack:
            self.finish_entry()
            self.head.shut(name)

    def finish_entry(self) -> None:
        if self.entry is not None:
            self.result.entries.append(self.entry.closed())
            self.entry = None

    def raw_text(self, tag: str) -> str:
        """Read on to the end tag of an element that holds text, whatever stands in between."""
        start = self.pos
        end_tag = re.compile(rf"</{re.escape(tag)}\s*>", re.IGNORECASE)
        cdata = self.before(_CDATA, start)
        if cdata < min(self.before(pattern, start) for pattern in (end_tag, _ENTRY_TAG, _NEXT_FIELD)):
            cdata_end = self.before(_CDATA_END, cdata)
            # A second CDATA before the first one's end says that the first one's end is missing.
            if self.before(_CDATA, cdata + 1) > cdata_end:
                start = cdata_end
        end, entry_end = self.before(end_tag, start), self.before(_ENTRY_TAG, start)
        if end > entry_end:  # its end tag is missing
            end = min(entry_end, self.before(_NEXT_FIELD, start))
            raw, self.pos = self.text[self.pos : end], end
        else:
            raw, self.pos = self.text[self.pos : end], self.after(end_tag, start)
        return raw

    def find(self, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
        """Find a pattern from `start` on; what was found ahead is kept, so that all searches together are linear."""
        asked, found = self.ahead.get(pattern, (start + 1, None))
        if asked > start or (found is not None and found.start() < start):
            found = pattern.search(self.text, start)
            self.ahead[pattern] = (start, found)
        return found

    def before(self, pattern: re.Pattern[str], start: int) -> int:
        found = self.find(pattern, start)
        return found.start() if found else len(self.text)

    def after(self, pattern: re.Pattern[str], start: int) -> int:
        found = self.find(pattern, start)
        return found.end() if found else len(self.text)

    def local_name(self, name: str) -> str:
        """Return a tag's or attribute's name in lower case, with its prefix only if that means another vocabulary."""
        prefix, _, local = name.lower().rpartition(":")
        prefix = prefix.rpartition(":")[2]
        local = local if local[:1].isalpha() else f"_{local}"
        is_foreign = prefix == "xml" or self.namespaces.get(prefix, _ATOM) not in _FEEDS_OWN
        return f"{prefix}:{local}" if is_foreign else local


class _Balanced:
    """XML that is written tag by tag and is well-formed whenever it is closed."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.stack: list[str] = []

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.stack) < _DEEPEST:
            self.stack.append(name)
            self.parts.append(_start_tag(name, attributes))

    def text(self, text: str) -> None:
        self.parts.append(escape(text))

    def shut(self, name: str) -> bool:
        """Close the innermost element of that name and all within it; False if none is open."""
        if name not in self.stack:
            return False
        while (inner := self.stack.pop()) != name:
            self.parts.append(f"</{inner}>")
        self.parts.append(f"</{name}>")
        return True

    def closed(self) -> str:
        while self.stack:
            self.parts.append(f"</{self.stack.pop()}>")
        return "".join(self.parts)


def _start_tag(name: str, attributes: dict[str, str]) -> str:
    return f"<{name}" + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items()) + ">"


def _root_tag(name: str, attributes: dict[str, str], namespaces: dict[str, str]) -> str:
    kept = {
        key.lower(): value
        for key, value in attributes.items()
        if key.lower() in ("version", "xml:base", "xml:lang")
    }
    declared = {f"xmlns:{prefix}": uri for prefix, uri in namespaces.items()}
    return _start_tag(name, kept | declared)


def _namespaces(text: str) -> dict[str, str]:
    """Return the address of each prefix that is declared or used anywhere."""
    used = {(one or other).lower() for one, other in _PREFIX.findall(text)}
    spaces = {prefix: _NAMESPACES.get(prefix, f"urn:undeclared:{prefix}") for prefix in sorted(used)}
    for prefix, uri in reversed(_DECLARATION.findall(text)):  # the first one counts
        if not uri.startswith(_RESERVED):
            spaces[prefix.lower()] = html.unescape(uri)
    spaces.pop("xml", None)
    spaces.pop("xmlns", None)
    return spaces


def _attributes(source: str) -> dict[str, str]:
    """Read a tag's attributes; of one that is given twice the first counts."""
    pairs: dict[str, str] = {}
    for found in islice(_ATTRIBUTE.finditer(source), _MOST_ATTRIBUTES):
        key, *values = found.groups("")
        pairs.setdefault(key, " ".join(_decoded("".join(values)).split()))
    return pairs


def _meaning(raw: str) -> str:
    """Decode a text that may hold CDATA sections, one within another or one whose end is missing."""
    before, cdata, rest = raw.partition("<![CDATA[")
    if not cdata:
        return _decoded(raw)
    inside, end, after = rest.rpartition("]]>")
    inside, after = (inside, after) if end else (after.rstrip("]"), "")
    return _decoded(before) + clean(inside.replace("<![CDATA[", "").replace("]]>", "")) + _decoded(after)


def _decoded(text: str) -> str:
    return clean(_REFERENCE.sub(_char, text))


def _char(reference: re.Match[str]) -> str:
    """Return the character that a reference names; nothing for one that does not exist, an unknown name as it is."""
    if not (reference[1] or reference[2]):
        return html5.get(reference[0][1:], reference[0])
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    if number in range(0xD800, 0xE000):
        return chr(number)
    return "" if number == 0 or number > 0x10FFFF else html.unescape(reference[0])  # noqa: PLR2004 - the last character
