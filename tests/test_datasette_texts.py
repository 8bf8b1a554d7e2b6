"""In Datasette, other people's texts stay texts: nothing of them runs, nothing but web addresses leads anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysts import HARM, SCRIPT, browsed
from newsarchive.datasette.cells import Place, cell
from newsarchive.datasette.marks import only_marks
from served import Served, parsed, tags


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return browsed(tmp_path_factory.mktemp("datasette") / "news.db")


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Served]:
    made = Served(path)
    yield made
    made.close()


@pytest.mark.parametrize(
    "address",
    [
        "/", "/news", "/news/articles", "/news/articles/36", "/news/articles?_search=قافلة", "/news/sources", "/news/sources/jabal",
        f"/news/articles?_search={quote(SCRIPT)}", f"/news/best_matches?q={quote(SCRIPT)}", "/news/best_matches?q=قافلة", "/news/who_copied_whom",
        "/news?sql=select+body+as+snippet,headline+as+headline_marked,lede,url+from+articles+where+id=36",
        "/news?sql=select+url+as+body,url+as+headline,url+as+page,body+as+url+from+articles+where+id=36",
    ],
)  # fmt: skip
def test_nothing_in_an_article_runs_or_leads_anywhere(served: Served, address: str) -> None:
    page = parsed(served.get(address))
    assert HARM not in page.scripts
    for tag, attributes in page.tags:
        assert tag != "img"
        for name, value in attributes.items():
            assert not (name.startswith("on") and HARM in (value or "")), (tag, name)
            assert not (
                name in {"href", "src", "action"} and (value or "").strip().startswith("javascript")
            ), tag


@given(
    st.lists(
        st.sampled_from(
            ["<mark>", "</mark>", "<mark onclick=x>", "<b>", "&lt;b&gt;", "<", ">", '"', "نص", "&"]
        )
    )
)
def test_of_marked_html_only_whole_marks_are_left(parts: list[str]) -> None:
    shown = only_marks("".join(parts))
    assert tags(shown) <= {"mark"}
    assert all(not attributes for _, attributes in parsed(shown).tags)
    assert shown.count("<mark>") == shown.count("</mark>")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "https://u:p@wadi.example/",
        "https:///x", "http:x", "java\tscript:alert(1)",
    ],
)  # fmt: skip
def test_only_web_addresses_are_links(address: str) -> None:
    for column in ("url", "headline", "anything"):
        for kind in ("list", "row", "query"):
            assert "href" not in (cell(address, column, Place(kind=kind), longest=9) or "")  # type: ignore[arg-type]


def test_a_web_address_is_a_link_that_tells_nobody_where_it_was_followed(served: Served) -> None:
    link = '<a dir="ltr" href="https://wadi.example/2024/mixed/" title="https://wadi.example/2024/mixed/" rel="noopener noreferrer nofollow">'
    assert link in served.get("/news/articles/32")


def test_what_is_shown_of_a_value() -> None:
    listed, alone = Place(kind="list"), Place(kind="row")
    assert cell(None, "body", listed, longest=9) is None
    assert cell(12, "body", listed, longest=9) is None
    assert cell("2024-03-01", "date", listed, longest=9) is None
    assert cell("a" * 64, "page", listed, longest=9) == f'<code title="{"a" * 64}">aaaaaaaa…</code>'
    assert "a" * 64 + "</code>" in str(cell("a" * 64, "page", alone, longest=9))
    assert "ن" * 221 not in str(cell("ن" * 500, "body", listed, longest=9))
    assert "ن" * 500 in str(cell("ن" * 500, "body", alone, longest=9))
    assert 'dir="auto"' in str(cell("نص", "whatever", listed, longest=9))
