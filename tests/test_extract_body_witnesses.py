"""Who is believed about the text: trafilatura, the page's structure, the feed, JSON-LD; and how it is explained."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.extract import Explanation, explain, extract
from newsarchive.models import Article, Entry, Rejected, Selectors, Source

PAGES = Path(__file__).parent / "pages"
URL = "https://outlet.example/news/17"
HEADLINE = "افتتاح قسم جديد في مشفى المدينة"
TEXT = [
    "قال مدير المشفى إن القسم الجديد يستقبل المرضى منذ صباح اليوم، وإنه مجهز بعشرين سريرا وغرفتي عمليات.",
    "وأوضح أن المشفى كان يحيل الحالات الحرجة إلى مدن بعيدة، ما كان يكلف الأهالي ساعات من الطريق.",
    "وأضاف أن منظمة محلية تكفلت برواتب الممرضين مدة عام، وأن الوزارة وعدت بتثبيتهم بعد ذلك.",
    "وعبرت سيدة كانت تنتظر دورها عن ارتياحها، فالطريق إلى أقرب مشفى كان يستغرق نصف يوم.",
]
OTHER = "سجل فريق المدينة ثلاثة أهداف في مرمى ضيفه مساء أمس وصعد إلى المركز الثاني في ترتيب الدوري."


def page(inner: str, head: str = "") -> bytes:
    return f"<html lang=ar><head><title>{HEADLINE}</title>{head}</head><body><h1>{HEADLINE}</h1>{inner}</body></html>".encode()


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def body(content: bytes, **arguments: Any) -> list[str]:
    got = extract(content, url=URL, **arguments)
    assert isinstance(got, Article), got
    return got.body.split("\n")


def feed(*lines: str, after: str = "") -> Entry:
    return Entry(url=URL, headline=HEADLINE, content=paragraphs(*lines) + after)


# The feed


def test_a_paragraph_that_only_the_feed_has_comes_back_in_its_place() -> None:
    content = page(f"<div>{paragraphs(TEXT[0], TEXT[3])}</div>")
    assert body(content, entry=feed(*TEXT)) == TEXT
    assert body(page(f"<div>{paragraphs(*TEXT[1:])}</div>"), entry=feed(*TEXT)) == TEXT


def test_what_a_feed_adds_to_each_text_or_cuts_is_not_the_articles() -> None:
    after = f"<p>The post <a href='{URL}'>{HEADLINE}</a> appeared first on <a href='/'>صوت النهر</a>, the voice of the river.</p>"
    content = page(f"<div>{paragraphs(*TEXT)}</div>")
    assert body(content, entry=feed(*TEXT, after=after)) == TEXT
    assert body(content, entry=feed(TEXT[0], f"{OTHER[:-1]} [...]")) == TEXT


def test_a_feeds_prompt_for_money_is_not_the_articles() -> None:
    plea = "ادعموا صحافتنا المستقلة كي نواصل نقل أخبار المدينة وقراها إلى الناس في كل مكان من العالم."
    assert body(page(f"<div>{paragraphs(*TEXT)}</div>"), entry=feed(*TEXT, plea)) == TEXT


def test_the_text_of_another_article_in_the_feed_is_not_mixed_in() -> None:
    other = [OTHER, f"{OTHER} وحضر المباراة آلاف من المشجعين.", f"{OTHER} وغاب عنها اثنان من اللاعبين."]
    assert body(page(f"<div>{paragraphs(*TEXT)}</div>"), entry=feed(*other)) == TEXT


def test_a_page_that_shows_nothing_takes_its_text_from_the_feed_or_json_ld() -> None:
    assert body(page("<div></div>"), entry=feed(*TEXT)) == TEXT
    stated = json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "articleBody": "\n".join(TEXT)})
    assert body(page("<div></div>", f'<script type="application/ld+json">{stated}</script>')) == TEXT


def test_a_garbled_feed_says_nothing() -> None:
    entry = Entry(url=URL, headline=HEADLINE, content=paragraphs(*TEXT), garbled=True)
    assert isinstance(extract(page("<div></div>"), url=URL, entry=entry), Rejected)


def test_what_only_the_structure_has_is_left_out_where_the_whole_text_is_stated() -> None:
    loose = "يعمل في هذا القسم فريق من المتطوعين جاؤوا من مدن مختلفة ومعهم خبرة طويلة في المشافي الميدانية."
    nested = f"<ul><li><ul><li><ul><li>{loose}</li><li>{OTHER}</li></ul></li></ul></li></ul>"
    content = page(f"<div>{paragraphs(*TEXT[:2])}{nested}{paragraphs(*TEXT[2:])}</div>")
    assert body(content) == [*TEXT[:2], loose, OTHER, *TEXT[2:]]
    assert body(content, entry=feed(*TEXT)) == TEXT


# The page's structure


@pytest.mark.parametrize(
    "inner",
    [
        f"<form id=f><div>{paragraphs(*TEXT)}</div></form>",
        f"<div>{'<br><br>'.join(TEXT)}</div>",
        f"<table><tr><td><a href=/>x</a></td><td>{'<br>'.join(TEXT)}</td></tr></table>",
        "".join(f"<div>{line}</div>" for line in TEXT),
        f"<div>{''.join(f'<span>{line}</span><br>' for line in TEXT)}</div>",
        f"<div class=a>{paragraphs(*TEXT[:2])}</div><div class=gallery><a href=/1><img src=1></a></div><div class=a>{paragraphs(*TEXT[2:])}</div>",
        f"<div>{paragraphs(*TEXT[:2])}<div style='display:none'>{paragraphs(*TEXT[2:])}</div></div>",
        f"<div><p>{TEXT[0]}</p><div>{TEXT[1]}</div><p>{TEXT[2]}</p><p>{TEXT[3]}</p></div>",
        f"<div><p>{TEXT[0]}</p><ul><li><ul><li><ul><li>{TEXT[1]}</li><li>{TEXT[2]}</li></ul></li></ul></li></ul><p>{TEXT[3]}</p></div>",
    ],
    ids=["form", "br", "table", "divs", "spans", "two-parts", "hidden", "mixed", "nested-lists"],
)
def test_the_text_is_found_however_it_is_marked_up(inner: str) -> None:
    assert body(page(inner)) == TEXT


def test_links_to_other_sites_are_sources_and_links_to_the_own_are_not() -> None:
    sources = "<p>المصادر:</p><ul><li><a href='https://library.example.org/1'>تقرير المكتبة</a></li></ul>"
    own = "<ul><li><a href='/1'>خبر عن السوق</a></li><li><a href='/2'>خبر عن المطر</a></li></ul>"
    assert body(page(f"<div>{paragraphs(*TEXT)}{sources}</div>")) == [*TEXT, "المصادر:", "تقرير المكتبة"]
    assert body(page(f"<div>{paragraphs(*TEXT)}{own}</div>")) == TEXT


def test_the_summary_of_another_article_beside_the_text_is_not_taken() -> None:
    card = f"<div class=x><h3><a href='/9'>فوز فريق المدينة</a></h3><p>{OTHER}</p></div>"
    assert body(page(f"<div class=s><div class=t>{paragraphs(*TEXT)}</div>{card}</div>")) == TEXT


def test_what_readers_say_goes_even_where_it_is_longer_than_the_article() -> None:
    said = "".join(f"<div class=c{n}><b>زائر</b><p>{OTHER}</p></div>" for n in range(9))
    assert body(page(f"<div>{paragraphs(*TEXT[:2])}</div><div id=comments>{said}</div>")) == TEXT[:2]
    unnamed = page(f"<div>{paragraphs(*TEXT[:2])}</div><div><h4>التعليقات (9)</h4>{said}</div>")
    assert body(unnamed) == TEXT[:2]


def test_what_the_outlets_own_selector_finds_is_the_whole_text() -> None:
    content = page(f"<div class=a>{paragraphs(*TEXT[:2])}</div><div class=b>{paragraphs(*TEXT[2:])}</div>")
    source = Source(key="x", name="x", selectors=Selectors(body=".b"))
    assert body(content, source=source) == TEXT[2:]


def test_an_articles_headline_comes_from_the_feed_if_the_page_gives_none() -> None:
    content = f"<html><body><div>{paragraphs(*TEXT)}</div></body></html>".encode()
    got = extract(content, url=URL, entry=feed(*TEXT))
    assert isinstance(got, Article)
    assert got.headline == HEADLINE
    assert extract(content, url=URL) == Rejected(
        reason="no-text", detail="neither the page nor the feed names a headline"
    )


def test_a_letter_or_two_that_the_headline_does_not_hold_are_no_article() -> None:
    got = extract(page("<div><p>ب ت</p></div>"), url=URL)
    assert isinstance(got, Rejected)
    assert got.reason == "no-text"


@pytest.mark.parametrize(
    "name", ["lead", "article__standfirst", "sub_title", "post-excerpt", "entry-summary"]
)
def test_a_lede_apart_has_its_own_place(name: str) -> None:
    content = page(f"<div class={name}>{OTHER}</div><div>{paragraphs(*TEXT)}</div>")
    got = extract(content, url=URL)
    assert isinstance(got, Article)
    assert (got.lede, got.body.split("\n")) == (OTHER, TEXT)


def test_the_summary_of_another_article_is_no_lede() -> None:
    card = f"<div class=x><div><div><b>فوز الفريق</b><div class=post-excerpt>{OTHER}</div></div></div></div>"
    got = extract(page(f"<div>{paragraphs(*TEXT)}</div>{card}"), url=URL)
    assert isinstance(got, Article)
    assert got.lede is None


def test_hidden_text_that_does_not_continue_the_article_stays_hidden() -> None:
    notice = f"<div style='display:none'><div>{paragraphs(OTHER, OTHER)}</div></div>"
    assert body(page(f"<div><div>{paragraphs(*TEXT)}</div></div>{notice}")) == TEXT


# Explanations


OTHERS = "بلدية الميادين تنظم أسواق الخضار"


def explained(name: str, **arguments: Any) -> Explanation:
    return explain((PAGES / f"{name}.html").read_bytes(), url=URL, **arguments)


def test_an_explanation_names_each_line_and_the_rule_that_cut_it() -> None:
    cuts = {(cut.rule, cut.line) for cut in explained("enab-baladi/box-in-body").cuts}
    assert ("doubted", "ادعم عنب بلدي") in cuts
    plain = {(cut.rule, cut.line) for cut in explained("enab-baladi/donation").cuts}
    assert ("donation", "ادعم عنب بلدي") in plain
    assert any(rule == "read-also" for rule, _ in cuts)
    assert any(rule == "ul.main-menu" and line.startswith(OTHERS) for rule, line in cuts)


def test_an_explanation_names_what_readers_say() -> None:
    assert any(cut.rule == "comments" and "أحسنتم" in cut.line for cut in explained("comments/unnamed").cuts)
    named = explained("comments/longer-than-article").cuts
    assert any(cut.rule == "div#comments.post-comments" for cut in named)


def test_an_explanation_says_how_far_each_witness_agrees() -> None:
    content = page(f"<div>{paragraphs(*TEXT)}</div>")
    got = explain(content, url=URL, entry=feed(*TEXT[:2]))
    found = {witness.name: witness for witness in got.witnesses}
    assert found.keys() == {"fast", "default", "recall", "precision", "paragraphs", "feed"}
    assert found["fast"].agreement == 1.0
    assert 0.5 < found["feed"].agreement < 1.0
    assert found["feed"].words < found["fast"].words


def test_a_page_that_was_turned_away_is_explained_by_its_reason() -> None:
    got = explain(b"%PDF-1.7", url=URL)
    assert isinstance(got.result, Rejected)
    assert (got.witnesses, got.cuts) == ((), ())


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(PAGES).with_suffix("")) for path in PAGES.glob("*/*.html"))
)
def test_an_explanation_has_the_result_that_extraction_has(name: str) -> None:
    content = (PAGES / f"{name}.html").read_bytes()
    assert explain(content, url=URL).result == extract(content, url=URL)


# Whatever comes

FIXTURES = [path.read_bytes() for path in sorted(PAGES.glob("*/*.html"))[::4]]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw a fixture with pieces cut out, doubled and replaced."""
    content = draw(st.sampled_from(FIXTURES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 400)))
        content = (
            content[:start]
            + draw(st.one_of(st.binary(max_size=20), st.just(content[start:end] * 3)))
            + content[end:]
        )
    return content


