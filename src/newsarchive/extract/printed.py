"""Where a page prints its article's date: near the headline, not in a bar, a list or a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsarchive.arabic import fold
from newsarchive.arabic.dates import published_part
from newsarchive.arabic.datewords import HIJRI_MONTHS, LABELS, MONTHS, SPOILERS_OF_TIME, WEEKDAYS
from newsarchive.extract.headline import agree
from newsarchive.extract.text import clean_line, key

_HEADINGS = ("h1", "h2, h3, [class*=title], [class*=headline]")
_DATED = "time, abbr.published, .entry-date, .post-date, .article-date, .published, .date"
_BAR = re.compile(
    r"(?:^|[-_\s])(?:top-?bar|today|now|clock|current|ticker|weather)(?:$|[-_\s])", re.IGNORECASE
)
_SHORT = 90  # characters of an element that can be a date line
_PARAGRAPH = 12  # words: from here on, it is the article's text
_BELOW, _ABOVE = 12, 6  # short elements on either side of the headline in which its date stands
_LEVELS = 4  # elements around the headline that are searched, the innermost first
_LEVELS_ABOVE = 2  # further out, what stands above the headline is the site's
_TITLE = 5  # words of a link that leads to another article
_BESIDE = 1  # unknown words in a date line that no class tells: the section, the place
_TITLES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SUBTITLE = re.compile(
    r"sub-?title|sub-?head|deck|lede?\b|lead|summary|excerpt|standfirst|intro", re.IGNORECASE
)
_DATE_CLASS = re.compile(r"date|time|publish|stamp|meta|byline|posted|author", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–—]\s+|[|•·]|،\s|\s{2,}")
_DATE_WORDS = (
    LABELS
    | SPOILERS_OF_TIME
    | {part for name in (*MONTHS, *HIJRI_MONTHS, *WEEKDAYS) for part in name.split()}
)
_BLANKS = 3  # elements without text between a label and what it labels


def printed_dates(tree: LexborHTMLParser, headline: str) -> Iterator[str]:
    """Yield what may be the date line of the article, the likeliest first.

    Args:
        tree: the pruned page, its headings still in place.
        headline: of the article; on a page that does not print it, only elements made for dates count, if they agree.
    """
    anchor = find_heading(tree, headline)
    if anchor is None:
        stamps = {next(_stamps(node), "") for node in tree.css(_DATED) if not _is_foreign(node, set())}
        yield from stamps if len(stamps) == 1 else ()
        return
    around = _ancestors(anchor)
    for level, scope in enumerate(around[:_LEVELS]):
        above = level < _LEVELS_ABOVE and scope.tag not in ("body", "main")
        nodes = [node for node in _near(scope, anchor, above=above) if not _is_foreign(node, _ids(around))]
        for node in sorted(nodes, key=_is_update):
            yield from _stamps(node)


def find_heading(tree: LexborHTMLParser | LexborNode, headline: str) -> LexborNode | None:
    """Return the element that prints the headline: an h1 before others, one that is the headline before one that holds it."""
    wanted = key(headline)
    headings = [(node, key(node.text(separator=" "))) for kind in _HEADINGS for node in tree.css(kind)]
    exact = (node for node, text in headings if wanted and text == wanted)
    return next(exact, None) or next(
        (node for node, text in headings if node.tag == "h1" and wanted and text and agree(text, wanted)),
        None,
    )


def stated(node: LexborNode) -> str | None:
    """Return the date that an element's attributes give for machines."""
    return node.attributes.get("datetime") or node.attributes.get("content")


def _ancestors(node: LexborNode) -> list[LexborNode]:
    """Return the elements around `node` up to the body, the innermost first."""
    found = []
    while node.parent is not None and node.parent.tag not in ("html", "-undef"):
        node = node.parent
        found.append(node)
    return found


def _ids(nodes: list[LexborNode]) -> set[int]:
    return {node.mem_id for node in nodes}


def _near(scope: LexborNode, anchor: LexborNode, *, above: bool) -> list[LexborNode]:
    """Return the short elements of `scope` up to the first paragraph below the headline, then those above it, upwards."""
    before: list[LexborNode] = []
    after: list[LexborNode] | None = None
    for node in _blocks(scope, anchor):
        if node is not None and node.mem_id == anchor.mem_id:
            after = []
        elif after is None and node is not None:
            before.append(node)
        elif after is None:
            before.clear()
        elif node is None or len(after) >= _BELOW:
            break
        else:
            after.append(node)
    return [*(after or []), *(before[: -_ABOVE - 1 : -1] if above else [])]


