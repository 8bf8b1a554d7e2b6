"""Pages are packed with one another: small, always readable or said to be damaged, and one can be taken out of their midst."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsarchive.archive import evidence, packing
from newsarchive.archive.pages import Pages, read_page
from newsarchive.errors import ArchiveError

MARCH = datetime(2024, 3, 11, 12, 0, tzinfo=UTC)
APRIL = datetime(2024, 4, 1, 0, 0, tzinfo=UTC)
NEVER = "0" * 64
SENTENCE = (
    "وصلت القافلة إلى القرية صباح اليوم وبدأ السكان توزيع البذور على الحقول القريبة من النهر قبل موسم المطر"
)
WORDS = SENTENCE.split()


def furniture(design: str) -> tuple[str, str]:
    """Return what a source prints before and after each article, some 12 KB that no other design shares."""
    dice = random.Random(design)  # noqa: S311 - made-up markup
    blocks = [
        f'<li class="{dice.getrandbits(64):x}"><a href="/{dice.getrandbits(64):x}">' for _ in range(240)
    ]
    return "\n".join(blocks[:160]), "\n".join(blocks[160:])


def page(number: int, *, design: str = "wadi", advertisement: str = "") -> bytes:
    """Return a made-up page with an article of its own."""
    dice = random.Random(number)  # noqa: S311 - made-up text
    text = " ".join(f"{word} {dice.getrandbits(16)}" for word in dice.choices(WORDS, k=120))
    before, after = furniture(design)
    return f"<!doctype html><html>{before}<p>{number}</p><i>{advertisement}</i><p>{text}</p>{after}</html>".encode()


def noise(length: int) -> bytes:
    """Return bytes that nothing makes smaller."""
    return random.Random(length).randbytes(length)  # noqa: S311 - made-up bytes


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def rows(pages: Pages, sql: str, *values: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in pages._connection.execute(sql, values)]


def dictionary(pages: Pages, key: str) -> object:
    ((found,),) = rows(pages, "SELECT dictionary FROM pages WHERE hash = ?", key)
    return found


def size(pages: Pages, key: str) -> int:
    ((found,),) = rows(pages, "SELECT length(content) FROM pages WHERE hash = ?", key)
    assert isinstance(found, int)
    return found


def depth(pages: Pages, key: object) -> int:
    below = dictionary(pages, str(key))
    return 1 + depth(pages, below) if below else 0


def damage(pages: Pages, key: str) -> None:
    """Flip a bit in the midst of a page's frame."""
    ((frame,),) = rows(pages, "SELECT content FROM pages WHERE hash = ?", key)
    assert isinstance(frame, bytes)
    half = len(frame) // 2
    flipped = frame[:half] + bytes([frame[half] ^ 1]) + frame[half + 1 :]
    pages._connection.execute("UPDATE pages SET content = ? WHERE hash = ?", (flipped, key))


def remove(pages: Pages, key: str) -> None:
    """Take a page out as a person does: the removal is written down in the same transaction."""
    row = {
        "at": "2024-03-12T00:00:00Z",
        "url": "https://wadi.example/",
        "page": key,
        "text": None,
        "reason": "r",
    }
    with pages.transaction():
        evidence.append(pages._connection, "removals", pages.archive_id, row)
        pages.forget(key)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.pages.db"


@pytest.fixture
def pages(path: Path) -> Iterator[Pages]:
    opened = Pages(path, "mine")
    yield opened
    opened.close()


@pytest.fixture
def keep(pages: Pages) -> Callable[..., str]:
    def kept(content: bytes, *, source: str = "wadi", now: datetime = MARCH, like: str | None = None) -> str:
        return pages.keep(content, source=source, now=now, like=like)

    return kept


# -- packing


@given(content=st.binary(max_size=300), dictionary=st.binary(max_size=300), same=st.booleans())
def test_what_was_packed_comes_back(*, content: bytes, dictionary: bytes, same: bool) -> None:
    raw = content + dictionary if same else dictionary
    frame = packing.pack(content, raw)
    assert packing.unpack(frame, key=digest(content), length=len(content), dictionary=raw) == content


@given(at=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7), cut=st.booleans())
def test_a_damaged_frame_gives_the_right_bytes_or_none(*, at: int, bit: int, cut: bool) -> None:
    content, raw = page(1), page(2)
    frame = bytearray(packing.pack(content, raw))
    at %= len(frame)
    if cut:
        del frame[at:]
    else:
        frame[at] ^= 1 << bit
    with contextlib.suppress(ValueError):
        given_back = packing.unpack(bytes(frame), key=digest(content), length=len(content), dictionary=raw)
        assert given_back == content


