"""What a feed says, as entries: every format, every field, and what is no feed."""

from __future__ import annotations

import contextlib
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.discover import parse_feed
from newsarchive.errors import FeedError
from newsarchive.models import Entry

URL = "https://news.example/feed"
NOON = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
ITEM = "<item><title>افتتاح جسر الرقة</title><link>https://news.example/bridge</link></item>"


def rss(items: str = ITEM, head: str = "<link>https://news.example/</link>") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>نشرة</title>{head}{items}</channel></rss>'


def entries(document: str | bytes, **arguments: str) -> tuple[Entry, ...]:
    content = document.encode() if isinstance(document, str) else document
    return parse_feed(content, url=URL, now=NOON, **arguments)  # type: ignore[arg-type]


def only(document: str | bytes, **arguments: str) -> Entry:
    (entry,) = entries(document, **arguments)
    return entry


def reason(content: str | bytes) -> str:
    with pytest.raises(FeedError) as caught:
        entries(content)
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_an_rss_item_gives_every_field() -> None:
    item = (
        "<item><title>مزارعو الغاب يبدؤون الحصاد</title><link>https://news.example/harvest</link>"
        "<pubDate>Tue, 05 Mar 2024 12:00:00 +0300</pubDate><dc:creator>ليلى الحموي</dc:creator>"
        '<guid isPermaLink="false">https://news.example/?p=77</guid><category>اقتصاد</category><category>زراعة</category>'
        "<description><![CDATA[<p>الموسم&nbsp;<b>وفير</b></p>]]></description>"
        "<content:encoded><![CDATA[<p>بدأ الحصاد.</p>]]></content:encoded></item>"
    )
    assert only(rss(item)) == Entry(
        url="https://news.example/harvest",
        headline="مزارعو الغاب يبدؤون الحصاد",
        published=NOON,
        guid="https://news.example/?p=77",
        summary="الموسم وفير",
        content="<p>بدأ الحصاد.</p>",
        byline="ليلى الحموي",
        section="اقتصاد",
    )


def test_an_atom_entry_gives_every_field() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>نشرة</title><link href="https://news.example/"/><entry>'
        '<title type="html">عودة &lt;b&gt;المدارس&lt;/b&gt;</title><id>tag:news.example,2024:8</id>'
        '<link rel="self" href="https://news.example/api/8"/><link rel="alternate" type="application/json" href="/8.json"/>'
        '<link href="/8"/><published>2024-03-05T09:00:00Z</published><updated>2024-03-09T09:00:00Z</updated>'
        '<author><name>سعاد</name><email>s@news.example</email></author><category term="edu" label="تعليم"/>'
        '<summary>ملخص</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">نص&nbsp;كامل<br/></div></content>'
        "</entry></feed>"
    )
    assert only(atom) == Entry(
        url="https://news.example/8",
        headline="عودة المدارس",
        published=NOON,
        guid="tag:news.example,2024:8",
        summary="ملخص",
        content='<div xmlns="http://www.w3.org/1999/xhtml">نص&nbsp;كامل<br/></div>',
        byline="سعاد",
        section="تعليم",
    )


def test_an_rss_1_feed_is_read() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>ن</title>'
        '<items><rdf:Seq><rdf:li rdf:resource="https://news.example/1"/></rdf:Seq></items></channel>'
        '<item rdf:about="https://news.example/1"><title>خبر أول</title><link>https://news.example/1</link>'
        "<dc:date>2024-03-05T12:00:00+03:00</dc:date></item></rdf:RDF>"
    )
    entry = only(rdf)
    assert (entry.url, entry.headline, entry.published) == ("https://news.example/1", "خبر أول", NOON)


def test_a_json_feed_gives_every_field() -> None:
    item = {
        "id": 12,
        "url": "/12",
        "title": "سوق الحميدية",
        "content_html": "<p>نص</p>",
        "summary": "ملخص",
        "date_published": "2024-03-05T12:00:00+03:00",
        "authors": [{"name": "نور"}, {"name": "هدى"}],
        "tags": ["مدن"],
    }
    odd = [{"id": "x", "url": "javascript:0"}, "no item", {"url": ["list"]}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item, *odd]}
    assert only(json.dumps(feed)) == Entry(
        url="https://news.example/12",
        headline="سوق الحميدية",
        published=NOON,
        guid="12",
        summary="ملخص",
        content="<p>نص</p>",
        byline="نور، هدى",
        section="مدن",
    )


