"""The further words by which a text is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.arabic import expansion, fold, fold_word, forms

WORDS = st.text("ابتدسعشمنيىةءأإؤئكلوف \u0651", max_size=40)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("لداعش", "داعش"),
        ("بالإرهاب", "ارهاب الارهاب إرهاب الإرهاب"),
        ("للأسد", "اسد الاسد الأسد"),
        ("وبالأمن", "بالامن الامن امن أمن"),
        ("وللأمن", "للامن الامن امن"),
        ("للغة", "لغه لغة"),
        ("للبنان", "لبنان"),
        ("والرقة", "الرقه رقه رقة"),
        ("ولبنان", "لبنان"),
        ("فقال", "قال"),
        ("كرئيس", "رئيس رييس"),
        ("الدم", "دم"),
        ("الهيئة", "هيئة هيئه هييه"),
        ("القوات", "قوات"),
        ("الغاز", "غاز"),
        ("والله", "الله"),
        ("بإيران", "ايران إيران"),
        ("وبإدلب", "ادلب بادلب"),
        ("لقوات", "قوات"),
        ("للسوريين", "السوريين سوريين"),
    ],
)
def test_a_word_is_found_without_its_clitics(printed: str, typed: str) -> None:
    assert set(typed.split()) <= set(forms(printed))


@pytest.mark.parametrize(
    ("printed", "never"),
    [
        ("كتاب", "تاب"),
        ("الكتاب", "تاب"),
        ("لبنان", "بنان"),
        ("اللبنانيين", "بنانيين"),
        ("وزارة", "زاره"),
        ("وزاراتها", "زاراتها"),
        ("بلد", "لد"),
        ("ولد", "لد"),
        ("ورقة", "رقه"),
        ("كامل", "امل"),
        ("فراس", "راس"),
        ("كريم", "ريم"),
        ("وسام", "سام"),
        ("بعيد", "عيد"),
        ("لجنة", "جنه"),
        ("واحد", "احد"),
        ("وردت", "ردت"),
        ("والده", "ده"),
        ("الله", "له"),
        ("ألمانيا", "مانيا"),
        ("المانيا", "مانيا"),
        ("إلغاء", "غاء"),
        ("الذي", "ذي"),
        ("كردستان", "ردستان"),
        ("فلسطين", "لسطين"),
    ],
)
def test_a_letter_of_the_root_is_no_clitic(printed: str, never: str) -> None:
    assert never not in forms(printed)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("سوريا", "سوريه سورية"),
        ("سورية", "سوريا"),
        ("وسورية", "سورية سوريا"),
        ("الأميركيين", "امريكيين الامريكيين الأمريكيين"),
        ("أميركية", "امريكيه أمريكية امريكية"),
        ("ديموقراطية", "ديمقراطيه ديمقراطية"),
        ("مسؤول", "مسئول"),
        ("لغوغل", "جوجل"),
        ("القامشلو", "قامشلي القامشلي"),
        ("غوتيريش", "غوتيريس جوتيريش"),
        ("شؤون", "شئون"),
    ],
)
def test_a_word_is_found_in_its_other_spellings(printed: str, typed: str) -> None:
    assert set(typed.split()) <= set(forms(printed))


def test_an_adjective_is_no_spelling_of_its_country() -> None:
    assert "تركيا" not in forms("الحكومة التركية")


def test_a_word_is_found_as_it_is_typed_without_hamza_or_with_a_plain_ending() -> None:
    assert {"اسلامية", "ادارة"} <= set(forms("حركة إسلامية والإدارة"))
    assert "هيئه" in forms("هيئة محلية")


def test_a_word_printed_with_harakat_is_found_by_its_careful_spelling() -> None:
    assert {"مدرسة"} <= set(forms("مُدرّسة"))


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("القوات السورية", "سوريا سورية سوريه"),
        ("والسورية", "سوريا سورية"),
        ("مواطناً سورياً", "سوريا سورية"),
        ("لجندياً تركيًا", "تركيا"),
        ("والحماة", "حماة حماه"),
    ],
)
def test_a_name_is_not_found_in_an_adjective_or_another_word_that_looks_like_it(
    printed: str, typed: str
) -> None:
    assert not {*forms(printed), *fold(printed).split()} & set(typed.split())


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("للسوريا ولسورية", "سوريا سورية"),
        ("مدينة ديرالزور", "دير الزور"),
        ("دير الزور", "ديرالزور"),
        ("قامشلو", "القامشلي القامشلو"),
        ("وزارتي الصحة والداخلية", "وزارة وزاره"),
        ("في ايران والحسكه", "إيران الحسكة"),
    ],
)
def test_a_name_is_found_however_it_is_printed(printed: str, typed: str) -> None:
    assert set(typed.split()) <= {*forms(printed), *fold(printed).split()}


def test_forms_hold_nothing_twice_and_nothing_that_the_text_has() -> None:
    text = "وصل الوفد إلى دمشق، ثم غادر وفد آخر من دمشق والوفد الأول إلى بيروت"
    found = forms(text)
    assert len(found) == len(set(found))
    assert not set(found) & (set(fold(text).split()) | set(text.split()))


def data(name: str) -> list[str]:
    text = Path(expansion.__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_only_listed_words_take_endings_and_only_the_listed_ones() -> None:
    assert not {"سورياون", "سوريةون"} & set(forms("سورياون سوريةون"))
    assert "أميركيتنا" not in forms("أمريكيتنا")


def test_the_words_with_a_clitic_of_their_own_are_kept_folded_and_once() -> None:
    words = [word for line in data("rooted.txt") for word in line.split()]
    assert words == [fold_word(word) for word in words]
    assert len(words) == len(set(words)) > 3000


def test_latin_words_and_numbers_have_no_forms() -> None:
    assert forms("BBC 2023 covid-19") == []


@given(st.text(max_size=40) | WORDS)
def test_forms_are_single_words_that_fold_to_one_word_and_never_fail(text: str) -> None:
    for form in forms(text):
        assert len(fold(form).split()) == 1


@given(WORDS)
def test_forms_never_repeat_a_word_of_the_folded_text(text: str) -> None:
    assert not set(forms(text)) & set(fold(text).split())


@given(text=st.text(alphabet="اوفبكللتنيهةءأإآى\u064b\u0640- ", max_size=24))
def test_no_arabic_text_makes_the_forms_fail(text: str) -> None:
    assert all(form == form.strip() != "" for form in forms(text))


def test_the_alef_of_a_tanwin_is_no_part_of_the_word() -> None:
    assert "قاموس" in forms("قاموساً")
    assert "قاموس" in forms("قاموسًا")
    assert "عاما" not in forms("عاماً")
    assert forms("اً") == []
