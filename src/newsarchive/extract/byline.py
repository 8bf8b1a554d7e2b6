"""Who wrote the article, as the page prints it: never the name of an account or of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser

from newsarchive.extract.text import clean_line, key

_LABELS = "بقلم|كتبته|كتبت|كتبها|كتبه|كتب|إعداد|اعداد|أعده|أعدته|تقرير|ترجمة|حاوره|حاورته|حوار|بواسطة|المحرر|المصدر|الكاتب|الكاتبة"
_BY = re.compile(rf"^(?:{_LABELS}|by)\s*[:/\-|]?\s+|^(?:{_LABELS})\s*[:/|]\s*", re.IGNORECASE)
# In running text only what no sentence begins with: a label and a colon, or «بقلم».
_PRINTED = re.compile(rf"^(?:(?:{_LABELS})\s*[:/|]\s*|بقلم\s+)(?=\S)")
_SOURCE = re.compile(r"^المصدر")
_NOBODY = frozenset(
    map(key, ("admin", "administrator", "editor", "author", "root", "webmaster", "user", "unknown", "none", "null", "guest", "anonymous", "مدير الموقع", "المدير", "المحرر", "المحررون", "ادمن", "مجهول"))
)  # fmt: skip
_LOGIN = re.compile(r"[a-z0-9._-]+")
_ADDRESS = re.compile(r"[@<>{}]|://|www\.")
_BYLINES = (
    '[itemprop="author"], [rel="author"], .byline, .author-name, .author_name, .post-author, .entry-author, .article-author,'
    " .writer-name, .writer, .author a, .author"
)
_LINES = "h1 + div, p, span, strong, b, h3, h4, h5, h6"
_LOOKED_AT = 250  # elements
_LONGEST = 120  # characters
_LONGEST_LINE = 60  # characters of a line that is nothing but a label and names
_MOST_WORDS = 8


def find_byline(tree: LexborHTMLParser, stated: Iterable[str], sites: Iterable[str]) -> str | None:
    """Return the first name that is a person's or a newsroom's, without the label before it; None if there is none.

    Args:
        tree: the whole page.
        stated: what JSON-LD and meta elements say, the surest first.
        sites: how the site calls itself, and the parts of its host.
    """
    own = {key(site).replace(" ", "") for site in sites}
    names = (person(text) for text in _candidates(tree, stated))
    return next((name for name in names if name and key(name).replace(" ", "") not in own), None)


def person(text: str) -> str | None:
    """Return what `text` names without its label and brackets; None if that is an account, an address or nobody.

    Latin letters in lower case, alone or with digits and underscores, are how people log in, not how they sign.
    """
    name = _BY.sub("", clean_line(text)).strip(" :-|()[]،,")
    if not 1 < len(name) <= _LONGEST or name[0].isdigit() or _LOGIN.fullmatch(name) or _ADDRESS.search(name):
        return None
    return name if key(name) not in _NOBODY else None


def _candidates(tree: LexborHTMLParser, stated: Iterable[str]) -> Iterator[str]:
    yield from stated
    for node in tree.css(_BYLINES)[:4]:
        yield node.text(separator=" ")
    for node in tree.css(_LINES)[:_LOOKED_AT]:
        text = clean_line(node.text(separator=" "))
        if len(text) <= _LONGEST_LINE and _PRINTED.match(text) and not _SOURCE.match(text):
            bare = _PRINTED.sub("", text)
            if len(bare.split()) <= _MOST_WORDS and not re.search(r"\d", bare):
                yield bare