def test_a_feed_without_items_is_no_error() -> None:
    assert entries(rss("")) == ()
    assert entries('<feed xmlns="http://www.w3.org/2005/Atom"><title>فارغ</title></feed>') == ()
    assert entries('{"version": "https://jsonfeed.org/version/1", "items": []}') == ()


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        ("", "empty"),
        (" \r\n\t", "empty"),
        ("\ufeff", "empty"),
        ("<!DOCTYPE html><html><head><title>لحظة من فضلك</title></head></html>", "html"),
        ("<p>الموقع قيد الصيانة</p>", "html"),
        ("<html><body>" + rss().partition("?>")[2] + "</body></html>", "html"),
        ('<?xml version="1.0"?><urlset><url><loc>https://news.example/</loc></url></urlset>', "sitemap"),
        ('<sm:sitemapindex xmlns:sm="x"></sm:sitemapindex>', "sitemap"),
        ("/etc/passwd", "not-a-feed"),
        ("https://127.0.0.1:9/feed", "not-a-feed"),
        ("/dev/zero", "not-a-feed"),
        ('{"version": "2", "items": [{"url": "https://news.example/1"}]}', "not-a-feed"),
        ("[" * 200_000, "not-a-feed"),
        ("<opml><head><title>قائمة</title></head><body/></opml>", "not-a-feed"),
        ("<rss><channel><title>مقطوع", "not-a-feed"),
    ],
)
def test_what_is_no_feed_is_an_error_with_its_reason(content: str, slug: str) -> None:
    assert reason(content) == slug


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "ftp://a.example/x",
        "http://u:p@a.example/",
        "#top",
    ],
)
def test_an_entry_whose_link_is_no_web_address_is_left_out(link: str) -> None:
    item = f"<item><title>خبر</title><link>{link}</link><guid>https://news.example/1</guid></item>"
    assert entries(rss(item + ITEM)) == entries(rss())


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/a?x=1&y=2", "https://news.example/a?x=1&y=2"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("\n  https://news.example/a\n", "https://news.example/a"),
        ("https://news.example/a b", "https://news.example/a%20b"),
        ("<![CDATA[https://news.example/a?x=1&y=2]]>", "https://news.example/a?x=1&y=2"),
        ("https://news.example/a?x=1&amp;amp;y=2", "https://news.example/a?x=1&y=2"),
        ("https://news.example/خبر", "https://news.example/خبر"),
        ("http://OFFLINE.exampleخبر-بلا-شرطة", "http://OFFLINE.exampleخبر-بلا-شرطة"),
    ],
)
def test_a_link_is_made_absolute_and_else_left_as_printed(link: str, address: str) -> None:
    assert only(rss(f"<item><title>خبر</title><link>{link}</link></item>")).url == address


def test_a_relative_link_is_resolved_against_the_sites_address() -> None:
    assert (
        only(rss("<item><link>a</link></item>", head="<link>https://site.example/ar/</link>")).url
        == "https://site.example/ar/a"
    )
    assert only(rss("<item><link>a</link></item>", head="")).url == "https://news.example/a"


def test_a_permalink_guid_serves_where_there_is_no_link_and_no_other_does() -> None:
    assert (
        only(rss("<item><title>خبر</title><guid>https://news.example/9</guid></item>")).url
        == "https://news.example/9"
    )
    assert entries(rss("<item><title>خبر</title><guid>9</guid></item>")) == ()
    assert (
        entries(
            rss('<item><title>خبر</title><guid isPermaLink="false">https://news.example/?p=9</guid></item>')
        )
        == ()
    )


def test_feedburners_original_link_goes_first() -> None:
    item = "<item><link>https://feeds.example/~r/1</link><feedburner:origLink>https://news.example/1</feedburner:origLink></item>"
    assert only(rss(item)).url == "https://news.example/1"


def test_captions_and_notes_are_not_the_articles_text() -> None:
    aside = "<media:group><media:title>صورة</media:title><media:description>تعليق</media:description></media:group>"
    entry = only(
        rss(
            ITEM.replace(
                "</item>",
                f"<description>ملخص</description>{aside}<itunes:summary>صوت</itunes:summary></item>",
            )
        )
    )
    assert (entry.headline, entry.summary, entry.content) == ("افتتاح جسر الرقة", "ملخص", None)


