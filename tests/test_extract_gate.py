"""The gate: what is no article is turned away with its reason, and no article is."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsarchive.extract import extract
from newsarchive.extract.signs import WALLS
from newsarchive.models import Article, Entry, Rejected

PAGES = Path(__file__).parent / "not-articles"
URL = "https://outlet.example/news/2024-17"
HEADLINE = "ورشة لصيانة قوارب الصيد في الميناء القديم"
STORY = "افتتح صيادو الميناء القديم ورشة صغيرة لصيانة القوارب، يعمل فيها خمسة نجارين، وتستقبل القوارب كل يوم عدا الجمعة."
MORE = (
    "وقال أحد النجارين إن الورشة وفرت على الصيادين رحلة يوم كامل إلى الحوض الكبير، وإن الأجور تدفع على أقساط."
)


def kinds() -> list[str]:
    return sorted(str(path.relative_to(PAGES).with_suffix("")) for path in PAGES.rglob("*.html"))


def page(body: str, head: str = "", classes: str = "") -> bytes:
    return f"<html><head>{head}</head><body class='{classes}'>{body}</body></html>".encode()


def story(headline: str = HEADLINE) -> str:
    return f"<h1>{headline}</h1><div><p>{STORY}</p><p>{MORE}</p></div>"


def reason(content: bytes, *, url: str = URL, entry: Entry | None = None) -> str | None:
    got = extract(content, url=url, entry=entry)
    return got.reason if isinstance(got, Rejected) else None


@pytest.mark.parametrize("name", kinds())
def test_a_page_that_is_no_article_is_rejected_for_what_it_is(name: str) -> None:
    got = extract((PAGES / f"{name}.html").read_bytes(), url=URL)
    assert isinstance(got, Rejected), got
    assert got.reason == name.partition("/")[0]
    assert got.detail


def test_every_kind_of_sign_has_a_page() -> None:
    assert {sign.reason for sign in WALLS} <= {name.partition("/")[0] for name in kinds()}


@pytest.mark.parametrize("phrase", sorted({title for sign in WALLS for title in sign.titles}))
def test_a_walls_title_is_a_sign_only_where_it_is_the_headline(phrase: str) -> None:
    article = '<meta property="og:type" content="article">'
    login = "<input type=password>"
    assert reason(page(f"{story()}<h2>{phrase}</h2>{login}", f"<title>{HEADLINE}</title>{article}")) is None
    assert reason(page(f"<h1>{phrase}</h1>{login}", f"<title>{phrase}</title>")) is not None


@pytest.mark.parametrize(
    "headline",
    [
        "الموقع الأثري تحت الماء يفتح أبوابه للغواصين",
        "وزارة الاتصالات: الخدمة غير متاحة في الريف الشرقي",
        "مصرع 404 أشخاص في زلزال ضرب الساحل",
        "503 طلاب يتخرجون في جامعة الوادي",
        "الصفحة الأخيرة من حكاية السوق القديم",
        "غرامة لمن يبيع نطاقا بحريا بلا رخصة",
        "قريبا.. خط حافلات بين الميناء والجامعة",
        "لم يتم العثور على ناجين بعد انهيار المنجم",
        "صيانة الجسر الشمالي تبدأ الأحد",
        "تسجيل الدخول إلى بوابة الامتحانات متاح اليوم",
    ],
)
def test_a_headline_that_speaks_like_a_wall_is_news(headline: str) -> None:
    assert reason(page(story(headline), f"<title>{headline} - ضفة الوادي</title>")) is None


@pytest.mark.parametrize(
    "headline", ["عاجل: هزة أرضية خفيفة تضرب الساحل", "عاجل | إغلاق الميناء بسبب الرياح"]
)
def test_an_urgent_item_of_one_line_is_an_article(headline: str) -> None:
    line = "المرصد: هزة بقوة أربع درجات شعر بها سكان الساحل ولا أضرار."
    assert reason(page(f"<h1>{headline}</h1><p>{line}</p>", f"<title>{headline}</title>")) is None


def test_an_urgent_item_without_an_h1_among_many_links_is_an_article() -> None:
    links = "".join(f"<li><a href='/n/{n}'>حكاية أخرى من حكايات السوق القديم {n}</a></li>" for n in range(12))
    urgent = "عاجل: هزة أرضية خفيفة تضرب الساحل"
    body = f"<h3>{urgent}</h3><p>المرصد: هزة بقوة أربع درجات شعر بها السكان.</p><ul>{links}</ul>"
    assert reason(page(body, f"<title>{urgent} - ضفة الوادي</title>")) is None
    assert reason(page(body, "<title>ضفة الوادي</title>")) == "listing"


def test_a_headline_that_is_a_link_to_its_own_page_is_the_articles() -> None:
    links = "".join(f"<li><a href='/n/{n}'>حكاية أخرى من حكايات السوق القديم {n}</a></li>" for n in range(12))
    body = (
        f"<h1><a href='{{}}'>عاجل: هزة أرضية خفيفة تضرب الساحل</a></h1><p>شعر بها السكان.</p><ul>{links}</ul>"
    )
    assert reason(page(body.format("/news/2024-17#top"))) is None
    assert reason(page(body.format("/n/99"))) == "listing"


def test_a_headline_about_a_missing_page_above_a_report_is_news() -> None:
    headline = "الصفحة الأولى من المخطوط غير موجودة"
    assert (
        reason(page(f"<h1>{headline}</h1><p>{STORY} {MORE}</p><p>{MORE} {STORY}</p><p>{STORY}</p>")) is None
    )
    assert reason(page(f"<h1>{headline}</h1><p>عد إلى البداية.</p>")) == "soft-404"


def test_a_headline_that_the_feed_announced_is_no_error_page() -> None:
    headline = "المحتوى غير متاح"
    content = page(f"<h1>{headline}</h1><p>{MORE}</p>", f"<title>{headline}</title>")
    assert reason(content) == "soft-404"
    assert reason(content, entry=Entry(url=URL, headline=headline)) is None


def test_an_urgent_item_beside_a_question_for_consent_is_an_article() -> None:
    ask = "<div class=cookie-banner><p>نستخدم ملفات تعريف الارتباط لنحسن تجربتك ونقيس عدد الزيارات ونعرض ما يناسبك من إعلانات</p></div>"
    line = "المرصد: هزة بقوة أربع درجات شعر بها سكان الساحل ولا أضرار."
    assert reason(page(f"{ask}<h1>عاجل: هزة أرضية خفيفة تضرب الساحل</h1><p>{line}</p>")) is None


def test_a_form_to_log_in_above_an_article_does_not_make_it_a_wall() -> None:
    form = "<div class=modal><h1>تسجيل الدخول</h1><form><input type=password></form></div>"
    assert reason(page(form + story(), f"<title>{HEADLINE}</title>")) is None


def test_an_article_that_names_a_wall_in_its_text_is_an_article() -> None:
    quote = "<p>وظهرت للزوار عبارة Checking your browser before accessing ثم رسالة Just a moment لدقائق قبل أن تعود الصفحة.</p>"
    assert reason(page(story() + quote * 6)) is None


def test_a_news_wiki_is_news() -> None:
    head = '<meta name="generator" content="MediaWiki 1.39"><link rel="canonical" href="https://ar.wikinews.example/x">'
    assert reason(page(story(), head)) is None


# Addresses


@pytest.mark.parametrize("path", ["", "index.php", "home", "index.html", "ar/"])
def test_the_address_of_the_front_page_is_no_articles(path: str) -> None:
    assert reason(page(story()), url=f"https://outlet.example/{path}") == "home-page"


@pytest.mark.parametrize("path", ["404", "404.html", "error/404.aspx", "page-not-found", "errors/not-found/"])
def test_the_address_of_an_error_page_is_no_articles(path: str) -> None:
    assert reason(page(story()), url=f"https://outlet.example/{path}") == "soft-404"


@pytest.mark.parametrize(
    "path", ["showthread.php?t=5", "forum/viewtopic.php?f=2&t=9", "index.php?topic=44.0"]
)
def test_the_address_of_a_forum_is_no_articles(path: str) -> None:
    assert reason(page(story()), url=f"https://outlet.example/{path}") == "forum"


def test_a_canonical_address_that_is_the_front_page_rejects_unless_the_page_proves_to_be_an_article() -> None:
    head = '<link rel="canonical" href="https://outlet.example/">'
    article = '<meta property="og:type" content="article">'
    assert reason(page(story(), head)) == "home-page"
    assert reason(page(story(), head + article)) is None
    assert reason(page(f"<p>{STORY}</p>", head + article)) == "home-page"


@pytest.mark.parametrize("url", ["http://[", "https://outlet.example:x/", "\x00", "https://[::1"])
def test_an_address_that_is_none_rejects_nothing(url: str) -> None:
    assert reason(page(story()), url=url, entry=Entry(url=url, headline="شيء آخر تماما لا يلتقي هنا")) is None


# Agreement with the entry


def entry(headline: str, url: str = URL) -> Entry:
    return Entry(url=url, headline=headline)


LINKS = "".join(
    f"<h3><a href='/n/{n}'>حكاية أخرى من حكايات السوق {n}</a></h3><p>نص قصير عنها</p>" for n in range(3)
)


@pytest.mark.parametrize(
    "headline",
    [
        HEADLINE,
        "ورشة لصيانة قوارب...",
        "في الميناء القديم: نجارون يعيدون قوارب الصيد إلى البحر",
        "صيادو المدينة يفتتحون ورشتهم الأولى",
        "عاجل",
    ],
)
def test_a_shortened_or_reworded_headline_of_the_feed_is_met(headline: str) -> None:
    assert reason(page(story()), entry=entry(headline)) is None


def test_an_article_is_kept_though_nothing_meets_if_nothing_else_speaks_against_it() -> None:
    assert reason(page(story()), entry=entry("برلمان العاصمة يقر الموازنة العامة بالإجماع")) is None


def test_links_to_other_articles_alone_are_a_listing_if_the_feeds_article_is_not_among_them() -> None:
    missing = entry("برلمان العاصمة يقر الموازنة العامة بالإجماع")
    assert reason(page(f"<div>{LINKS}</div><p>{STORY}</p>"), entry=missing) == "listing"


def test_a_redirect_to_the_section_above_is_a_listing_if_nothing_meets() -> None:
    missing = entry("برلمان العاصمة يقر الموازنة العامة بالإجماع", "https://outlet.example/news/politics/55")
    content = page(f"<h1>كل ما ينشر في السياسة</h1><p>{STORY}</p><p>{MORE}</p>")
    assert reason(content, url="https://outlet.example/news/politics/", entry=missing) == "listing"
    assert reason(content, url="https://outlet.example/news/politics/55", entry=missing) is None


@pytest.mark.parametrize(
    "headline", [HEADLINE, "نجارون يصلحون القوارب لصيادي الميناء القديم", "قوارب الصيد في الميناء تعود"]
)
def test_a_redirect_to_a_shorter_address_is_no_listing_if_the_headline_or_the_text_meets(
    headline: str,
) -> None:
    asked = entry(headline, "https://outlet.example/news/2024-17/old-name")
    assert reason(page(story()), entry=asked) is None


@pytest.mark.parametrize("name", kinds())
def test_a_page_that_is_no_article_is_none_whatever_the_feed_announced(name: str) -> None:
    content = (PAGES / f"{name}.html").read_bytes()
    assert reason(content, entry=entry("برلمان العاصمة يقر الموازنة العامة بالإجماع")) is not None


def test_a_garbled_headline_of_the_feed_proves_nothing() -> None:
    garbled = Entry(url=URL, headline="Ø¨Ø±Ù„Ù…Ø§Ù† Ø§Ù„Ø¹Ø§ØµÙ…Ø© ÙŠÙ‚Ø±", garbled=True)
    assert isinstance(extract(page(f"<div>{LINKS}</div>{story()}"), url=URL, entry=garbled), Article)


@pytest.mark.parametrize("headline", ["story-2018-final.html", "Cotton returns to the Khabur valley"])
def test_a_headline_in_another_script_than_the_page_proves_nothing(headline: str) -> None:
    links = "".join(f'<h3><a href="/n/{n}">خبر آخر عن أحوال القرى البعيدة {n}</a></h3>' for n in range(4))
    text = (
        "<p>عاد المزارعون إلى حقولهم بعد توقف الأمطار، وبدأوا إحصاء الخسائر في القنوات والبيوت البلاستيكية.</p>"
        * 4
    )
    assert reason(page(f"<div class=text>{text}</div>{links}"), entry=entry(headline)) is None