@pytest.mark.parametrize("length", [-1, 0, 49, 51, 1 << 50])
def test_a_page_of_another_length_than_its_row_says_is_damaged(length: int) -> None:
    content = b"x" * 50
    with pytest.raises(ValueError, match="cannot be unpacked"):
        packing.unpack(packing.pack(content), key=digest(content), length=length)


def test_another_dictionary_gives_no_wrong_page() -> None:
    content = page(1)
    frame = packing.pack(content, page(2))
    for other in (b"", page(3), page(2)[:-1]):
        with pytest.raises(ValueError, match=digest(content)):
            packing.unpack(frame, key=digest(content), length=len(content), dictionary=other)


def test_the_whole_of_a_dictionary_serves_a_page_that_is_far_shorter() -> None:
    raw = noise(600_000)
    for start in (0, 300_000, 598_000):
        assert len(packing.pack(raw[start : start + 2000], raw)) < 60


def test_the_end_of_a_page_of_five_megabytes_is_packed_with_its_dictionary_too() -> None:
    raw = noise(5_000_000)
    assert len(packing.pack(raw[:-1] + b"x", raw)) < 2000


@pytest.mark.parametrize(
    ("content", "suits"),
    [
        (page(1), True),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<HTML lang=ar>" + b"x" * 5000, True),
        (b"<html>not here</html>", False),
        (b"<p>" + b"x" * 9000, False),
        (b"<html>" + b"x" * (1 << 20), False),
    ],
    ids=["page", "capitals", "notice", "text of a feed", "huge"],
)
def test_only_a_whole_page_of_a_fair_size_is_a_dictionary(*, content: bytes, suits: bool) -> None:
    assert packing.suitable(content) is suits


def test_the_dictionary_is_chosen_that_leaves_least() -> None:
    near, far = page(1, advertisement="x"), page(2)
    assert (
        packing.choose(page(1), {"far": far, "near": near, "other": page(3, design="jabal")}).dictionary
        == "near"
    )


def test_a_page_that_fits_no_dictionary_stands_alone_but_a_feed_s_text_takes_what_it_can_get() -> None:
    text = noise(5000)
    some = {"some": page(1) + text[:1000]}
    assert packing.choose(text, some).dictionary == "some"
    assert packing.choose(b"<html>" + text, some).dictionary is None


def test_of_many_dictionaries_the_last_two_and_the_first_are_tried() -> None:
    assert packing.few([]) == []
    assert packing.few(["b", "a"]) == ["b", "a"]
    assert packing.few(["d", "c", "b", "a"]) == ["d", "c", "a"]


# -- keeping

_KEPT = st.tuples(
    st.one_of(
        st.binary(max_size=200),
        st.builds(
            page, st.integers(0, 5), design=st.sampled_from(["a", "b"]), advertisement=st.text(max_size=5)
        ),
    ),
    st.sampled_from(["wadi", "jabal"]),
    st.sampled_from([MARCH, APRIL]),
    st.integers(0, 9),
)


def test_every_page_comes_back_whatever_came_before_it_and_stands_on_two_others_at_most(path: Path) -> None:
    Pages(path, "mine").close()
    used = path.with_name("used.pages.db")

    @settings(max_examples=40)
    @given(arrivals=st.lists(_KEPT, max_size=12), removed=st.integers(0, 11))
    @example(arrivals=[(page(n, advertisement="ab"), "wadi", MARCH, n) for n in range(6)], removed=0)
    def holds(arrivals: list[tuple[bytes, str, datetime, int]], removed: int) -> None:
        shutil.copy(path, used)
        kept: dict[str, bytes] = {}
        with contextlib.closing(Pages(used, "mine")) as pages:
            with pages.transaction():
                for content, source, now, back in arrivals:
                    like = list(kept)[-back] if 0 < back <= len(kept) else None
                    kept[pages.keep(content, source=source, now=now, like=like)] = content
            for key in list(kept)[removed : removed + 1]:
                remove(pages, key)
                assert pages.read(key) is None
                del kept[key]
            assert {key: pages.read(key) for key in kept} == kept
            assert max((depth(pages, key) for key in kept), default=0) <= 2

    holds()


def test_a_month_of_a_source_has_one_dictionary_which_stands_alone(
    pages: Pages, keep: Callable[..., str]
) -> None:
    march = [keep(page(n)) for n in range(5)]
    april = [keep(page(n), now=APRIL) for n in range(5, 9)]
    other = [keep(page(n), source="jabal") for n in range(9, 12)]
    for first, *rest in (march, april, other):
        assert dictionary(pages, first) is None
        assert {dictionary(pages, key) for key in rest} == {first}


