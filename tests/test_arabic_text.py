"""The search form of Arabic text and the words it is made of."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.arabic import Token, fold, fold_word, tokens, word_spans
from newsarchive.arabic.text import careful_word

ARABIC = st.text("ابتدسعشمنيىةءأإآؤئـكلوف-._* \u0650\u0651\u200f\u200cپگی٣7xÉ", max_size=30)
ANY = st.text(max_size=40) | ARABIC


def fts5_terms(texts: list[str]) -> set[str]:
    """The terms that SQLite's own unicode61 tokenizer makes of some texts."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE searched USING fts5(words)")
        database.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(searched, 'row')")
        database.executemany("INSERT INTO searched VALUES (?)", [(text,) for text in texts])
        return {row[0] for row in database.execute("SELECT term FROM vocabulary")}


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("أُسرةٌ آمنة", "اسره امنه"),
        ("إلى مستشفى ٱلهلال", "الي مستشفي الهلال"),
        ("مسؤول في هيئة", "مسوول في هييه"),
        ("الماء ما زال", "الماء ما زال"),
        ("کتابی پیش چشم", "كتابي بيش جشم"),
        ("گلستان ڤيينا", "كلستان فيينا"),
        ("قامشلۆ ڕۆژ", "قامشلو روز"),
        ("ٹرین ڈاک پہاڑ جہاں", "ترين داك بهار جهان"),
        ("ﻻﺟﺊ ﷲ", "لاجي الله"),
        ("سُو\u0640\u0640ق", "سوق"),
        ("نقطة\u200f\u202b شمال\u200c", "نقطه شمال"),
        ("عام ٢٠٢٣ و۱۴", "عام 2023 و 14"),
        ("2023م", "2023 م"),
        ("Élysée KILIÇ Łódź", "elysee kilic lodz"),
        ("النبي ﷺ", "النبي"),
        ("", ""),
    ],
)
def test_fold_makes_spellings_of_a_word_equal(printed: str, expected: str) -> None:
    assert fold(printed) == expected


@pytest.mark.parametrize(
    ("printed", "word"),
    [
        ("دا-عش", "داعش"),
        ("د.ا.ع.ش", "داعش"),
        ("داع.ش", "داعش"),
        ("د*اعش", "داعش"),
        ("إر_هاب", "ارهاب"),
        ("عـ.ـاجـ.ـل", "عاجل"),
        ("هـ.ـجـ.ـوم", "هجوم"),
        ("تفـ-ـجير", "تفجير"),
    ],
)
def test_letters_parted_to_pass_a_censor_are_one_word(printed: str, word: str) -> None:
    assert fold(f"خبر {printed} اليوم") == f"خبر {word} اليوم"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("سوريا-تركيا", "سوريا تركيا"),
        ("أنقرة-دمشق", "انقره دمشق"),
        ("كان.قال", "كان قال"),
        ("انتهى.ثم عاد", "انتهي ثم عاد"),
        ("د.سامر", "د سامر"),
        ("بي.بي.سي", "بي بي سي"),
        ("#لا_للحرب", "لا للحرب"),
        ("حلب_و_حماة", "حلب و حماه"),
        ("ناشط.ة", "ناشط ه"),
        ("بيروت-أ.ف.ب", "بيروت افب"),
        ("1445هـ-قال", "1445 ه قال"),
        ("نعم..لا", "نعم لا"),
        ("كوفيد-19", "كوفيد 19"),
    ],
)
def test_words_with_a_mark_between_them_stay_apart(printed: str, expected: str) -> None:
    assert fold(printed) == expected


def test_a_token_spans_the_marks_inside_its_word_and_no_others() -> None:
    text = "«قُتل» دا-عش\u200f."
    assert list(tokens(text)) == [Token("قتل", 1, 5), Token("داعش", 7, 12)]


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_fold_is_the_tokens_joined_by_single_spaces(text: str) -> None:
    assert fold(text) == " ".join(token.text for token in tokens(text))


@given(ANY)
def test_spans_lie_in_the_text_in_order_and_fold_to_their_token(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert fold(text[token.start : token.end]) == token.text
        end = token.end


@given(ANY)
def test_no_word_reaches_over_a_space(text: str) -> None:
    spans, at = [], 0
    for part in text.split(" "):
        spans += [(at + start, at + end) for start, end in word_spans(part)]
        at += len(part) + 1
    assert spans == list(word_spans(text))


def test_a_letter_that_is_seen_to_be_plain_is_what_folding_makes_of_it() -> None:
    letters = [chr(code) for code in range(0x600, 0x700) if list(word_spans(chr(code)))]
    assert len(letters) > 100
    for letter in letters:
        marked = f"{letter}\u0640"  # a tatweel, so that it must be folded
        assert (fold_word(letter), careful_word(letter)) == (fold_word(marked), careful_word(marked))


@given(st.lists(ANY, max_size=5))
def test_sqlite_reads_exactly_our_tokens_from_folded_texts(texts: list[str]) -> None:
    assert fts5_terms([fold(text) for text in texts]) == {
        token.text for text in texts for token in tokens(text)
    }


def test_sqlite_agrees_on_every_character_of_the_basic_plane() -> None:
    words = {word for code in range(0x10000) for word in fold(chr(code)).split()}
    assert fts5_terms(sorted(words)) == words


def test_importing_the_fold_loads_neither_tables_nor_dates() -> None:
    program = "import sys, newsarchive.arabic.text; print([name for name in sys.modules if name.endswith(('tomllib', 'dates', 'clitics'))])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={})
    assert done.stdout.strip() == "[]"
