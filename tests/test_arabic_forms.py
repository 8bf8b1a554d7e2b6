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
        ("والسورية", "سورية سوريا"),
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


def test_forms_hold_nothing_twice_and_nothing_that_the_text_has() -> None:
    text = "وصل الوفد إلى دمشق، ثم غادر وفد آخر من دمشق والوفد الأول إلى بيروت"
    found = forms(text)
    assert len(found) == len(set(found))
    assert not set(found) & (set(fold(text).split()) | set(text.split()))


def data(name: str) -> list[str]:
    text = Path(expansion.__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


ENDINGS = ("", "ة", "ا", "ون", "ين", "و", "ي", "ان", "ات", "ية")
GROUPS = [
    [word + ending for word in line.removeprefix("+").split()]
    for line in data("variants.txt")
    for ending in (ENDINGS if line.startswith("+") else ENDINGS[:1])
]


def test_no_spelling_stands_in_two_groups_and_all_differ_when_folded() -> None:
    folded = [fold_word(word) for group in GROUPS for word in group]
    assert len(folded) == len(set(folded)) > 800


def test_every_listed_spelling_is_found_by_each_other_of_its_group_with_and_without_the_article() -> None:
    for group in GROUPS:
        for word in group:
            others = set(group) - {word}
            assert len(others) == len(group) - 1 > 0
            assert others <= set(forms(word)), word
            assert others <= set(forms(f"ال{word}")), word


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
