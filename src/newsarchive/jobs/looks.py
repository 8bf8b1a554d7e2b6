"""What the answer to a look says about an article: pure decisions.

Like is compared with like. The first page of an article was read with all that the feed said of it; later pages are read
without the feed's text, which is no witness for a page that was changed since. So two pages are compared by reading both of them
so, with the rules of today: what they say alike was not edited, only the page's frame has changed, or our rules. What is not
certain says nothing: it makes no edit and no absence.
"""

from __future__ import annotations

from newsarchive.arabic import fold
from newsarchive.archive.looks import Known, Seen
from newsarchive.archive.rows import edited, record_row, text_hash
from newsarchive.models import Article, Fetched, Rejected
from newsarchive.urls import is_home, same_place, same_rendering, same_site

_MISSING = frozenset({"not-found", "gone"})  # outcomes of a request
_LOST = frozenset({"soft-404", "home-page"})  # readings of a page
_ALIKE = 0.6  # of the words of the shorter text: a third of them any two texts share


def judge_answer(known: Known, fetched: Fetched, page: str | None) -> Seen | Rejected | None:
    """Say what an answer shows without being read; None if it has to be read.

    Args:
        known: the article.
        fetched: the answer.
        page: SHA-256 of its body, if it has one.
    """
    if fetched.outcome == "not-modified":
        return Seen(outcome="not-modified", page=known.page, text=known.text)
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
        last: the page that was seen last; None if it is not there any more.
        reading_of_last: what that reads as now, with the bare entry.
    """
    if isinstance(reading, Rejected):
        read_so_before = isinstance(reading_of_last, Rejected) and reading_of_last.reason == reading.reason
        lost = reading.reason in _LOST and not read_so_before and _at_home(known, fetched)
        return Seen(outcome=reading.reason, page=page) if lost else reading
    text = text_hash(reading)
    if text == known.text:
        return Seen(outcome="ok", page=page, text=text)
    if last is None or not isinstance(reading_of_last, Article):
        return Rejected(reason="unreadable", detail="the page that was seen last cannot be compared with it")
    record = edited(known.record, record_row(reading_of_last, last), record_row(reading, fetched))
    if record["hash"] == known.text:
        return Seen(outcome="ok", page=page, text=known.text)
    if not _is_of_the_article(fetched, reading, last, reading_of_last):
        return Rejected(
            reason="redirected", detail=f"the address leads to another page now, {fetched.final_url}"
        )
    return Seen(outcome="ok", page=page, text=str(record["hash"]), reading=record)


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


def _at_home(known: Known, fetched: Fetched) -> bool:
    """Whether the site answered on which the article stood, and not one that only led there."""
    return any(same_site(fetched.final_url, place) for place in known.reached)


def _at_its_place(known: Known, fetched: Fetched) -> bool:
    return any(same_place(fetched.final_url, place) for place in known.places)