@settings(max_examples=60, deadline=2000)
@given(mutated(), st.one_of(st.none(), st.text(max_size=200)))
def test_a_damaged_page_and_a_damaged_feed_never_raise(content: bytes, stated: str | None) -> None:
    got = explain(content, url=URL, entry=Entry(url=URL, content=stated))
    assert isinstance(got.result, Article | Rejected)
    if isinstance(got.result, Article):
        assert got.result.headline
        assert got.result.body.strip()


@pytest.mark.parametrize(
    "inner",
    [
        "<div>" * 5000 + TEXT[0],
        "<p hidden>" * 3000 + TEXT[0],
        "<table><tr>" + "<td>خلية" * 5000,
        "".join(f"<div class=c{n}>سطر قصير رقم {n}</div>" for n in range(4000)),
        "".join(f"<div class=comment{n} style='display:none'><p>{OTHER}</p></div>" for n in range(700)),
        f"<p {' '.join(f'a{n}=x' for n in range(20000))}>{TEXT[0]}</p>",
        "<a href='//['>" * 2000 + TEXT[0],
        "<h2>التعليقات</h2>" * 2000 + paragraphs(*TEXT),
    ],
    ids=["deep", "hidden", "cells", "lines", "comments", "attributes", "links", "headings"],
)
def test_a_hostile_page_does_not_hang(inner: str) -> None:
    started = time.process_time()
    assert isinstance(extract(page(inner), url=URL), Article | Rejected)
    assert time.process_time() - started < 60
