"""Bytes to text: what the bytes show is believed before what a server says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.encoding import charset_of, decode, decode_html

NEWS = "أعلنت البلدية إغلاق الجسر القديم أسبوعاً، وقالت إن الحافلات ستسلك طريق النهر"
HEBREW = "העירייה הודיעה כי הגשר הישן ייסגר לשבוע והאוטובוסים ייסעו לאורך הנהר"
RUSSIAN = "Мэрия сообщила, что старый мост закроют на неделю, автобусы пойдут вдоль реки"
FRENCH = "La mairie a annoncé la fermeture du vieux pont, à côté du marché, après l'été"
GERMAN = "Die Brücke über den Fluß wird für größere Fahrzeuge schließlich geöffnet"


def html(text: str, charset: str | None = None) -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>{text}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    "claim", ["windows-1252", "iso-8859-1", "utf-8", "windows-1256", "us-ascii", "no-such-charset", None]
)
def test_a_windows_1256_page_comes_out_right_whatever_it_claims(claim: str | None) -> None:
    page = html(NEWS, claim)
    header = f"text/html; charset={claim}" if claim else None
    assert decode_html(page.encode("windows-1256"), content_type=header) == page


@pytest.mark.parametrize("claim", ["windows-1256", "iso-8859-1", "utf-16", "iso-8859-6", None])
def test_a_utf_8_page_comes_out_right_whatever_it_claims(claim: str | None) -> None:
    page = html(NEWS, claim)
    header = f"text/html; charset={claim}" if claim else None
    assert decode_html(page.encode(), content_type=header) == page


@pytest.mark.parametrize("claim", ["iso-8859-6", "windows-1256", "utf-8", None])
def test_iso_8859_6_and_windows_1256_are_told_apart_by_their_words(claim: str | None) -> None:
    assert decode(NEWS.encode("iso-8859-6", "ignore"), declared=claim) == NEWS


@pytest.mark.parametrize("claim", ["iso-8859-6", "windows-1252", "utf-8", None])
@pytest.mark.parametrize(
    "text", ["عاجل: فتح الطريق", "گزارش تازه از چاپ پول", "سعر Brent اليوم 80.5$ … “مستقر”", "توفي 3 في حادث"]
)
def test_a_short_page_in_windows_1256_comes_out_right(text: str, claim: str | None) -> None:
    page = html("", claim) + "<script>var a = 1;</script>" * 50
    raw = page.encode() + text.encode("windows-1256")
    header = f"text/html; charset={claim}" if claim else None
    assert decode_html(raw, content_type=header) == page + text


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (HEBREW, "windows-1255"),
        (HEBREW, "iso-8859-8-i"),
        (RUSSIAN, "windows-1251"),
        (FRENCH, "iso-8859-1"),
        (GERMAN, "windows-1252"),
    ],
)
def test_other_scripts_stay_what_they_declare(text: str, claim: str) -> None:
    raw = text.encode(claim.removesuffix("-i"))
    assert decode(raw, declared=claim) == text
    assert decode(raw, http_charset="utf-8", declared=claim) == text


def test_french_without_any_claim_is_read_as_in_windows_1252() -> None:
    assert decode(FRENCH.encode("windows-1252")) == FRENCH


def test_lone_invalid_bytes_do_not_turn_a_utf_8_page_into_windows_1256() -> None:
    raw = html(NEWS).encode().replace(b"</p>", b"\xe7\xff</p>")
    text = decode_html(raw, content_type="text/html; charset=windows-1256")
    assert text.replace("\ufffd", "") == html(NEWS)


def test_a_utf_8_text_cut_within_a_letter_stays_utf_8() -> None:
    assert decode(NEWS.encode()[:-1]) == NEWS[:-1] + "\ufffd"


def test_utf_16_is_read_with_and_without_its_mark() -> None:
    page = html(NEWS)
    for codec in ("utf-16-le", "utf-16-be"):
        assert decode(page.encode(codec)) == page
        assert decode(("\ufeff" + page).encode(codec), http_charset="utf-8") == page
    assert decode(("\ufeff" + page).encode("utf-32-le")) == page


def test_a_byte_order_mark_is_no_part_of_the_text_even_twice() -> None:
    assert decode("\ufeff\ufeffخبر".encode()) == "خبر"


def test_a_given_charset_overrides_what_the_bytes_show() -> None:
    assert (
        decode(HEBREW.encode("windows-1255"), charset="windows-1255", http_charset="windows-1256") == HEBREW
    )
    assert decode("é".encode(), charset="latin-1") == "Ã©"


def test_the_http_charset_goes_before_the_documents_own() -> None:
    assert decode(RUSSIAN.encode("iso-8859-5"), http_charset="iso-8859-5", declared="windows-1251") == RUSSIAN


def test_a_late_meta_charset_is_found() -> None:
    style = "<style>" + "p {}\n" * 1500 + "</style>"
    page = style + html(RUSSIAN, "windows-1251")
    assert RUSSIAN in decode_html(page.encode("windows-1251"))


def test_a_content_type_gives_its_charset() -> None:
    assert charset_of("text/html; Charset='Windows-1256'") == "windows-1256"
    assert charset_of("text/html") is None
    assert charset_of(None) is None


LABELS = (
    "windows-1256",
    "utf-8",
    "utf-7",
    "idna",
    "unicode_escape",
    "rot13",
    "hex",
    "utf-16",
    "gb2312",
    "big5",
    "\ud800",
    "a\0b",
)


@settings(deadline=None)
@given(st.binary(max_size=300), st.one_of(st.sampled_from(LABELS), st.text(max_size=12)))
def test_any_bytes_under_any_label_give_clean_text(content: bytes, label: str) -> None:
    readings = [
        decode(content, charset=label),
        decode(content, http_charset=label),
        decode(content, declared=label),
        decode_html(content, content_type=f"text/html; charset={label}", charset=label),
    ]
    for text in readings:
        assert "\0" not in text
        text.encode("utf-8")


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1))
def test_valid_utf_8_is_always_itself(text: str) -> None:
    page = "<p>" + text
    assert decode(page.encode(), http_charset="windows-1256") == page
