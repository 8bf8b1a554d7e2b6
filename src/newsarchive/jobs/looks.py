"""What the answer to a look says about an article: pure decisions.

Like is compared with like. The first page of an article was read with all that the feed said of it; later pages are read
without the feed's text, which is no witness for a page that was changed since. So two pages are compared by reading both of them
so, with the rules of today: what they say alike was not edited, only the page's frame has changed, or our rules. What is not
certain says nothing: it makes no edit and no absence.
"""

from __future__ import annotations

import re
from html import unescape

from newsarchive.arabic import fold
from newsarchive.archive.looks import Known, Seen
from newsarchive.archive.rows import edited, record_row, text_hash
from newsarchive.encoding import decode_html
from newsarchive.models import Article, Fetched, Rejected
from newsarchive.urls import is_home, same_place, same_rendering, same_site

_MISSING = frozenset({"not-found", "gone"})  # outcomes of a request
_LOST = frozenset({"soft-404", "home-page"})  # readings of a page
_ALIKE = 0.6  # of the words of the shorter text: a third of them any two texts share
_STANDING = 0.5  # of the words of a text: then it stands there
_GIBBERISH = 0.3  # of the signs of a text; Arabic that was encoded twice shows .4 and more
_ODD = re.compile(r"[^\x00-\x7f\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_END = 4096  # bytes at the end of a page; what plugins write behind the last tag is shorter
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<(?=(?:script|style|template|noscript)\b)", re.IGNORECASE)
_HIDDEN_END = re.compile(r"</(?:script|style|template|noscript)\s*>", re.IGNORECASE)


def place_to_ask(known: Known, url: str, last: str | None) -> str:
    """Return the address at which to look: the article's own, unless that one was missing the last time and the article moved.

    A site that gives up its old addresses deletes nothing. So what says that an article is gone is never one address alone, if it
    was seen last at another; the two are asked in turn.

    Args:
        known: the article.
        url: the address at which it was asked for at first.
        last: where the page was reached that was seen last; None if that is not there any more.
    """
    moved = last is not None and not same_place(last, url) and not is_home(last)
    return last if last is not None and moved and known.misses % 2 else url


def judge_answer(
    known: Known, fetched: Fetched, page: str | None, marked: str | None = None
) -> Seen | Rejected | None:
    """Say what an answer shows without being read; None if it has to be read.

    Args:
        known: the article.
        fetched: the answer.
        page: SHA-256 of its body, if it has one.
        marked: SHA-256 of the page whose validators were sent; it is one that was read.
    """
    if fetched.outcome == "not-modified" and marked:
        return Seen(outcome="not-modified", page=marked, text=known.texts[marked])
    if fetched.outcome in _MISSING and _at_home(known, fetched):
        return Seen(outcome=fetched.outcome)
    if fetched.outcome != "ok" or page is None:
        return Rejected(reason=fetched.outcome, detail=fetched.detail)
    if page in known.texts:
        return Seen(outcome="ok", page=page, text=known.texts[page])
    if is_home(fetched.final_url) and _at_home(known, fetched) and not _at_its_place(known, fetched):
        return Seen(outcome="home-page", page=page)
    return None


def judge_reading(
    known: Known,
    fetched: Fetched,
    page: str,
    reading: Article | Rejected,
    *,
    last: Fetched | None,
    reading_of_last: Article | Rejected | None,
) -> Seen | Rejected:
    """Say what a page shows.

    Args:
        known: the article.
        fetched: the page.
        page: SHA-256 of its bytes.
        reading: what it reads as, with the bare entry.
        last: the page that was seen last; None if it is not there any more, or damaged.
        reading_of_last: what that reads as now, with the bare entry.
    """
    if isinstance(reading, Rejected):
        read_so_before = isinstance(reading_of_last, Rejected) and reading_of_last.reason == reading.reason
        reads_lost = reading.reason in _LOST and not read_so_before and _at_home(known, fetched)
        lost = reads_lost and not _still_says(known, fetched)
        return Seen(outcome=reading.reason, page=page) if lost else reading
    text = text_hash(reading)
    if text == known.text:
        return Seen(outcome="ok", page=page, text=text)
    if last is None or not isinstance(reading_of_last, Article):
        return Rejected(reason="unreadable", detail="the page that was seen last cannot be compared with it")
    record = edited(known.record, record_row(reading_of_last, last), record_row(reading, fetched))
    if record["hash"] == known.text:
        return Seen(outcome="ok", page=page, text=known.text)
    doubt = _doubt(fetched, reading, last, reading_of_last)
    return doubt or Seen(outcome="ok", page=page, text=str(record["hash"]), reading=record)


def _doubt(fetched: Fetched, reading: Article, last: Fetched, before: Article) -> Rejected | None:
    """Say why a page with another text shows no edit; None if it does."""
    if _is_cut(fetched, reading, last, before):
        return Rejected(reason="unreadable", detail="the page ends early, in the middle of the text")
    if _is_gibberish(reading, before):
        return Rejected(reason="unreadable", detail="the letters of the page came out wrong")
    if not _is_of_the_article(fetched, reading, last, before):
        detail = f"the address leads to another page now, {fetched.final_url}"
        return Rejected(reason="redirected", detail=detail)
    return None


def _is_of_the_article(fetched: Fetched, reading: Article, last: Fetched, before: Article) -> bool:
    """Whether a page with another text is the article's all the same, and not another one that stands there now.

    It is, however much was rewritten, if it was reached where the last one was and calls the same address its own. Elsewhere most
    of the words must be the same. A page for telephones says the same otherwise, and shows no edit.
    """
    if same_place(fetched.final_url, last.final_url):
        rendered_alike = same_rendering(fetched.final_url, last.final_url)
        return rendered_alike and (same_place(reading.url, before.url) or _alike(reading, before))
    return _alike(reading, before)


def _alike(one: Article, other: Article) -> bool:
    first, second = (
        set(fold(f"{text.headline} {text.lede or ''} {text.body}").split()) for text in (one, other)
    )
    return len(first & second) >= _ALIKE * min(len(first), len(second))


def _still_says(known: Known, fetched: Fetched) -> bool:
    """Whether most words of the article stand on a page that is said to be none: a wrong title or canonical link deletes nothing."""
    told = set(fold(f"{known.record['headline']} {known.record['body']}").split())
    return _STANDING * len(told) <= len(told & set(fold(_visible(fetched)).split()))


def _visible(fetched: Fetched) -> str:
    """Return the text of a page with as little understanding of it as will do, in time that is linear in its length."""
    content_type = (fetched.header(b"content-type") or b"").decode("latin-1")
    parts = _HIDDEN.split(decode_html(fetched.content or b"", content_type=content_type))
    behind = (" ".join(_HIDDEN_END.split(part, maxsplit=1)[1:]) for part in parts[1:])
    return unescape(_TAG.sub(" ", " ".join([parts[0], *behind])))


def _is_cut(fetched: Fetched, reading: Article, last: Fetched, before: Article) -> bool:
    """Whether a page only begins as the last one did: the connection closed early, or the server made half of it."""
    if fold(reading.headline) != fold(before.headline) or _is_closed(fetched) or not _is_closed(last):
        return False
    now, then = fold(reading.body).split()[:-1], fold(before.body).split()  # the last word may be half a one
    return len(now) < len(then) and now == then[: len(now)]


def _is_closed(fetched: Fetched) -> bool:
    return re.search(rb"</(?:body|html)\b", (fetched.content or b"")[-_END:], re.IGNORECASE) is not None


def _is_gibberish(reading: Article, before: Article) -> bool:
    """Whether a text has turned into signs that are neither Latin nor Arabic: UTF-8 that was encoded twice («Ø§Ù„», «ط§ظ„»)."""
    return _odd(reading.body) >= _GIBBERISH > 2 * _odd(before.body)


def _odd(text: str) -> float:
    """Return which share of a text is neither ASCII nor Arabic."""
    signs = "".join(text.split())
    return len(_ODD.findall(signs)) / max(len(signs), 1)


def _at_home(known: Known, fetched: Fetched) -> bool:
    """Whether the site answered on which the article stood, and not one that only led there."""
    return any(same_site(fetched.final_url, place) for place in known.reached)


def _at_its_place(known: Known, fetched: Fetched) -> bool:
    return any(same_place(fetched.final_url, place) for place in known.places)
