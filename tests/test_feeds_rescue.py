"""Damaged feeds: what is whole comes out as if nothing had been wrong."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsarchive.discover import parse_feed
from newsarchive.errors import FeedError
from newsarchive.models import Entry

NOW = datetime(2024, 3, 6, 12, 0, tzinfo=UTC)
WHEN = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
HEADLINES = (
    "بلدية حماة تعيد فتح السوق المغطى",
    "طلاب «الهندسة» يبنون سداً، والنهر يفيض",
    "أسعار الزيت في إدلب",
)
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def item(number: int, headline: str) -> str:
    return (
        f"<item><title>{headline}</title><link>https://news.example/{number}</link>"
        "<pubDate>Tue, 05 Mar 2024 12:00:00 +0300</pubDate><dc:creator>مراسلة</dc:creator>"
        f'<guid isPermaLink="false">g{number}</guid><description><![CDATA[ملخص {number}]]></description>'
        f"<content:encoded><![CDATA[<p>متن {number}</p>]]></content:encoded></item>\n"
    )


ITEMS = "".join(item(number, headline) for number, headline in enumerate(HEADLINES))
FEED = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {NAMESPACES}><channel><title>نشرة</title>\n{ITEMS}</channel></rss>'
SECOND = "<title>" + HEADLINES[1]


def parse(
    feed: str | bytes, content_type: str | None = None, charset: str | None = None
) -> tuple[Entry, ...]:
    content = feed.encode("utf-8", "surrogatepass") if isinstance(feed, str) else feed
    headers = {"Content-Type": content_type} if content_type else None
    return parse_feed(content, url="https://news.example/feed", headers=headers, charset=charset, now=NOW)


WHOLE = parse(FEED)


def test_the_undamaged_feed_is_read_whole() -> None:
    assert tuple(entry.headline for entry in WHOLE) == HEADLINES
    assert {(entry.published, entry.byline) for entry in WHOLE} == {(WHEN, "مراسلة")}


@pytest.mark.parametrize(
    ("feed", "damage"),
    [
        ("\r\n\r\n  " + FEED, "blank lines in front"),
        (
            "<br />\n<b>Warning</b>: Undefined index in <b>/srv/index.php</b> on line <b>9</b><br />\n"
            + FEED,
            "a PHP warning in front",
        ),
        ("<html><body>خطأ</body></html>" + FEED, "an error page in front"),
        (FEED + "\n<script>count()</script><!-- 0.2 s -->", "a script behind"),
        (FEED.replace("</channel></rss>", "</channel>"), "no end of the root"),
        (FEED.replace("</channel></rss>", ""), "no end of anything"),
        (FEED.replace("<item>", "\x0b<item>\x1f\x00"), "control characters"),
        (FEED.replace(SECOND, "<title>&#0;&#x1F;" + HEADLINES[1]), "references to no character"),
        (FEED.replace(f" {NAMESPACES}", ""), "no namespace declarations"),
        (
            FEED.replace("<rss ", '<rss version="2.0" xmlns="http://backend.userland.com/rss2" '),
            "an attribute twice, a default namespace",
        ),
        (FEED.replace("<guid ", '<guid isPermaLink="false" '), "an attribute twice in every item"),
        (FEED.replace("1.0", "1.1", 1), "XML 1.1"),
        (
            FEED.replace(
                "<rss ", '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd"><rss '
            ),
            "a document type",
        ),
        (
            FEED.replace("<item>", "</channel><item>", 1).replace("</channel></rss>", "</rss>"),
            "items outside the channel",
        ),
        (
            FEED.replace("title>", "TITLE>").replace("item>", "Item>").replace("<pubDate>", "<PUBDATE>"),
            "tags in mixed case",
        ),
        (FEED.replace("</description>", " ]]></description>"), "a CDATA end too many"),
        (FEED.replace("</item>\n<item>", "<item>"), "items that are not closed"),
        (FEED.replace("</title><link>", "<link>"), "headlines that are not closed"),
        (
            FEED.replace("<title>ب", "<title><![CDATA[ب").replace("<title>أ", "<title><![CDATA[أ"),
            "CDATA that is not closed",
        ),
        (
            FEED.replace("<dc:creator>", '<x:odd y:z=1 y:z="2"><dc:creator>'),
            "an unknown tag that is not closed",
        ),
        (FEED.replace("<item>", "<!-- <item> --><?php echo ?><item>"), "comments and instructions"),
    ],
)
def test_damage_around_the_text_changes_nothing(feed: str, damage: str) -> None:
    assert parse(feed) == WHOLE, damage


@pytest.mark.parametrize(
    ("raw", "summary"),
    [
        ("<p>سطر<br>آخر", "سطر آخر"),
        ("قبل&nbsp;&laquo;بعد&raquo; &unknown;", "قبل «بعد» &unknown;"),
        ("خبز & ملح، 3 < 5", "خبز & ملح، 3 < 5"),
        ("<![CDATA[نص ]]> تابع]]>", "نص تابع"),
        ("<![CDATA[نص <![CDATA[داخلي]]> تابع]]>", "نص داخلي تابع"),
        ("<![CDATA[أول]]> و<![CDATA[ثان]]>", "أول وثان"),
        ("<![CDATA[وسم </description> حرفي]]>", "وسم حرفي"),
        ("ابتسامة &#xD83D;&#xDE00; و&#55357;&#56832;", "ابتسامة 😀 و😀"),
        ("&amp;lt;b&amp;gt;عريض&amp;lt;/b&amp;gt;", "عريض"),
    ],
)
def test_damage_within_a_text_stays_within_it(raw: str, summary: str) -> None:
    entries = parse(FEED.replace("<![CDATA[ملخص 1]]>", raw))
    assert [entry.summary for entry in entries] == ["ملخص 0", summary, "ملخص 2"]
    assert tuple(entry.headline for entry in entries) == HEADLINES


def test_a_feed_that_is_cut_off_gives_the_items_that_are_whole() -> None:
    for cut in range(FEED.index("<item>") + 6, len(FEED), 7):
        whole = FEED[:cut].count("</item>")
        if whole:
            assert parse(FEED[:cut].encode()) == WHOLE[:whole]
        else:
            with pytest.raises(FeedError):
                parse(FEED[:cut])


@pytest.mark.parametrize(
    ("codec", "declared", "content_type"),
    [
        ("windows-1256", "windows-1256", None),
        ("windows-1256", "cp1256", None),
        ("windows-1256", "UTF-8", None),
        ("windows-1256", "UTF-8", "text/xml; charset=windows-1256"),
        ("windows-1256", "", "text/xml"),
        ("iso-8859-6", "ISO-8859-6", None),
        ("iso-8859-6", "UTF-8", None),
        ("utf-8", "windows-1256", None),
        ("utf-8", "utf-16", None),
        ("utf-8", "utf8", "application/rss+xml; charset=iso-8859-1"),
        ("utf-8-sig", "UTF-8", None),
        ("utf-16", "utf-16", None),
        ("utf-16-be", "UTF-8", None),
    ],
)
def test_the_encoding_is_found_whatever_is_declared(
    codec: str, declared: str, content_type: str | None
) -> None:
    feed = FEED.replace("«", '"').replace("»", '"')  # which iso-8859-6 lacks
    text = feed.replace('encoding="UTF-8"', f'encoding="{declared}"' if declared else "")
    assert parse(text.encode(codec), content_type) == parse(feed)


def test_a_hebrew_feed_stays_hebrew() -> None:
    headline = "הספרייה העירונית נפתחה מחדש לאחר שיפוץ ארוך"
    feed = (
        FEED.replace(HEADLINES[0], headline)
        .encode("windows-1255", "ignore")
        .replace(b"UTF-8", b"windows-1255")
    )
    assert parse(feed)[0].headline == headline


def test_a_given_charset_overrides() -> None:
    headline = "הספרייה העירונית"
    assert (
        parse(FEED.replace(HEADLINES[0], headline).encode("windows-1255", "ignore"), charset="windows-1255")[
            0
        ].headline
        == headline
    )


def test_lone_invalid_bytes_spoil_only_themselves() -> None:
    entries = parse(FEED.encode().replace("ملخص 1".encode(), "ملخص ".encode() + b"\xff1"))
    assert tuple(entry.headline for entry in entries) == HEADLINES
    assert entries[1].summary == "ملخص \ufffd1"


def test_a_gzipped_body_is_unpacked_and_what_is_whole_of_a_cut_one_too() -> None:
    packed = gzip.compress(FEED.encode())
    assert parse(packed) == WHOLE
    assert parse(packed[:-12])[:2] == WHOLE[:2]
    with pytest.raises(FeedError):
        parse(b"\x1f\x8bno gzip at all")


def test_a_gzip_bomb_is_read_for_5_mb_only() -> None:
    bomb = gzip.compress(FEED.replace("</channel></rss>", "<item>" + "x" * 30_000_000).encode())
    started = time.monotonic()
    assert parse(bomb) == WHOLE
    assert time.monotonic() - started < 30


def twice(text: str, codec: str) -> str:
    """Encode as UTF-8 and read the bytes as `codec`; what that lacks stays a byte, as browsers have it."""
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("codec", ["latin-1", "windows-1252", "windows-1256"])
def test_text_that_was_encoded_twice_is_repaired(codec: str) -> None:
    entries = parse(FEED.replace(HEADLINES[1], twice(HEADLINES[1], codec)))
    assert entries == WHOLE


@pytest.mark.parametrize("codec", ["windows-1252", "windows-1256"])
def test_doubly_encoded_text_that_lost_something_is_flagged(codec: str) -> None:
    for lost in ("?", "\ufffd"):
        broken = twice(HEADLINES[1], codec).replace(twice("ن", codec)[1], lost)
        assert [entry.garbled for entry in parse(FEED.replace(HEADLINES[1], broken))] == [False, True, False]


@pytest.mark.parametrize(
    "honest", ["حروف ط، ظ، ع، غ", "سعر الخبز 5؟ نعم؛ ربما", "Ørsted و São Tomé و Ünal", "؟؟؟ !!!"]
)
def test_honest_text_is_neither_repaired_nor_flagged(honest: str) -> None:
    entry = parse(FEED.replace(HEADLINES[1], honest))[1]
    assert (entry.headline, entry.garbled) == (honest, False)


def test_billion_laughs_expand_to_nothing_and_quickly() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    feed = FEED.replace("<rss ", f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]><rss ').replace(
        HEADLINES[0], "&l12;"
    )
    started = time.monotonic()
    assert parse(feed)[0].headline == "&l12;"
    assert time.monotonic() - started < 30


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("سر", encoding="utf-8")
    feed = FEED.replace("<rss ", f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss ')
    assert parse(feed.replace(HEADLINES[0], "قبل &x; بعد"))[0].headline == "قبل &x; بعد"


@pytest.mark.parametrize(
    "flood",
    [
        "<!--",
        "<![CDATA[",
        "<item><title>",
        "<x>",
        "<",
        "<x a='",
        "<?",
        "&",
        "</item>",
        "<a:b ",
        "<item><title><![CDATA[</title>",
    ],
)
def test_a_flood_of_openings_takes_linear_time(flood: str) -> None:
    document = FEED.replace("</channel></rss>", flood * (200_000 // len(flood)))
    started = time.monotonic()
    assert parse(document)[:3] == WHOLE
    assert time.monotonic() - started < 30


def test_a_flood_of_attributes_takes_linear_time() -> None:
    flood = " ".join(f'a{number}="1"' for number in range(20_000))
    started = time.monotonic()
    assert parse(FEED.replace("<guid ", f"<guid {flood} "))[0].headline == HEADLINES[0]
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "printed",
    [
        "Tue, 05 Mar 2024 12:00:00 +0300",
        "Fri, 5 Mar 24 12:00:00 +0300",
        "Tue, 05 Mar 2024 12:00:00 GMT+3",
        "Tue, 05 Mar 2024 09:00:00 GMT",
        "Tue, 05 Mar 2024 09:00:00 Z",
        "2024-03-05T12:00:00+03:00",
        "2024-03-05T09:00:00.1234567Z",
        "2024-03-05 09:00:00",
        "Tue, ٠٥ Mar ٢٠٢٤ ١٢:٠٠:٠٠ +٠٣٠٠",
        "الثلاثاء, 05 آذار 2024 12:00:00 +0300",
        "الثلاثاء، 5 مارس 2024 09:00",
    ],
)
def test_dates_are_read_as_outlets_print_them(printed: str) -> None:
    assert parse(FEED.replace("Tue, 05 Mar 2024 12:00:00 +0300", printed))[0].published == WHEN


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "قريباً",
        "Tue, 05 Mar 2024",
        "5 آذار 2024",
        "2024-03-05",
        "0000-00-00 00:00:00",
        "Thu, 31 Feb 2024 09:00:00 GMT",
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "3/5/2024 9:00:00",
        "x" * 10_000,
    ],
)
def test_a_date_that_is_not_certain_is_none(printed: str) -> None:
    assert parse(FEED.replace("Tue, 05 Mar 2024 12:00:00 +0300", printed))[0].published is None


def test_a_time_without_a_zone_is_the_outlets() -> None:
    feed = FEED.replace("Tue, 05 Mar 2024 12:00:00 +0300", "2024-03-05 12:00:00").encode()
    assert parse_feed(feed, url="https://news.example/feed", timezone="Asia/Damascus")[0].published == WHEN


def test_pubdate_goes_before_dc_date_and_dc_date_serves_alone() -> None:
    both = FEED.replace("<pubDate>", "<dc:date>2020-01-01T00:00:00Z</dc:date><pubDate>")
    assert parse(both) == WHOLE
    assert parse(both.replace("Tue, 05 Mar", "بلا تاريخ"))[0].published == datetime(2020, 1, 1, tzinfo=UTC)