def test_a_page_takes_a_fifth_of_what_gzip_takes(pages: Pages, keep: Callable[..., str]) -> None:
    made = [page(n) for n in range(12)]
    packed = sum(size(pages, keep(content)) for content in made)
    assert packed < sum(len(gzip.compress(content)) for content in made) / 5


def test_the_same_bytes_again_write_nothing(pages: Pages, keep: Callable[..., str]) -> None:
    key = keep(page(1))
    before = pages._connection.total_changes
    assert keep(page(1), source="jabal", now=APRIL, like=key) == key
    assert pages._connection.total_changes == before


def test_the_next_run_goes_on_with_the_month_s_dictionary(path: Path) -> None:
    keys = []
    for n in range(3):
        pages = Pages(path, "mine")
        keys.append(pages.keep(page(n), source="wadi", now=MARCH))
        assert dictionary(pages, keys[n]) == (keys[0] if n else None)
        pages.close()


@pytest.mark.parametrize("reopened", [False, True])
def test_notices_and_feeds_texts_are_no_dictionaries(path: Path, *, reopened: bool) -> None:
    pages = Pages(path, "mine")
    made = [
        b"<html><h1>503</h1></html>",
        noise(5000),
        page(1),
        noise(6000),
        b"<html>" + noise(900),
        noise(7000),
    ]
    keys = [pages.keep(content, source="wadi", now=MARCH) for content in made]
    assert [dictionary(pages, key) for key in keys] == [None] * 6
    if reopened:
        pages.close()
        pages = Pages(path, "mine")
    assert dictionary(pages, pages.keep(page(2), source="wadi", now=MARCH)) == keys[2]
    pages.close()


def test_a_redesign_starts_a_new_dictionary_at_its_first_page(pages: Pages, keep: Callable[..., str]) -> None:
    old = keep(page(1))
    new = keep(page(2, design="new"))
    assert dictionary(pages, new) is None
    assert dictionary(pages, keep(page(3, design="new"))) == new
    assert dictionary(pages, keep(page(4))) == old


@pytest.mark.parametrize("reopened", [False, True])
def test_of_a_source_with_many_designs_the_first_and_the_last_two_are_known(
    path: Path, *, reopened: bool
) -> None:
    pages = Pages(path, "mine")
    keys = [pages.keep(page(n, design=f"{n}"), source="wadi", now=MARCH) for n in range(5)]
    if reopened:
        pages.close()
        pages = Pages(path, "mine")
    found = [pages.keep(page(n + 5, design=f"{n}"), source="wadi", now=MARCH) for n in (0, 3, 4, 2)]
    assert [dictionary(pages, key) for key in found] == [keys[0], keys[3], keys[4], None]
    pages.close()


# -- looked at again


def test_an_article_that_changed_its_advertisements_only_costs_under_300_bytes(
    pages: Pages, keep: Callable[..., str]
) -> None:
    keep(page(1))
    like = keep(page(2, advertisement="7f3a"))
    assert size(pages, like) > 300
    again = keep(page(2, advertisement="b29c"), like=like)
    assert dictionary(pages, again) == like
    assert size(pages, again) < 300


def test_however_often_an_article_is_looked_at_no_page_needs_more_than_two_others(
    pages: Pages, keep: Callable[..., str]
) -> None:
    keep(page(1))
    looks = [keep(page(2, advertisement="0"))]
    for n in range(1, 6):
        looks.append(keep(page(2, advertisement=f"{n}"), like=looks[-1]))
    assert [depth(pages, key) for key in looks] == [1, 2, 2, 2, 2, 2]
    assert [pages.read(key) for key in looks] == [page(2, advertisement=f"{n}") for n in range(6)]


def test_a_page_that_is_like_none_here_is_kept_all_the_same(pages: Pages, keep: Callable[..., str]) -> None:
    assert pages.read(keep(page(1), like=NEVER)) == page(1)
    assert pages.read(keep(page(2), like=keep(b"tiny"))) == page(2)


# -- damage


def test_a_flipped_bit_is_never_a_page_neither_in_it_nor_in_its_dictionary(
    pages: Pages, keep: Callable[..., str]
) -> None:
    first, second, third = (keep(page(n)) for n in range(3))
    damage(pages, second)
    assert pages.read(third) == page(2)
    with pytest.raises(ArchiveError, match="it is damaged"):
        pages.read(second)
    damage(pages, first)
    for key in (first, third):
        with pytest.raises(ArchiveError, match="it is damaged"):
            pages.read(key)