def _blocks(scope: LexborNode, anchor: LexborNode) -> Iterator[LexborNode | None]:
    """Walk `scope` in document order by elements that are short; None stands for a paragraph of text."""
    around = _ids(_ancestors(anchor))
    stack = list(_children(scope))[::-1]
    while stack:
        node = stack.pop()
        text = clean_line(node.text(separator=" "))
        words = len(text.split())
        if node.mem_id == anchor.mem_id:
            yield node
        elif node.mem_id not in around and node.tag == "p" and words >= _PARAGRAPH:
            yield None
        elif node.mem_id not in around and len(text) <= _SHORT:
            yield node
        elif any(clean_line(child.text()) for child in _children(node)):
            stack.extend(list(_children(node))[::-1])
        else:
            yield None if words >= _PARAGRAPH else node


def _children(node: LexborNode) -> Iterable[LexborNode]:
    return node.iter(include_text=False)


def _stamps(node: LexborNode) -> Iterator[str]:
    """Yield what a short element and then those within it claim as a date of publication.

    An element comes before its children, so that a label beside a date is seen with it; one that speaks of a change
    alone says nothing, and so does what stands behind such a label.
    """
    stack, last = [node], ""
    while stack:
        node = stack.pop()
        text = clean_line(node.text(separator=" "))
        if _is_change(node, text):
            continue
        if node.tag in ("time", "abbr"):
            yield from filter(None, (stated(node), node.attributes.get("title")))
        if text and text != last:
            yield from _date_lines(node, text)
        last = text
        stack.extend(list(_children(node))[::-1])


def _date_lines(node: LexborNode, text: str) -> Iterator[str]:
    """Yield `text` if it is a date with its label, or those of its parts that are; a sentence that names a day is none."""
    room = 0 if node.tag in _TITLES or _SUBTITLE.search(node.attributes.get("class") or "") else _BESIDE
    if _is_dated(node) or _unknown_words(text) <= room:
        yield text
    elif room:
        yield from (part for part in _PARTS.split(text) if part != text and _unknown_words(part) <= room)


def _is_dated(node: LexborNode) -> bool:
    """Whether an element was made to hold a date."""
    return node.tag in {"time", "abbr"} or _DATE_CLASS.search(node.attributes.get("class") or "") is not None


def _unknown_words(text: str) -> int:
    return sum(
        word not in _DATE_WORDS and not any(char.isdigit() for char in word) for word in fold(text).split()
    )


def _is_change(node: LexborNode, text: str) -> bool:
    return (
        published_part(text) is None
        or node.attributes.get("itemprop") == "dateModified"
        or _is_label_of_change(_text_before(node))
    )


def _text_before(node: LexborNode) -> str:
    """Return the text of what stands before `node`, blanks left out."""
    before = node.prev
    for _ in range(_BLANKS):
        if before is None:
            return ""
        if text := clean_line(before.text()):
            return text
        before = before.prev
    return ""


def _is_label_of_change(label: str) -> bool:
    return bool(label) and published_part(label) is None and not re.search(r"\d", label)


def _is_update(node: LexborNode) -> bool:
    """Whether the microformat calls this the last change; some themes print their only date under that name."""
    names = (node.attributes.get("class") or "").split()
    return "updated" in names and "published" not in names


def _is_foreign(node: LexborNode, around: set[int]) -> bool:
    """Whether an element is of a bar, or stands in one block with the title of another article.

    Args:
        node: a short element.
        around: mem_id of the elements that hold the headline; the block ends below them.
    """
    block: LexborNode | None = node
    while (
        block is not None
        and block.mem_id not in around
        and block.tag not in ("body", "main", "article", "html")
    ):
        names = f"{block.attributes.get('class') or ''} {block.attributes.get('id') or ''}"
        if _BAR.search(names) or any(map(_is_title, block.css("a"))):
            return True
        block = block.parent
    return False


def _is_title(link: LexborNode) -> bool:
    text = link.text(separator=" ")
    return len(text.split()) >= _TITLE and not re.search(r"\d", text)
