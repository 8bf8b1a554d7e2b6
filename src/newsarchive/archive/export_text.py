"""Articles as text for other programs and for people: CSV, Markdown, BibLaTeX.

What an outlet wrote must stay text in each of them: never a formula, markup, a command, or an invisible character that misleads.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from newsarchive.archive.export import COLUMNS, Item
from newsarchive.urls import is_web_address

# What no terminal and no editor should get from outside: as in `newsarchive.terminal_text`, but for the line feed.
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)
# Spreadsheets take what begins so for a formula, the full-width signs in some locales; invisible characters before it do not save one.
_FORMULA = re.compile("[\\s\u061c\u200b-\u200f]*[=+\\-@＝＋－＠]")
_CELL = 32_767  # UTF-16 units that a cell of Excel holds (Excel specifications and limits); the rest would spill into the next rows
_CUT = " […]"

# What CommonMark and GitHub's extensions could take for markup, each only where it could be.
_MARKUP = re.compile(r"[\\`*_\[\]<>&#|~@$^{}!]|^[-+=]|(?<=[0-9wW])[.)]|:(?=//|[a-z0-9_+-]+:)", re.IGNORECASE)
_FACTS = ("byline", "section", "date_from", "caption", "gone_reason")
_TIMES = ("published", "gone_since", "fetched_at")

_LATEX = {
    **{char: f"\\{char}" for char in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_LANGUAGES = {  # as babel and polyglossia name them
    "ar": "arabic",
    "en": "english",
    "fr": "french",
    "de": "german",
    "es": "spanish",
    "tr": "turkish",
    "fa": "persian",
    "he": "hebrew",
    "ku": "kurdish",
    "ru": "russian",
}


def write_csv(items: Iterable[Item], out: BinaryIO, *, cell: int | None = None) -> None:
    """Write one row an article (RFC 4180, UTF-8); `cell` is how much one may hold, in UTF-16 units."""
    rows = csv.writer(codecs.getwriter("utf-8")(out))
    rows.writerow(COLUMNS)
    for item in items:
        lists = {"tags": "; ".join(item["tags"]), "revisions": len(item["revisions"])}
        row = {**item, **lists}
        rows.writerow([_fitting(csv_cell(row[name]), cell) for name in COLUMNS])


def write_csv_for_excel(items: Iterable[Item], out: BinaryIO) -> None:
    """Write CSV that Excel opens by a double click: with a byte order mark, or it reads Arabic as Latin letters, and no cell too long.

    There is no `sep=` line: after one Excel no longer heeds the mark.
    """
    out.write(codecs.BOM_UTF8)
    write_csv(items, out, cell=_CELL)


def csv_cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula: one that looks like it begins with an apostrophe."""
    text = plain(str(value)) if value is not None else ""
    return f"'{text}" if _FORMULA.match(text) else text


def write_md(items: Iterable[Item], out: BinaryIO) -> None:
    """Write a document: of each article its headline, what is known of it, and its paragraphs."""
    out.writelines("\n".join([*_article_md(item), ""]).encode() for item in items)


def write_bib(items: Iterable[Item], out: BinaryIO) -> None:
    """Write one BibLaTeX entry an article."""
    out.writelines("\n".join([*_article_bib(item), "", ""]).encode() for item in items)


def plain(text: str) -> str:
    """Return text without controls and bidi overrides; line feeds stay."""
    return _CONTROLS.sub(" ", text).strip()


def md_text(text: str) -> str:
    """Return a line as Markdown that shows just that."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(plain(text).split()))


def bib_text(text: str) -> str:
    """Return a text as LaTeX that prints just that, on one line."""
    return "".join(_LATEX.get(char, char) for char in " ".join(plain(text).split()))


def bib_key(item: Item) -> str:
    """Return an entry's key, which depends on the article's source and address alone, so that it stays when a date is corrected."""
    source = re.sub(r"[^A-Za-z0-9.-]", "-", item["source"])
    return f"{source}-{hashlib.sha256(item['url'].encode()).hexdigest()[:12]}"


def _fitting(text: str, cell: int | None) -> str:
    units = text.encode("utf-16-le")
    if cell is None or len(units) <= 2 * cell:
        return text
    return units[: 2 * (cell - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _article_md(item: Item) -> Iterator[str]:
    """The blank lines let CommonMark read what stands inside the HTML block; `auto` takes the direction of the headline."""
    yield from ('<div dir="auto">', "", f"## {md_text(item['headline'])}", "")
    yield f"- source: {md_text(item['source_name'])}"
    yield f"- date: {item['date'] or 'undated'}"
    for name in _FACTS:
        if item[name]:
            yield f"- {name.replace('_', ' ')}: {md_text(item[name])}"
    for name in _TIMES:
        if item[name]:
            yield f"- {name.replace('_', ' ')}: {item[name][:16].replace('T', ' ')} UTC"
    if changed := _changed(item):
        yield f"- changed: {changed}"
    if item["tags"]:
        yield f"- tags: {md_text('، '.join(item['tags']))}"
    yield f"- address: {_md_link(item['url'])}"
    for line in f"{item['lede'] or ''}\n{item['body']}".split("\n"):
        if text := md_text(line):
            yield from ("", text)
    yield from ("", "</div>", "")


def _changed(item: Item) -> str:
    """Say how often an article was changed, in the words of `show`."""
    if not item["revised_at"]:
        return ""
    number = len(item["revisions"])
    times = "once" if number == 1 else f"{number} times"
    return f"{times}; as it stands since {item['revised_at'][:16].replace('T', ' ')} UTC"


def _md_link(url: str) -> str:
    """A canonical address has no space and no angle bracket; anything else is shown as text."""
    return f"<{url}>" if is_web_address(url) and re.fullmatch(r"[!-~]+", url) else md_text(url)


def _article_bib(item: Item) -> Iterator[str]:
    language = _LANGUAGES.get((item["language"] or "").partition("-")[0].lower())
    changed, gone = _changed(item), item["gone_since"]
    notes = (
        changed and f"changed {changed}",
        gone and f"gone from the outlet since {gone[:10]}",
    )
    fields = {
        # Double braces: names and titles as printed, not taken apart, no letter made small.
        "author": _braced(item["byline"]),
        "title": _braced(item["headline"]),
        "organization": _braced(item["source_name"]),
        "date": item["date"],
        "url": _bib_address(item["url"]),
        "urldate": item["fetched_at"][:10],
        "langid": language,
        "note": "; ".join(filter(None, notes)),
    }
    yield f"@online{{{bib_key(item)},"
    yield from (f"  {name} = {{{value}}}," for name, value in fields.items() if value)
    yield "}"


def _braced(text: str | None) -> str | None:
    return f"{{{bib_text(text)}}}" if text else None


# The field is read as it stands, so that only what would end it must go.
_bib_address = partial(re.compile(r"[{}\\\s]").sub, lambda match: f"%{ord(match[0]):02X}")