def test_a_dictionary_that_is_lost_or_its_own_is_damage(pages: Pages, keep: Callable[..., str]) -> None:
    first, second = keep(page(1)), keep(page(2))
    pages._connection.execute("PRAGMA foreign_keys = OFF")
    for wrong in (NEVER, second):
        pages._connection.execute("UPDATE pages SET dictionary = ? WHERE hash = ?", (wrong, second))
        with pytest.raises(ArchiveError, match="it is damaged"):
            pages.read(second)
    assert pages.read(first) == page(1)


def test_a_damaged_dictionary_is_not_built_upon(path: Path) -> None:
    pages = Pages(path, "mine")
    first = pages.keep(page(1), source="wadi", now=MARCH)
    damage(pages, first)
    second = pages.keep(page(2), source="wadi", now=MARCH, like=first)
    pages.close()
    pages = Pages(path, "mine")
    third = pages.keep(page(3), source="wadi", now=MARCH)
    assert [pages.read(key) for key in (second, third)] == [page(2), page(3)]
    assert dictionary(pages, third) == second
    pages.close()


def test_a_page_of_before_dictionaries_is_read_and_serves_as_one(
    pages: Pages, keep: Callable[..., str]
) -> None:
    old = page(1)
    row = (digest(old), "wadi", "2024-03-01T00:00:00Z", len(old), packing.zstd.compress(old, 10))
    sql = "INSERT INTO pages (hash, source, first_seen, length, content) VALUES (?, ?, ?, ?, ?)"
    pages._connection.execute(sql, row)
    assert pages.read(digest(old)) == old
    assert dictionary(pages, keep(page(2))) == digest(old)


# -- taking out


def test_a_dictionary_is_taken_out_and_what_was_packed_with_it_stays_readable_and_small(
    pages: Pages, keep: Callable[..., str]
) -> None:
    first, *rest = (keep(page(n)) for n in range(8))
    before = sum(size(pages, key) for key in rest)
    remove(pages, first)
    assert pages.read(first) is None
    assert [pages.read(key) for key in rest] == [page(n) for n in range(1, 8)]
    assert sum(size(pages, key) for key in rest) < before + size(pages, rest[0])
    assert {dictionary(pages, key) for key in rest} == {None, rest[0]}
    assert dictionary(pages, keep(page(9))) == rest[0]


def test_an_article_s_earlier_page_is_taken_out_and_its_later_ones_stay(
    pages: Pages, keep: Callable[..., str]
) -> None:
    month = keep(page(1))
    looks = [keep(page(2, advertisement="0"))]
    looks.extend(keep(page(2, advertisement=f"{n}"), like=looks[0]) for n in range(1, 4))
    remove(pages, looks[0])
    assert [dictionary(pages, key) for key in looks[1:]] == [month, looks[1], looks[1]]
    assert [pages.read(key) for key in looks[1:]] == [page(2, advertisement=f"{n}") for n in range(1, 4)]


def test_the_bytes_of_what_was_taken_out_are_not_in_the_file(path: Path) -> None:
    pages = Pages(path, "mine")
    secret = b"<html>" + noise(9000)
    key = pages.keep(secret, source="wadi", now=MARCH)
    pages.keep(secret + page(1), source="wadi", now=MARCH)
    pages.keep(page(2), source="wadi", now=MARCH)
    pages.close()
    assert secret[500:600] in path.read_bytes()
    pages = Pages(path, "mine")
    for taken in (key, digest(secret + page(1))):
        remove(pages, taken)
    pages.close()
    held = path.read_bytes()
    assert not any(secret[at : at + 20] in held for at in range(0, 9000, 20))


def test_a_damaged_page_or_dictionary_can_be_taken_out(pages: Pages, keep: Callable[..., str]) -> None:
    first, second, third = (keep(page(n)) for n in range(3))
    damage(pages, second)
    remove(pages, first)
    assert pages.read(third) == page(2)
    with pytest.raises(ArchiveError, match="it is damaged"):
        pages.read(second)
    damage(pages, third)
    remove(pages, third)
    assert rows(pages, "SELECT hash FROM pages") == [(second,)]


def test_a_removal_that_is_not_written_down_changes_nothing(pages: Pages, keep: Callable[..., str]) -> None:
    first, _, _ = (keep(page(n)) for n in range(3))
    before = rows(pages, "SELECT * FROM pages ORDER BY hash")
    with pytest.raises(ArchiveError, match="newsarchive remove"):
        pages.forget(first)
    assert rows(pages, "SELECT * FROM pages ORDER BY hash") == before


def test_taking_out_what_is_not_here_does_nothing(pages: Pages, keep: Callable[..., str]) -> None:
    key = keep(page(1))
    pages.forget(NEVER)
    assert read_page(pages._connection, key) == page(1)