def test_a_content_that_feedparser_copies_is_no_summary() -> None:
    entry = only(rss("<item><link>/1</link><content:encoded>&lt;p&gt;نص&lt;/p&gt;</content:encoded></item>"))
    assert (entry.summary, entry.content) == (None, "<p>نص</p>")


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("  سطر \n\t آخر  ", "سطر آخر"),
        ("<![CDATA[<b>أسع</b>ار <script>x()</script>الخبز]]>", "أسعار الخبز"),
        ("5 &lt; 6 و AT&amp;T", "5 < 6 و AT&T"),
        ("&amp;quot;نعم&amp;quot; &amp;#8220;لا&amp;#8221;", '"نعم" “لا”'),
        ("😀", "😀"),
        ("<![CDATA[<br/>]]>", None),
        ("", None),
    ],
)
def test_a_headline_is_plain_text(title: str, headline: str | None) -> None:
    assert only(rss(f"<item><title>{title}</title><link>/1</link></item>")).headline == headline


def test_texts_are_cut_to_size() -> None:
    word = "كلمة "
    item = f"<item><link>/1</link><title>{word * 300_000}</title><description>{word * 2000}</description><content:encoded>{word * 200_000}</content:encoded></item>"
    entry = only(rss(item))
    assert (len(entry.headline or ""), len(entry.summary or ""), len(entry.content or "")) == (
        999,
        4999,
        499_999,
    )


def test_bylines_are_names_without_mail_addresses() -> None:
    authors = "<author>desk@news.example (غرفة الأخبار)</author><dc:creator>سمر</dc:creator><dc:creator>سمر</dc:creator>"
    assert only(rss(ITEM.replace("</item>", authors + "</item>"))).byline == "غرفة الأخبار، سمر"
    assert only(rss(ITEM.replace("</item>", "<author>desk@news.example</author></item>"))).byline is None


def many(count: int) -> str:
    day = "Tue, 05 Mar 2024 {:02}:{:02}:{:02} GMT"
    rows = ((n, day.format(n // 3600 % 24, n // 60 % 60, n % 60)) for n in range(count))
    return rss(
        "".join(
            f"<item><title>خبر {n}</title><link>/{n}</link><pubDate>{when}</pubDate></item>"
            for n, when in rows
        )
    )


def test_of_a_long_feed_the_500_newest_are_taken_in_the_feeds_order() -> None:
    numbers = [int(entry.url.rpartition("/")[2]) for entry in entries(many(2000))]
    assert numbers == list(range(1500, 2000))


def test_of_a_long_feed_without_dates_the_first_500_are_taken() -> None:
    items = "".join(f"<item><link>/{n}</link></item>" for n in range(600))
    assert [entry.url.rpartition("/")[2] for entry in entries(rss(items))] == [str(n) for n in range(500)]


def test_a_feed_of_20_000_items_does_not_hang() -> None:
    content = many(20_000)
    started = time.monotonic()
    assert len(entries(content)) == 500
    assert time.monotonic() - started < 60


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_entries_or_a_feed_error(content: bytes) -> None:
    with contextlib.suppress(FeedError):
        assert isinstance(entries(content), tuple)


PIECES = (
    "<",
    ">",
    "&",
    '"',
    "'",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<link>",
    "</link>",
)
MORE = (
    "<x:y z:a=1>",
    ' xmlns:a=""',
    ' a="1" a="2"',
    "<a::b>",
    "</rss>",
    "</channel>",
    "&#xD800;",
    "&#0;",
    "\0",
    "\ud83d",
    "خبر",
    "https://news.example/1",
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES + MORE), max_size=30))
def test_any_broken_markup_gives_entries_or_a_feed_error_and_spares_the_entry_before_it(
    pieces: list[str],
) -> None:
    broken = rss(ITEM + "<item>" + "".join(pieces) + "</item>")
    found = entries(broken.encode("utf-8", "surrogatepass"))
    assert found[0].url == "https://news.example/bridge"
    assert all(entry.url.startswith("http") for entry in found)
